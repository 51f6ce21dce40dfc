"""What the name of a bucket says: whose it is, and where."""

from __future__ import annotations

import re

from revet.iam.reference.regions import all_regions
from revet.iam.symbol import around_symbols, is_exact, replace_symbols, symbols
from revet.plan import Inventory, Resource
from revet.plan.own_account import callers
from revet.plan.values import Symbolic

_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_DATA = re.compile(r"(?P<address>.+)\.(?:account_id|id)")
_OF_THE_ACCOUNT = "own-account"


def name_fault(bucket: Resource, path: str, inventory: Inventory) -> str:
    """What the name of a bucket lacks of account and region, in words; empty for nothing.

    Args:
        bucket: an `aws_s3_bucket`.
        path: of its name, or of what that begins with, which is set.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known.
    """
    value = bucket.get(path)
    if isinstance(value, Symbolic) and value.strong and value.template:
        text = replace_symbols(value.template, lambda inner: _word(inner, bucket, inventory))
        open_ = bool(symbols(text))
        known = around_symbols(text)
    else:
        text = known = f"{value}"  # refuses to be looked at where it is not known
        open_ = False
    shown = text.replace(_OF_THE_ACCOUNT, "ACCOUNT")
    for lacking, doubt in (_account(known, bucket, inventory), _region(known, bucket)):
        if lacking and open_:
            why = f"the plan shows no more of the name than `{shown}`"
            raise bucket.doubt(path, why, "see what `revet verify` says of it once it is deployed")
        if doubt:
            raise bucket.doubt(path, f"in `{shown}`, {doubt}", "judge the plan, or the account")
        if lacking:
            return f"`{shown}` {lacking}"
    return ""


def _word(inner: str, bucket: Resource, inventory: Inventory) -> str:
    """The account's id in place of a reference to it; another reference stays."""
    match = _DATA.fullmatch(inner) if is_exact(inner) else None
    own = {source.address for source in callers(bucket.identity, inventory)}
    return _OF_THE_ACCOUNT if match and match["address"] in own else f"${{{inner}}}"


def _account(text: str, bucket: Resource, inventory: Inventory) -> tuple[str, str]:
    """What is lacking, and what is not known."""
    account = inventory.account_of(bucket)
    found = _ACCOUNT.findall(text)
    if _OF_THE_ACCOUNT in text or (account and account in found):
        return "", ""
    if found and not account:
        return "", f"whether `{found[0]}` is the id of the account is not known"
    return "does not hold the account's id", ""


def _region(text: str, bucket: Resource) -> tuple[str, str]:
    own = bucket.get("region")
    region = own if isinstance(own, str) and own else bucket.provider_region
    named = [one for one in all_regions() if re.search(rf"(?<![a-z0-9]){one}(?![0-9])", text)]
    if region and region in named:
        return "", ""
    if named and not region:
        return "", f"whether the bucket is in `{named[0]}` is not known"
    return "does not hold its region", ""
