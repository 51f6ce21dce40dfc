"""What runs behind a method of a REST API."""

from __future__ import annotations

from collections.abc import Iterator

from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.held_policies import attached_to
from revet.plan.values import Symbolic

INTEGRATION = "aws_api_gateway_integration"
_PATH = "aws_api_gateway_resource"
API = "aws_api_gateway_rest_api"
_ROOT = "root_resource_id"
"""By what an API names its root."""
_API, _PLACE, _VERB = "rest_api_id", "resource_id", "http_method"


def integrations_of(
    method: Resource, api: Resource, inventory: Inventory, doubts: Doubts
) -> Iterator[Resource]:
    """The integrations of a method: those of its path and its verb.

    Args:
        method: an `aws_api_gateway_method`.
        api: that it belongs to.
        inventory: it belongs to.
        doubts: why there may be more is added.
    """
    verb = method.get(_VERB)
    for found in attached_to(api, inventory, INTEGRATION, _API, doubts):
        with doubts:
            if found.get(_VERB) == verb and _same_path(method, found, inventory):
                yield found


def _same_path(method: Resource, other: Resource, inventory: Inventory) -> bool:
    """Whether two name the same `aws_api_gateway_resource`, or both the root.

    Raises:
        UnknownValueError: it is not known.
    """
    one, two = method.get(_PLACE), other.get(_PLACE)
    if isinstance(one, Symbolic) and isinstance(two, Symbolic) and one.strong and two.strong:
        if one.references == two.references:
            return True
        named = [inventory.target(item, _PLACE) for item in (method, other)]
        if all(map(_is_path, named, (one, two))):
            return named[0] is named[1]
        why = "whether its path is that of the method is not known"
        raise other.doubt(_PLACE, why, f"name an `{_PATH}`, or the root of the API")
    return bool(one == two)


def _is_path(named: Resource | None, value: Symbolic) -> bool:
    """Whether a reference is to a path, or to the root of an API."""
    if named is None:
        return False
    if named.type != API:
        return named.type == _PATH
    direct = f"{named.address}."
    return all(
        name.removeprefix(direct) == _ROOT for name in value.references if name.startswith(direct)
    )
