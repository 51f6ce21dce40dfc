"""A wildcard stands at the end of an action of a service control policy."""

from __future__ import annotations

from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ActionSubject


@check(Level.ERROR, subject=ActionSubject, types=frozenset({PolicyType.SCP}))
def scp_syntax_error_action_wildcard(action: ActionSubject) -> Hits:
    """`*` before the end of `Action` or `NotAction`; `?` is not spoken of.

    Uncertain: since September 2025 Organizations itself takes a wildcard anywhere in an action
    (AWS Security Blog, "Unlock new possibilities: AWS Organizations service control policy now
    supports full IAM language"). AWS's page of findings still lists this one, with `iam:*role` as
    its example, while it dropped the findings on the other restrictions that fell then. It stays
    here for as long as it stays there.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    text = action.text
    if "*" in text[:-1] and not has_symbol(text):
        yield hit(
            f"{quoted(text)} has a wildcard before its end, which Access Analyzer does not take in "
            "a service control policy. List the actions.",
            action.place,
        )
