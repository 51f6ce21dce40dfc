"""What a role can still do outside of some regions, whatever it is granted.

It is asked as one question of the prover: everything that may be granted, less what the role's
policies deny, within its permissions boundary; is any of that outside of the regions? A denial that
asks for more than the region, leaves a service out, or does not meet a spelling of a region leaves
a request through, which is the answer.

Sources: IAM User Guide, "Denies access to AWS based on the requested Region", "AWS global condition
context keys" (`aws:RequestedRegion` is in every request).
"""

# ruff: noqa: PLC0415 - the prover is loaded where it is needed

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.reference.global_services import GLOBAL_ACTIONS
from revet.iam.reference.regions import all_regions

_REGION = "aws:RequestedRegion"
_VERSION = "2012-10-17"
_ANYTHING: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known of requests outside of some regions.

    Args:
        proved: whether all of them are denied.
        request: one that is not, in words; empty where none is known.
        doubt: why neither is known.
    """

    proved: bool
    request: str = ""
    doubt: str = ""


def outside_of(
    policies: Iterable[PolicyDocument],
    boundary: PolicyDocument | None,
    regions: Iterable[str],
    exempt: Iterable[str],
) -> Outside:
    """Whether policies and a boundary deny whatever is outside of some regions.

    Args:
        policies: of the role.
        boundary: its permissions boundary.
        regions: that are used.
        exempt: actions that may be asked for anywhere, beside those of global services.
    """
    from revet.iam.account import AccountPicture
    from revet.iam.prove.checks import CheckResult, check_no_new_access
    from revet.iam.prove.grounded import Ground

    ground = Ground(AccountPicture(""))
    given = [ground.document(document) for document in policies]
    limit = None if boundary is None else ground.document(boundary)
    read = [*given, *(() if limit is None else (limit,))]
    odd = [document for document in read if _content(document) is None]
    denials = [one for document in read for one in _statements(document, "Deny")]
    limits = [_ANYTHING] if limit is None or limit in odd else _statements(limit, "Allow")
    left, meant = _document([*limits, *denials]), _document(_meant(regions, exempt))
    check = check_no_new_access(left, meant)
    if check.result is CheckResult.PASS:
        return Outside(proved=True)
    if check.result is CheckResult.UNKNOWN:
        said = "; ".join(ground.shown(reason.description) for reason in check.reasons)
        return Outside(proved=False, doubt=said)
    if odd:
        return Outside(proved=False, doubt="one of its policies cannot be joined with the others")
    guessed = [inner for inner, made in ground.guessed() if f'"{made}"' in _conditions(read)]
    if guessed:
        return Outside(proved=False, doubt=f"what `{guessed[0]}` is, is not known yet")
    witness = check.witness
    context = {} if witness is None else {k.lower(): v for k, v in witness.context.items()}
    action = "anything" if witness is None else witness.action
    where = context.get(_REGION.lower())
    place = where[0] if isinstance(where, list | tuple) else where
    known = f"`{place}`" if place in all_regions() else "other regions"
    return Outside(proved=False, request=f"`{action}` in {known}")


def _conditions(documents: Iterable[PolicyDocument]) -> str:
    """The conditions of all statements, as JSON."""
    found = (one.get("Condition") for document in documents for one in _content(document) or ())
    return json.dumps(list(found))


def _meant(regions: Iterable[str], exempt: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What may be left: anything in the regions, and what answers in one for all."""
    yield {**_ANYTHING, "Condition": {"StringEquals": {_REGION: list(regions)}}}
    yield {**_ANYTHING, "Condition": {"Null": {_REGION: "true"}}}
    yield {**_ANYTHING, "Action": sorted({*GLOBAL_ACTIONS, *exempt})}


def _statements(document: PolicyDocument, effect: str) -> list[dict[str, Any]]:
    return [one for one in _content(document) or () if one.get("Effect") == effect]


def _content(document: PolicyDocument) -> list[dict[str, Any]] | None:
    """The statements of a document as written; `None` where they cannot stand beside others.

    A policy of the old version knows no variables, and the joined one does; what has a key twice or
    an element of another kind is one that AWS would not take.
    """
    if document.oddities or (document.version != _VERSION and "${" in document.text):
        return None
    try:
        content = json.loads(document.text)
    except (ValueError, RecursionError):  # what only our own reader takes
        return None
    found = content.get("Statement", []) if isinstance(content, dict) else []
    listed = found if isinstance(found, list) else [found]
    return [one for one in listed if isinstance(one, dict)]


def _document(statements: Iterable[dict[str, Any]]) -> PolicyDocument:
    numbered = [{key: value for key, value in one.items() if key != "Sid"} for one in statements]
    return parse_policy(json.dumps({"Version": _VERSION, "Statement": numbered}))
