"""Prefix lists: what a rule that names one is open to.

Source: provider documentation of `aws_ec2_managed_prefix_list`, whose blocks `entry` are filled in
by the provider where none is written, and of `aws_ec2_managed_prefix_list_entry`, which adds one to
a list of this plan or of another; the two do not go together.
"""

from __future__ import annotations

from revet.gate.readings.ec2.address_ranges import range_of, whole_internet
from revet.gate.readings.needed import members_of
from revet.model.errors import UnknownValueError
from revet.plan import Computed, Inventory, Resource, Undecided
from revet.plan.element_paths import blocks
from revet.plan.recognized import is_id_of

_LIST = "aws_ec2_managed_prefix_list"
_ENTRY = f"{_LIST}_entry"
_VIA = "prefix_list_id"


def list_ranges(resource: Resource, path: str, inventory: Inventory) -> tuple[str, ...]:
    """The ranges in a prefix list that is named, as far as the inventory knows them.

    Args:
        resource: a rule of a security group.
        path: of the one id.
        inventory: it belongs to.

    Returns:
        What a list of the inventory holds; of another list what the inventory adds to it.

    Raises:
        UnknownValueError: it is not known which list it is, or what is in it.
    """
    prefixes = inventory.target(resource, path)
    if prefixes is not None:
        return _held(prefixes, inventory) if prefixes.type == _LIST else ()
    named = resource.get(path)
    if isinstance(named, Undecided):
        named.refuse()
    inventory.require(_LIST, resource.provider_region)
    if not is_id_of(_LIST, named):
        raise _no_id(resource, path, named)
    return _added(str(named), inventory)


def ranges_of_lists(resource: Resource, path: str, inventory: Inventory) -> tuple[str, ...]:
    """The same for a list of ids, also where a plan of HCL shows it only by its references.

    Ids that are written out beside them are those of lists outside the plan, which count as closed.

    Raises:
        UnknownValueError: it is not known which lists they are, or what is in one.
    """
    value = resource.get(path)
    if isinstance(value, Computed):
        return ()
    if not isinstance(value, Undecided):
        paths = (f"{path}.{number}" for number in range(len(value or ())))
        return tuple(one for item in paths for one in list_ranges(resource, item, inventory))
    members = members_of(resource, path, inventory)
    held = [_held(item, inventory) for item in members.resources if item.type == _LIST]
    found = tuple(one for ranges in held for one in ranges)
    certain = members.every or all(map(whole_internet, held))
    if not certain and whole_internet(found):
        value.refuse()
    return found


def _held(prefixes: Resource, inventory: Inventory) -> tuple[str, ...]:
    entries = inventory.attached(prefixes, _ENTRY, via=_VIA, every=True)
    apart = [range_of(entry, "cidr") for entry in entries]
    written = prefixes.get("entry")
    if isinstance(written, Computed):
        if not entries:
            raise UnknownValueError(
                written.path,
                why="the plan shows no entry of the list; there may be a `dynamic` block",
                resolve="write the entries out, or as `aws_ec2_managed_prefix_list_entry`",
            )
        return tuple(apart)
    inside = (range_of(prefixes, f"{block}.cidr") for block in blocks(prefixes, "entry"))
    return (*apart, *inside)


def _no_id(resource: Resource, path: str, value: object) -> UnknownValueError:
    why = f"`{value}` is not the id of a prefix list"
    return resource.doubt(path, why, "write it as `pl-0123456789abcdef0`")


def _added(named: str, inventory: Inventory) -> tuple[str, ...]:
    """What the inventory adds to a list outside of it, or a data source found in it."""
    ranges: list[str] = []
    for entry in inventory.of_type(_ENTRY):
        value = entry.get(_VIA)
        if isinstance(value, Undecided):
            inventory.target(entry, _VIA)  # refuses where it may be the list
        elif not is_id_of(_LIST, value) and inventory.target(entry, _VIA) is None:
            raise _no_id(entry, _VIA, value)
        elif value == named:
            ranges.append(range_of(entry, "cidr"))
    for source in inventory.data.values():
        if source.type == _LIST and not isinstance(source.get("id"), Undecided):
            count = len(source.get("entries") or ()) if source.get("id") == named else 0
            ranges += [range_of(source, f"entries.{number}.cidr") for number in range(count)]
    return tuple(ranges)
