"""All state of the embedded AWS: moto's backends, and ours, which have the same form.

A service keeps its state in one backend object for each account and region; they hang in a
`BackendDict` that is a global of the service's module. What a new backend holds by itself (the
default VPC, AWS's managed policies) is its baseline: noted when it is made, so that an inventory
can leave it out.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend

from revet.embedded.call import Json, Moto
from revet.embedded.changes import touch

BASELINE = "_revet_baseline"
_OWN = "revet.embedded.services."


@dataclass(frozen=True, slots=True)
class Store:
    """One service's backends.

    Args:
        module: that defines them.
        name: of the global in it.
        backends: account → region → backend.
    """

    module: str
    name: str
    backends: BackendDict[Any]


def stores() -> Iterator[Store]:
    """The stores of all loaded services, in the order of their modules' names."""
    for module_name in sorted(sys.modules):
        if not _holds_models(module_name):
            continue
        for name, value in sorted(vars(sys.modules[module_name]).items()):
            if isinstance(value, BackendDict) and value.backend.__module__ == module_name:
                yield Store(module_name, name, value)


def _holds_models(module: str) -> bool:
    return module.startswith(_OWN) or (module.startswith("moto.") and ".models" in module)


def each_backend(store: Store) -> Iterator[tuple[str, str, BaseBackend]]:
    """(account, region, backend) of a store; makes no new ones."""
    for account, regions in sorted(dict.items(store.backends)):
        for region, backend in sorted(dict.items(regions)):
            yield account, region, backend


def note_baselines(
    measure: Callable[[BaseBackend], Json], made: Callable[[BaseBackend], None]
) -> None:
    """From now on, keep with every new backend what it holds before anything is created in it.

    Whoever asks for a backend may change it, which is noted, too.

    Args:
        measure: takes a backend and returns what it holds.
        made: told of every new backend.
    """
    original = AccountSpecificBackend.__getitem__

    def get(self: AccountSpecificBackend[Any], region: str) -> Moto:
        known = dict.__contains__(self, "aws" if region == "global" else region)
        backend = original(self, region)
        if not known and BASELINE not in vars(backend):
            setattr(backend, BASELINE, measure(backend))
            made(backend)
        touch(backend)
        return backend

    AccountSpecificBackend.__getitem__ = get  # type: ignore[method-assign]


def shell(store: Moto, account: str, region: str) -> Moto:
    """The backend of an account and region; a new one without content when there is none.

    Args:
        store: the `BackendDict`.
        account: twelve digits.
        region: region or partition, as the store has it.
    """
    regions = store[account]
    if not dict.__contains__(regions, region):
        dict.__setitem__(regions, region, store.backend.__new__(store.backend))
    return dict.__getitem__(regions, region)
