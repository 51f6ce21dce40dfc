"""Answers that rest on a policy which is marked sensitive: the verdict stands, the words do not.

An explanation quotes what it found. Nothing of it is kept but the names of findings, the addresses
and the paths, so that no rule can forget to leave something out.
"""

from __future__ import annotations

from dataclasses import replace

from revet.model.finding import Outcome, Status, quoted

_WORDS = {
    Status.PASS: "it is as required",
    Status.FAIL: "it is not as required",
    Status.UNKNOWN: "whether it is as required is not known",
}


def without_words(answer: Outcome | str, sensitive: tuple[str, ...]) -> Outcome | str:
    """An answer, or the text of a problem, without anything that a policy says.

    Args:
        answer: the rule's.
        sensitive: address and path of each sensitive policy that was read for it; at least one.
    """
    names = quoted(sensitive)
    if isinstance(answer, str):
        return f"the rule gave no answer; why is not shown, because {names} is sensitive"
    found = f": {', '.join(answer.codes)}" if answer.codes else ""
    why = f"{_WORDS[answer.status]}{found}; {names} is sensitive, and what it says is not shown"
    resolve = "look at the policy itself, or do not mark it sensitive" if answer.resolve else ""
    return replace(answer, why=why, resolve=resolve)
