"""Prefix lists: what a rule that names one is open to.

Source: provider documentation of `aws_ec2_managed_prefix_list`, whose blocks `entry` are filled in
by the provider where none is written, and of `aws_ec2_managed_prefix_list_entry`, which adds one to
a list of this plan or of another; the two do not go together.
"""

from __future__ import annotations

import re

from revet.gate.blocks import blocks
from revet.gate.joins import every_attached
from revet.gate.ranges import range_of, whole_internet
from revet.model.errors import UnknownValueError
from revet.plan import Computed, Inventory, Members, Resource, Undecided

_LIST = "aws_ec2_managed_prefix_list"
_ENTRY = f"{_LIST}_entry"
_VIA = "prefix_list_id"
# Source: EC2 User Guide, "Resource IDs": 8 or 17 hexadecimal digits.
_ID = re.compile(r"pl-(?:[0-9a-f]{8}|[0-9a-f]{17})")


def open_list(resource: Resource, path: str, inventory: Inventory) -> str:
    """The ranges that make a named prefix list the whole internet; empty when it is not.

    Args:
        resource: a rule of a security group.
        path: of the one id.
        inventory: it belongs to.

    Raises:
        UnknownValueError: the plan does not show which list it is, or what is in it.
    """
    prefixes = inventory.target(resource, path)
    if prefixes is not None:
        return _of_plan(prefixes, inventory) if prefixes.type == _LIST else ""
    named = resource.get(path)
    if isinstance(named, Undecided):
        named.refuse()
    if not _ID.fullmatch(str(named)):
        raise UnknownValueError(
            f"{resource.address}.{path}",
            why=f"`{named}` is not the id of a prefix list",
            resolve="write it as `pl-0123456789abcdef0`",
        )
    return _of_another(str(named), inventory)


def open_lists(resource: Resource, path: str, inventory: Inventory) -> str:
    """The same for a list of ids, also where a plan of HCL shows it only by its references.

    Ids that are written out beside them are those of lists outside the plan, which count as closed.

    Raises:
        UnknownValueError: the plan does not show which lists they are, or what is in one.
    """
    value = resource.get(path)
    if isinstance(value, Computed):
        return ""
    if not isinstance(value, Undecided):
        found = (open_list(resource, f"{path}.{n}", inventory) for n in range(len(value or ())))
        return next(filter(None, found), "")
    members = inventory.members(resource, path) or Members(
        inventory.targets(resource, path), every=True
    )
    wide = [_of_plan(item, inventory) if item.type == _LIST else "" for item in members.resources]
    if any(wide) and not (members.every or all(wide)):
        value.refuse()
    return next(filter(None, wide), "")


def _of_plan(prefixes: Resource, inventory: Inventory) -> str:
    entries = every_attached(prefixes, inventory, _ENTRY, via=_VIA)
    apart = [range_of(entry, "cidr") for entry in entries]
    written = prefixes.get("entry")
    if isinstance(written, Computed):
        if not entries:
            raise UnknownValueError(
                written.path,
                why="the plan shows no entry of the list; there may be a `dynamic` block",
                resolve="write the entries out, or as `aws_ec2_managed_prefix_list_entry`",
            )
        return whole_internet(apart)
    inside = [range_of(prefixes, f"{block}.cidr") for block in blocks(prefixes, "entry")]
    return whole_internet(apart + inside)


def _of_another(named: str, inventory: Inventory) -> str:
    """What the plan adds to a list outside of it, or a data source found in it."""
    ranges: list[str] = []
    for entry in inventory.of_type(_ENTRY):
        value = entry.get(_VIA)
        if isinstance(value, Undecided):
            inventory.target(entry, _VIA)  # refuses where it may be the list
        elif value == named:
            ranges.append(range_of(entry, "cidr"))
    for source in inventory.data.values():
        if source.type == _LIST and not isinstance(source.get("id"), Undecided):
            count = len(source.get("entries") or ()) if source.get("id") == named else 0
            ranges += [range_of(source, f"entries.{number}.cidr") for number in range(count)]
    return whole_internet(ranges)
