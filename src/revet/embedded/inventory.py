"""What exists: a walk over all backends that knows no service.

Left out are the baseline of each backend, keys that wait for deletion (AWS keeps them for at least
seven days; nothing can delete them sooner), and the bookkeeping listed below, entry by entry with
its reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from moto.core.base_backend import BaseBackend

from revet.embedded.backends import BASELINE, each_backend, stores
from revet.embedded.call import Moto

BOOKKEEPING: dict[str, str] = {}
"""Path pattern, `service/attribute…`, to the reason why it is no resource."""

Holdings = dict[str, list[str]]
_CONTAINERS = (Mapping, list, set, frozenset, tuple)
_ID_ATTRIBUTES = ("arn", "id", "name")


def inventory() -> Holdings:
    """Everything that exists beyond the baselines: path → sorted ids.

    A path is `service/account/region/attribute…`; ids are the keys under which moto keeps the
    objects, mostly ids, names or ARNs.
    """
    found: Holdings = {}
    for store in stores():
        service = store.backends.service_name
        for account, region, backend in each_backend(store):
            baseline = vars(backend).get(BASELINE, {})
            for path, ids in holdings(backend).items():
                left = sorted(set(ids) - set(baseline.get(path, ())))
                if left:
                    found[f"{service}/{account}/{region}/{path}"] = left
    return found


def holdings(backend: BaseBackend) -> Holdings:
    """What one backend holds: attribute path → ids."""
    found: Holdings = {}
    for name, value in vars(backend).items():
        if name != BASELINE:
            _walk(name, value, found, frozenset())
    return found


def _walk(path: str, value: Moto, found: Holdings, above: frozenset[int]) -> None:
    if id(value) in above:
        return
    if isinstance(value, Mapping):
        nested = {key: item for key, item in value.items() if isinstance(item, _CONTAINERS)}
        plain = [str(key) for key in value if key not in nested]
        if plain:
            found[path] = sorted(str(key) for key in value)
            return
        for key, item in nested.items():
            _walk(f"{path}/{key}", item, found, above | {id(value)})
    elif isinstance(value, (list, set, frozenset, tuple)):
        if value:
            found[path] = sorted(_identity(item) for item in value)
    elif isinstance(value, (bool, int, float, str)) or value is None:
        found[path] = [repr(value)]


def _identity(item: Moto) -> str:
    for name in _ID_ATTRIBUTES:
        text = getattr(item, name, None)
        if isinstance(text, str):
            return text
    return str(item) if isinstance(item, (str, int, float, bool)) else type(item).__name__
