"""Content that only this user's revet wrote: an HMAC with a key outside every project."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from revet.files.private import read_private
from revet.files.replace import replace_file
from revet.files.state import state_root
from revet.model.errors import InputError, PrerequisiteError

_KEY = "seal.key"
_KEY_BYTES = 32
_MARK_BYTES = hashlib.sha256().digest_size


def seal(content: bytes, purpose: str) -> bytes:
    """Put a mark before some content that shows who wrote it, and that nobody changed it.

    Args:
        content: any bytes.
        purpose: what it is; content that was sealed for one purpose does not serve another.

    Raises:
        PrerequisiteError: the key's folder cannot be used.
    """
    return _mark(content, purpose) + content


def unseal(sealed: bytes, purpose: str, where: str, *, called: str = "") -> bytes:
    """The content, if it is as `seal` wrote it.

    Args:
        sealed: what `seal` returned.
        purpose: as it was given to `seal`.
        where: the file's name, for the message.
        called: what the message calls it; the purpose when empty.

    Raises:
        InputError: another user, machine or program wrote it, or it was changed.
        PrerequisiteError: the key's folder cannot be used.
    """
    mark, content = sealed[:_MARK_BYTES], sealed[_MARK_BYTES:]
    if not hmac.compare_digest(mark, _mark(content, purpose)):
        raise InputError(
            f"revet did not write this {called or purpose} for this user, or it was changed",
            where=where,
            got="a mark that does not fit its content",
            expected="a file as revet left it",
            do="remove it and run this again; look who put it there",
        )
    return content


def _mark(content: bytes, purpose: str) -> bytes:
    mark = hmac.new(_key(), os.fsencode(purpose) + b"\0", hashlib.sha256)
    mark.update(content)
    return mark.digest()


def _key() -> bytes:
    path = state_root() / _KEY
    try:
        key = read_private(path)
    except FileNotFoundError:
        key = _made(path)
    if len(key) != _KEY_BYTES:
        raise PrerequisiteError(
            "the key that authenticates revet's files is broken",
            where=str(path),
            got=f"{len(key)} bytes",
            expected=f"{_KEY_BYTES} bytes",
            do="remove it; what it authenticated must be made again",
        )
    return key


def _made(path: Path) -> bytes:
    """Make the key; of several that run at the same time, one makes it and all use it."""
    from filelock import FileLock  # noqa: PLC0415 - needed once a user

    with FileLock(path.with_name(f"{_KEY}.lock")):
        if not path.exists():
            replace_file(path, secrets.token_bytes(_KEY_BYTES))
    return read_private(path)
