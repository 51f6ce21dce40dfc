"""Resources that apply forgets: no longer managed, but still there and still in effect."""

from __future__ import annotations

from revet.plan import Plan, Resource


def forgotten(plan: Plan, kind: str, via: str, names: tuple[object, ...]) -> tuple[Resource, ...]:
    """What stays attached to a resource although the plan forgets it (`removed`, not destroyed).

    Args:
        plan: to look in.
        kind: Terraform type of what is forgotten.
        via: its attribute that names the resource.
        names: ids of the resource; whatever is no text is left out.
    """
    known = {name for name in names if isinstance(name, str) and name}
    return tuple(
        item
        for item in plan.deleted.values()
        if item.type == kind and item.actions == ("forget",) and _value(item, via) in known
    )


def _value(item: Resource, via: str) -> str:
    value = item.get(via)
    return value if isinstance(value, str) else ""
