"""The account of an ARN has 12 digits."""

from __future__ import annotations

import re

from revet.iam.reference import Place
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ResourceSubject
from revet.iam.validate.variables import OPENING

_DIGITS = 12
_PATTERN = re.compile(r"[0-9?*]*")
_AWS = "aws"
"""Stands in ARNs of what AWS itself owns, such as managed policies."""


@check(Level.ERROR, subject=ResourceSubject)
def invalid_arn_account(resource: ResourceSubject) -> Hits:
    """Something else where an account is allowed.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    read = resource.read
    if read is None:
        return
    account = read.arn.account
    if account in ("", "*", _AWS) or OPENING in account or _can_be_account(account):
        return
    places = read.places
    if places is not None and (places.account is Place.EMPTY or read.is_literal("account")):
        return
    yield hit(
        f"The account {quoted(account)} is none: accounts have {_DIGITS} digits.",
        read.place("account"),
    )


def _can_be_account(pattern: str) -> bool:
    if _PATTERN.fullmatch(pattern) is None:
        return False
    least = len(pattern) - pattern.count("*")
    return least == _DIGITS if "*" not in pattern else least <= _DIGITS
