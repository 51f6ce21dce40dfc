"""Statement ids of a policy."""

from __future__ import annotations

from revet.iam.policy_type import ALL, OF_IDENTITIES, PolicyType
from revet.iam.symbol import has_symbol
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.written import WrittenPolicy, WrittenStatement

_UNIQUE = OF_IDENTITIES | {PolicyType.TRUST}
"""Policies whose statement ids must differ: those that IAM itself keeps.

Source: IAM User Guide, "IAM JSON policy elements: Sid". Whether AWS counts the policies of
Organizations among them is not documented; here they are not.
"""


def _repeated(policy: WrittenPolicy, advice: str) -> Hits:
    """One finding for each id that repeats, with all its places; an empty id is none."""
    if len(policy.statements) == 1:
        return
    found: dict[str, list[WrittenStatement]] = {}
    for statement in policy.statements:
        sid = statement.string_of("Sid")
        if sid:
            found.setdefault(sid, []).append(statement)
    if len(found) == len(policy.statements):
        return
    for sid, statements in found.items():
        if len(statements) > 1:
            yield hit(
                f"{len(statements)} statements have the id {quoted(sid)}{advice}",
                *(statement.elements["Sid"].place for statement in statements),
            )


@check(Level.SUGGESTION)
def empty_sid_value(statement: WrittenStatement) -> Hits:
    """A statement id that is there says something.

    An empty string.
    """
    if statement.string_of("Sid") == "":
        yield hit(
            "The statement id is empty. Give it a value, or remove Sid.",
            statement.elements["Sid"].place,
        )


@check(Level.ERROR, types=ALL - {PolicyType.RESOURCE})
def unsupported_sid(statement: WrittenStatement) -> Hits:
    """A statement id has only letters and digits.

    Anything but A to Z, a to z and 0 to 9.

    AWS's page names no policy types. The policies of resources are left out, since the services
    that keep them take more: the key policy that KMS itself makes has an id with spaces (AWS KMS
    Developer Guide, "Default key policy").
    """
    sid = statement.string_of("Sid")
    if sid and not (sid.isascii() and sid.isalnum()) and not has_symbol(sid):
        yield hit(
            f"The statement id {quoted(sid)} has characters other than letters and digits. Remove "
            "them.",
            statement.elements["Sid"].place,
        )


@check(Level.ERROR, types=_UNIQUE)
def unique_sids_required(policy: WrittenPolicy) -> Hits:
    """IAM takes a policy only when its statement ids differ."""
    return _repeated(policy, ", which IAM refuses. Give each its own Sid.")


@check(Level.WARNING, types=ALL - _UNIQUE)
def unique_sids_recommended(policy: WrittenPolicy) -> Hits:
    """Statement ids should differ where AWS does not require it."""
    return _repeated(policy, ". Give each its own Sid, so that it tells them apart.")
