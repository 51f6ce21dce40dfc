"""A statement id has only letters and digits."""

from __future__ import annotations

from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import ALL, PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.sids import sid_of
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject, types=ALL - {PolicyType.RESOURCE})
def unsupported_sid(statement: StatementSubject) -> Hits:
    """Anything but A to Z, a to z and 0 to 9.

    AWS's page names no policy types. The policies of resources are left out, since the services
    that keep them take more: the key policy that KMS itself makes has an id with spaces (AWS KMS
    Developer Guide, "Default key policy").

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    sid = sid_of(statement)
    if sid and not (sid.isascii() and sid.isalnum()) and not has_symbol(sid):
        yield hit(
            f"The statement id {quoted(sid)} has characters other than letters and digits. Remove "
            "them.",
            statement.element_place("Sid"),
        )
