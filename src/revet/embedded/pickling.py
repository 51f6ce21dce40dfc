"""How objects that pickle cannot take are kept in a snapshot.

Keys and certificates become PEM, locks become new locks, backends become references by name (so
that one service's object that points to another service finds the live one again).
"""

from __future__ import annotations

import importlib
import io
import pickle
import threading
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import cloudpickle
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from revet.embedded.backends import Store, each_backend, shell
from revet.embedded.call import Moto

_PRIVATE_KEYS = (
    rsa.RSAPrivateKey,
    ec.EllipticCurvePrivateKey,
    ed25519.Ed25519PrivateKey,
    dsa.DSAPrivateKey,
)
_LOCK = type(threading.Lock())
_RLOCK = type(threading.RLock())


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


def pack(
    entries: Iterable[dict[str, Any]], everything: Iterable[Store]
) -> tuple[bytes, list[Unpicklable]]:
    """Pickle the stores' states in one graph, so that shared objects stay shared.

    Args:
        entries: state of each store, with its `module`.
        everything: the stores, to which references are kept by name.

    Returns:
        The pickle, and the stores that had to be left out.
    """
    names = _names(everything)
    entries = list(entries)
    try:
        return _dump(entries, names), []
    except Exception:  # noqa: BLE001 - which store it was is found out below, and reported
        kept, failed = [], []
    for entry in entries:
        try:
            _dump(entry, names)
        except Exception as error:  # noqa: BLE001 - reported to the caller with its reason
            failed.append(Unpicklable(entry["module"], f"{type(error).__name__}: {error}"))
        else:
            kept.append(entry)
    return _dump(kept, names), failed


def unpack(data: bytes) -> list[dict[str, Any]]:
    """The entries that `pack` was given."""
    entries: list[dict[str, Any]] = _Reader(io.BytesIO(data)).load()
    return entries


def _names(everything: Iterable[Store]) -> dict[int, tuple[str, ...]]:
    names: dict[int, tuple[str, ...]] = {}
    for store in everything:
        names[id(store.backends)] = (store.module, store.name)
        for account, regions in dict.items(store.backends):
            names[id(regions)] = (store.module, store.name, account)
        for account, region, backend in each_backend(store):
            names[id(backend)] = (store.module, store.name, account, region)
    return names


def _dump(value: Moto, names: dict[int, tuple[str, ...]]) -> bytes:
    buffer = io.BytesIO()
    _Writer(buffer, names).dump(value)
    return buffer.getvalue()


class _Writer(cloudpickle.Pickler):  # type: ignore[misc]
    def __init__(self, buffer: io.BytesIO, names: dict[int, tuple[str, ...]]) -> None:
        super().__init__(buffer)
        self._names = names

    def persistent_id(self, value: object) -> tuple[str, ...] | None:
        return self._names.get(id(value))

    def reducer_override(self, value: Moto) -> Moto:
        if isinstance(value, _PRIVATE_KEYS):
            pem = value.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            return _private_key, (pem,)
        if isinstance(value, x509.Certificate):
            return _certificate, (value.public_bytes(serialization.Encoding.PEM),)
        if isinstance(value, (_LOCK, _RLOCK)):
            return threading.RLock if isinstance(value, _RLOCK) else threading.Lock, ()
        if isinstance(value, weakref.WeakValueDictionary):
            return weakref.WeakValueDictionary, (), None, None, iter(list(value.items()))
        if isinstance(value, dict) and type(value).__module__.startswith("moto."):
            # moto's own dictionaries check or count what is put in; put it in unseen instead
            factory = getattr(value, "default_factory", None)
            return _dictionary, (type(value), factory, list(dict.items(value))), vars(value) or None
        return super().reducer_override(value)


class _Reader(pickle.Unpickler):
    def persistent_load(self, name: tuple[str, ...]) -> Moto:
        store = getattr(importlib.import_module(name[0]), name[1])
        match name[2:]:
            case ():
                return store
            case (account,):
                return store[account]
            case (account, region):
                return shell(store, account, region)
        raise pickle.UnpicklingError(f"no such reference: {name}")


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
