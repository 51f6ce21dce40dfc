"""Calls with the wrong arguments."""

from __future__ import annotations

import re

from revet.synth.diagnosis.users_code import Diagnosis, find_callable, near, parameters, shown

_UNKNOWN = re.compile(r"([\w.<>]+)\(\) got an unexpected keyword argument '(\w+)'")
_MISSING = re.compile(r"([\w.<>]+)\(\) missing \d+ required (?:positional|keyword-only) argument")
_COUNT = re.compile(r"([\w.<>]+)\(\) takes .*positional arguments?.* (?:was|were) given")
_TWICE = re.compile(r"([\w.<>]+)\(\) got multiple values for argument '(\w+)'")
_POSITIONAL = re.compile(r"([\w.<>]+)\(\) got some positional-only arguments passed as keyword")
_NONE_TAKEN = re.compile(r"(\w+)\(\) takes no (?:keyword )?arguments")
_TYPE = re.compile(r"type of argument (\w+) must be (.+); got (.+) instead", re.DOTALL)
_FEW = 12


def of_call(error: BaseException) -> Diagnosis | None:
    """What is wrong with the arguments of a call; None for another error."""
    if not isinstance(error, TypeError):
        return None
    text = str(error)
    if found := _UNKNOWN.match(text):
        return _unknown(found[1], found[2], error)
    for pattern in (_MISSING, _COUNT, _TWICE, _POSITIONAL, _NONE_TAKEN):
        if found := pattern.match(text):
            called = find_callable(found[1], error)
            return Diagnosis(
                "a call does not fit what it calls",
                got=text,
                expected=shown(called) if called is not None else "the arguments that it takes",
                do=f"`help({_name(found[1])})` describes them",
            )
    if found := _TYPE.match(text):
        return Diagnosis(
            f"the argument `{found[1]}` has a wrong type",
            got=found[3].strip(),
            expected=found[2].strip(),
            do="pass a value of that type",
        )
    return None


def _unknown(qualified: str, keyword: str, error: BaseException) -> Diagnosis:
    called = find_callable(qualified, error)
    known = parameters(called) if called is not None else []
    close = near(keyword, known)
    name = _name(qualified)
    listed = [*close, *(item for item in known if item not in close)]
    more = f" and {len(listed) - _FEW} more" if len(listed) > _FEW else ""
    return Diagnosis(
        f"`{name}` has no argument `{keyword}`",
        got=f"`{keyword}=`",
        expected=(", ".join(f"`{item}`" for item in listed[:_FEW]) + more)
        or "the arguments that it takes",
        do=f"did you mean `{close[0]}`?" if close else f"`help({name})` describes them",
    )


def _name(qualified: str) -> str:
    return qualified.replace(".__init__", "").rsplit("<locals>.", 1)[-1]
