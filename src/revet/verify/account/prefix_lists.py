"""Managed prefix lists with their entries, which stand in the list and beside it.

Those of AWS's own and those that another account shares are what the provider's data source finds;
the entries of AWS's own, its services' addresses, are not asked for. Sources: EC2 API Reference,
`DescribeManagedPrefixLists` and `GetManagedPrefixListEntries`; the provider's documentation has
`LIST,CIDR` as the id of an entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import EVERY, Observed
from revet.verify.api import Api, Parts
from revet.verify.listing import listed_by
from revet.verify.parts import tagged

_LIST = "aws_ec2_managed_prefix_list"
_ENTRY = f"{_LIST}_entry"
_OF_AWS = "AWS"


def _list(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, owner, parts = item["PrefixListId"], item["OwnerId"], Parts()
    values: dict[str, Any] = {
        "id": name,
        "arn": item["PrefixListArn"],
        "name": item["PrefixListName"],
        "address_family": item.get("AddressFamily"),
        "max_entries": item.get("MaxEntries"),
        "version": item.get("Version"),
        "owner_id": owner,
    }
    if owner == _OF_AWS:
        yield Observed(_LIST, name, values, region, mode="data")
        return
    ask = api.about("ec2", region, PrefixListId=name)
    own = owner == api.account
    values |= tagged(item.get("Tags")) if own else {}
    member = "entry" if own else "entries"
    said = parts.answer(lambda: ask("get_managed_prefix_list_entries"), member)
    if parts.gone:
        return
    entries = [
        {"cidr": entry["Cidr"], "description": entry.get("Description", "")}
        for entry in said.get("Entries", ())
    ]
    mode = "managed" if own else "data"
    yield Observed(_LIST, name, values | {member: entries}, region, None, parts.unknown, mode=mode)
    if not own:
        return
    known = {"prefix_list_id": name}
    for mark in parts.unknown.values():
        yield Observed(_ENTRY, EVERY, {}, region, mark)
    for entry in entries:
        own_id = f"{name},{entry['cidr']}"
        yield Observed(_ENTRY, own_id, {"id": own_id, **known, **entry}, region)


LISTS = listed_by(
    "ec2",
    "DescribeManagedPrefixLists",
    "PrefixLists",
    type=_LIST,
    key="PrefixListId",
    read=_list,
    parts=(_ENTRY,),
    more=("GetManagedPrefixListEntries",),
)
