"""How large a policy is, in the way that a quota counts it.

What a reference to a resource that does not exist yet will stand for is not known; it counts as
nothing, so that a policy that is found too large will be too large.
"""

from __future__ import annotations

from revet.iam.symbol import around_symbols
from revet.iam.validate.subject import PolicySubject

WHITESPACE = " \t\r\n"


def characters(policy: PolicySubject, quota: int) -> int:
    """Characters of the policy's text, white space included.

    Args:
        policy: the policy.
        quota: a text that is no longer than it is not measured exactly.
    """
    text = policy.json.text
    return len(text) if len(text) <= quota else len(around_symbols(text))


def characters_without_whitespace(policy: PolicySubject, quota: int) -> int:
    """Characters of the policy's text that are no white space.

    Args:
        policy: the policy.
        quota: a text that is no longer than it is not measured exactly.
    """
    text = policy.json.text
    if len(text) <= quota:
        return len(text)
    text = around_symbols(text)
    return len(text) - sum(map(text.count, WHITESPACE))
