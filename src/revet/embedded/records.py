"""Records of the state: of all of it, and of what has changed.

Most services' objects refer to nothing of other services' but by name; these are written alone.
Those of the others (an RDS subnet group holds EC2's subnets) are written together, so that what
they share stays shared.
"""

from __future__ import annotations

import hashlib
import importlib
import pickle
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend

from revet.embedded.backends import Store, each_backend, shell, stores
from revet.embedded.call import Moto
from revet.embedded.changes import WHOLE, Changes
from revet.embedded.growing import growing
from revet.embedded.pickling import Memory, Names, Unpicklable, dump, names_of

_NOT_STATE = frozenset(vars(BackendDict.__new__(BackendDict))) | {
    "backend",
    "service_name",
    "_use_boto3_regions",
    "_additional_regions",
    "_id",
}
ALONE = frozenset(
    f"moto.{service}.models"
    for service in (
        "apigateway",
        "awslambda",
        "cloudwatch",
        "dynamodb",
        "firehose",
        "kinesis",
        "kms",
        "logs",
        "s3",
        "sns",
        "sqs",
        "sts",
    )
)
"""Modules of services whose objects share nothing with those of other services."""


class States:
    """Writes and reads records of the state of this process.

    Args:
        memory: what states refer to.
    """

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._stores: tuple[int, tuple[Store, ...]] = (0, ())
        self._written: dict[object, bytes] = {}
        self._stocked: set[Any] = set()

    def everything(self) -> tuple[bytes, list[Unpicklable]]:
        """A record of all state, from which others go on; the state's lock is held.

        Returns:
            The record, and the stores that had to be left out.
        """
        everything = self._all()
        names = names_of(everything)
        self.memory.collections.begin(anew=True)
        stock = self._stock(everything, names)
        self._stocked = set(stock)
        entries = [self._entry(store, list(each_backend(store))) for store in everything]
        piece, failed = self._pack(entries, names)
        came = self.memory.collections.came(())
        self.memory.collections.forget_others()
        return self._record(stock, [piece], came, names), failed

    def changed(self, changes: Changes) -> tuple[bytes, list[Unpicklable]]:
        """A record of what has changed; the state's lock is held.

        Returns:
            The record, empty when nothing has; and the stores that had to be left out.
        """
        everything = self._all()
        names = names_of(everything)
        self.memory.collections.begin(anew=False)
        pieces: list[bytes] = []
        failed: list[Unpicklable] = []
        touched = {names[one][:2] for one in changes.backends if one in names}
        together = [
            store
            for store in everything
            if store.module not in ALONE and (store.module, store.name) in touched
        ]
        stock: dict[Any, bytes] = {}
        if together:
            others = [store for store in everything if store.module not in ALONE]
            stock = self._stock(others, names)
            stock = {place: blob for place, blob in stock.items() if place not in self._stocked}
            self._stocked |= set(stock)
            entries = [
                self._entry(store, list(each_backend(store)), changes.backends) for store in others
            ]
            piece, failed = self._pack(entries, names)
            pieces += self._unless_written("together", piece)
        for store in everything:
            if store.module in ALONE and (store.module, store.name) in touched:
                for place in each_backend(store):
                    found = changes.backends.get(id(place[2]))
                    if found is not None:
                        pieces += self._alone(store, place, found[1], names, failed)
        came = self.memory.collections.came(changes.keys)
        if not pieces and not came:
            return b"", failed
        return self._record(stock, pieces, came, names), failed

    def _alone(
        self,
        store: Store,
        place: tuple[str, str, BaseBackend],
        attributes: set[str],
        names: Names,
        failed: list[Unpicklable],
    ) -> list[bytes]:
        """What is to be written of one backend."""
        account, region, backend = place
        if WHOLE in attributes:
            piece, missing = self._pack([self._entry(store, [place])], names)
            failed += missing
            return self._unless_written(id(backend), piece)
        self._written.pop(id(backend), None)
        parts = {name: vars(backend)[name] for name in attributes if name in vars(backend)}
        entry = {**_named(store), "attributes": {(account, region): parts}}
        piece, missing = self._pack([entry], names)
        failed += missing
        return [piece]

    def _unless_written(self, key: object, piece: bytes) -> list[bytes]:
        digest = hashlib.blake2b(piece, digest_size=32).digest()
        if self._written.get(key) == digest:
            return []
        self._written[key] = digest
        return [piece]

    def apply(self, record: bytes) -> None:
        """Bring back what a record holds; it is one of ours."""
        found = pickle.loads(record)  # noqa: S301 - its mark was verified
        with self.memory.reading():
            for place, blob in found["stock"].items():
                self._stocked.add(place)
                self.memory.stock.restore(place, pickle.loads(blob), blob)  # noqa: S301 - likewise
            for piece in found["pieces"]:
                for entry in pickle.loads(piece):  # noqa: S301 - likewise
                    self._restore(entry)
            for grown in pickle.loads(found["came"]):  # noqa: S301 - likewise
                self.memory.collections.take(grown)

    def _all(self) -> tuple[Store, ...]:
        if self._stores[0] != len(sys.modules):  # only a module that is loaded brings a store
            self._stores = (len(sys.modules), tuple(stores()))
        return self._stores[1]

    def _stock(self, wanted: Sequence[Store], names: Names) -> dict[Any, bytes]:
        found: dict[Any, bytes] = {}
        for store in wanted:
            for _, _, backend in each_backend(store):
                found |= self.memory.stock.blobs(backend, lambda value: dump(value, names))
        return found

    def _entry(
        self,
        store: Store,
        backends: Sequence[tuple[str, str, BaseBackend]],
        touched: Collection[int] | None = None,
    ) -> dict[str, Any]:
        return {
            **_named(store),
            "extra": {
                name: value
                for name, value in vars(store.backends).items()
                if name not in _NOT_STATE
            },
            "backends": {
                (account, region): self._state(backend, touched)
                for account, region, backend in backends
            },
        }

    def _state(self, backend: BaseBackend, touched: Collection[int] | None) -> dict[str, Any]:
        same = touched is not None and id(backend) not in touched
        state = self.memory.stock.without(backend, same=same)
        attribute = growing(type(backend))
        if attribute:
            state[attribute] = self.memory.collections.reference(state[attribute])
        return state

    def _pack(
        self, entries: Sequence[Mapping[str, Any]], names: Names
    ) -> tuple[bytes, list[Unpicklable]]:
        """Pickle entries in one graph; those that cannot be are left out."""
        try:
            return dump(entries, names, self.memory), []
        except Exception:  # noqa: BLE001 - which store it was is found out below, and reported
            kept, failed = [], []
        for entry in entries:
            try:
                dump(entry, names, self.memory)
            except Exception as error:  # noqa: BLE001 - reported to the caller with its reason
                failed.append(Unpicklable(entry["module"], f"{type(error).__name__}: {error}"))
            else:
                kept.append(entry)
        return dump(kept, names, self.memory), failed

    def _record(
        self, stock: Mapping[Any, bytes], pieces: Sequence[bytes], came: Moto, names: Names
    ) -> bytes:
        content = dump(came, names, self.memory)
        return pickle.dumps({"stock": dict(stock), "pieces": list(pieces), "came": content})

    def _restore(self, entry: Mapping[str, Any]) -> None:
        store = getattr(importlib.import_module(entry["module"]), entry["name"])
        for (account, region), parts in entry.get("attributes", {}).items():
            shell(store, account, region).__dict__.update(parts)
        store.__dict__.update(entry.get("extra", {}))
        for (account, region), state in entry.get("backends", {}).items():
            whole = self.memory.stock.with_stock(state)
            shell(store, account, region).__dict__ = whole


def _named(store: Store) -> dict[str, str]:
    return {"module": store.module, "name": store.name}
