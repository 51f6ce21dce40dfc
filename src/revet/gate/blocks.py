"""How many blocks of a kind a resource has."""

from __future__ import annotations

from revet.plan import Resource


def blocks(resource: Resource, path: str) -> tuple[str, ...]:
    """The paths of the elements under a path, `rule` → `rule.0`, `rule.1`, ….

    Args:
        resource: whose blocks.
        path: of a block or of a list.

    Returns:
        Nothing where the user wrote none.

    Raises:
        UnknownValueError: it is not known how many there are.
    """
    if not resource.is_set(path):
        return ()
    return tuple(f"{path}.{number}" for number in range(len(resource.get(path))))
