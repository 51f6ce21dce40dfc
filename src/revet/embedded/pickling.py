"""How objects that pickle cannot take, or that are kept elsewhere, are written in a state.

Keys and certificates become PEM, locks become new locks, backends become references by name (so
that one service's object that points to another service finds the live one again).
"""

from __future__ import annotations

import copyreg
import importlib
import io
import pickle
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import cloudpickle
from botocore.model import ServiceModel
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from revet.embedded.backends import Store, each_backend, shell
from revet.embedded.call import Moto
from revet.embedded.growing import Collections, growing
from revet.embedded.operation import service_model
from revet.embedded.stock import Place, Stock

_PRIVATE_KEYS = (
    rsa.RSAPrivateKey,
    ec.EllipticCurvePrivateKey,
    ed25519.Ed25519PrivateKey,
    dsa.DSAPrivateKey,
)
_LOCKS: Mapping[type, Callable[[], Any]] = {
    type(threading.Lock()): threading.Lock,
    type(threading.RLock()): threading.RLock,
}
"""Kind of lock, to what makes a new one."""


@dataclass(frozen=True, slots=True)
class Unpicklable:
    """State that cannot be kept.

    Args:
        service: module of the service.
        reason: of pickle.
    """

    service: str
    reason: str

    def __str__(self) -> str:
        """One line."""
        return f"the state of {self.service} cannot be kept in a snapshot: {self.reason}"


@dataclass(frozen=True, slots=True)
class Memory:
    """What a state refers to: kept beside it.

    Args:
        stock: what new backends came with.
        collections: what grows.
    """

    stock: Stock = field(default_factory=Stock)
    collections: Collections = field(default_factory=Collections)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read states meanwhile."""
        token = _STOCK.set(self.stock)
        try:
            with self.collections.reading():
                yield
        finally:
            _STOCK.reset(token)


_STOCK: ContextVar[Stock] = ContextVar("stock")
Names = Mapping[int, tuple[str, ...]]
"""Identity of a store or backend, to its name."""


def names_of(everything: Iterable[Store]) -> Names:
    """How references to stores and backends are written."""
    names: dict[int, tuple[str, ...]] = {}
    for store in everything:
        names[id(store.backends)] = (store.module, store.name)
        for account, regions in dict.items(store.backends):
            names[id(regions)] = (store.module, store.name, account)
        for account, region, backend in each_backend(store):
            names[id(backend)] = (store.module, store.name, account, region)
    return names


def dump(value: Moto, names: Names, memory: Memory | None = None) -> bytes:
    """Pickle something of a state; one graph, so that shared objects stay shared.

    Args:
        value: with references to stores and backends, which are written by name.
        names: of those.
        memory: what is referred to, too; none to write all of it.

    Raises:
        Exception: something in it cannot be pickled.
    """
    buffer = io.BytesIO()
    _Writer(buffer, names, memory).dump(value)
    return buffer.getvalue()


class _Writer(cloudpickle.Pickler):  # type: ignore[misc]
    def __init__(self, buffer: io.BytesIO, names: Names, memory: Memory | None) -> None:
        super().__init__(buffer)
        self._names = names
        self._stocked = memory.stock.names if memory is not None else {}
        self._collections = memory.collections if memory is not None else None

    def reducer_override(self, value: Moto) -> Moto:
        # Called for each object that is not of Python's simplest types; most need nothing.
        kind = type(value)
        name = self._names.get(id(value))
        if name is not None:
            return _named, name
        stocked = self._stocked.get(id(value))
        if stocked is not None:
            return _stocked, stocked
        if kind in _ORDINARY:
            return NotImplemented
        attribute = growing(kind)
        if attribute and self._collections is not None:
            state = dict(vars(value))
            state[attribute] = self._collections.reference(state[attribute])
            return copyreg.__newobj__, (kind,), state  # type: ignore[attr-defined]
        special = _special(value, kind)
        if special is not None:
            return special
        found = super().reducer_override(value)
        is_code = isinstance(value, (type, FunctionType))
        if found is NotImplemented and not is_code and not attribute:
            _ORDINARY.add(kind)
        return found


def _special(value: Moto, kind: type) -> Moto | None:
    """How an object is written that pickle cannot take; none for others."""
    encoded = _pem(value)
    if encoded:
        return (_certificate if isinstance(value, x509.Certificate) else _private_key), (encoded,)
    if kind in _LOCKS:
        return _LOCKS[kind], ()
    if isinstance(value, weakref.WeakValueDictionary):
        return weakref.WeakValueDictionary, (), None, None, iter(list(value.items()))
    if isinstance(value, ServiceModel):
        return service_model, (value.service_name,)
    if not isinstance(value, dict) or not kind.__module__.startswith("moto."):
        return None
    # moto's own dictionaries check or count what is put in; put it in unseen instead
    factory = getattr(value, "default_factory", None)
    return _dictionary, (kind, factory, list(dict.items(value))), vars(value) or None


def _pem(value: Moto) -> bytes:
    """A key or certificate as text; empty for anything else."""
    if isinstance(value, _PRIVATE_KEYS):
        return value.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    if isinstance(value, x509.Certificate):
        return value.public_bytes(serialization.Encoding.PEM)
    return b""


_ORDINARY: set[type] = set()
"""Classes whose objects pickle takes as they are."""


def _named(module: str, store: str, *place: str) -> Moto:
    found = getattr(importlib.import_module(module), store)
    match place:
        case ():
            return found
        case (account,):
            return found[account]
        case (account, region):
            return shell(found, account, region)
    raise pickle.UnpicklingError(f"no such reference: {place}")


def _stocked(place: Place, attribute: str, key: Moto) -> Moto:
    return _STOCK.get().object(place, attribute, key)


def _private_key(pem: bytes) -> Moto:
    return serialization.load_pem_private_key(pem, None)


def _certificate(pem: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem)


def _dictionary(
    kind: type[dict[Any, Any]], factory: Callable[[], Any] | None, items: list[tuple[Any, Any]]
) -> dict[Any, Any]:
    made = kind.__new__(kind)
    if factory is not None:
        made.default_factory = factory  # type: ignore[attr-defined]
    for key, item in items:
        dict.__setitem__(made, key, item)
    return made
