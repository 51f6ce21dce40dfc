"""Resources that apply forgets: no longer managed, but still there and still in effect."""

from __future__ import annotations

from revet.model.errors import UnknownValueError
from revet.plan.inventory import Inventory
from revet.plan.resource import Resource


def still_attached(
    inventory: Inventory, kind: str, via: str, names: tuple[object, ...]
) -> tuple[Resource, ...]:
    """What stays attached to a resource although the plan forgets it (`removed`, not destroyed).

    Args:
        inventory: to look in.
        kind: Terraform type of what is forgotten.
        via: its attribute that names the resource.
        names: ids of the resource; whatever is no text is left out.

    Raises:
        UnknownValueError: the plan does not say of one what it is attached to.
    """
    known = dict.fromkeys(name for name in names if isinstance(name, str) and name)
    if not known or not inventory.deleted:
        return ()
    left = inventory.forgotten(kind, via)
    for item in left.get("", ()):
        raise UnknownValueError(
            f"{item.address}.{via}",
            why="apply forgets it, and the plan does not show what it is attached to",
            resolve="destroy it instead, or keep it in the configuration",
        )
    return tuple(item for name in known for item in left.get(name, ()))
