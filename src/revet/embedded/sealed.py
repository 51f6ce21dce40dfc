"""The files that hold the state of an embedded AWS, believed only as revet left them there.

The state is a snapshot and, after it, a journal of what has changed since. Each of their pieces
begins with a mark made with a key of the user, for this one folder and place: what a repository, a
program or another user brought there, changed or moved is refused before a byte of it is read as
state. What the state looks like is known to `snapshot` alone.

A record of the journal is given to the system before the change is answered, so that a process
that is killed loses none; the last one may be cut off, and was not answered then. The journal names
the snapshot that it goes on from by that one's mark, and so does the snapshot that takes it in: a
journal that was about to be removed then is passed over. One whose snapshot is gone, or has been
replaced, is set aside, and the user is told.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from revet.files import open_private, read_private, replace_file, seal, unseal

FILE_NAME = "snapshot.bin"
JOURNAL_NAME = "journal.bin"
ASIDE_NAME = "journal-set-aside.bin"
_MARK_BYTES = 32
_LENGTH_BYTES = 8
_HEAD_BYTES = _MARK_BYTES + _LENGTH_BYTES
_NO_SNAPSHOT = bytes(_MARK_BYTES)


def write_state(folder: Path, content: bytes) -> int:
    """Write the state of an embedded AWS; the file is replaced in one step.

    A journal that is there belongs to what was there before, and goes.

    Args:
        folder: the private folder of the embedded AWS.
        content: any bytes.

    Returns:
        The size of the file.

    Raises:
        OSError: it cannot be written; what was there before is still there.
        PrerequisiteError: the user's key cannot be used.
    """
    sealed = seal(_mark_of_snapshot(folder) + content, _purpose(folder))
    replace_file(folder / FILE_NAME, sealed)
    (folder / JOURNAL_NAME).unlink(missing_ok=True)
    return len(sealed)


def read_state(folder: Path) -> bytes | None:
    """The state that `write_state` wrote into a folder; None where there is none.

    Raises:
        InputError: something else wrote the file, for another folder, or it was changed.
        PrerequisiteError: the file, or the user's key, is not private.
    """
    content = _snapshot(folder)
    return None if content is None else content[_MARK_BYTES:]


def _snapshot(folder: Path) -> bytes | None:
    """The mark of the snapshot before it, and the state."""
    path = folder / FILE_NAME
    try:
        sealed = read_private(path)
    except FileNotFoundError:
        seal(b"", _purpose(folder))  # a key that cannot be used is said before anything is kept
        return None
    return unseal(sealed, _purpose(folder), str(path))


def read_journal(folder: Path) -> tuple[bytes, ...]:
    """What was added to the journal since the snapshot, oldest first; empty where there is nothing.

    Raises:
        InputError: as of `read_state`.
        PrerequisiteError: as of `read_state`.
    """
    return tuple(_records(folder))


def set_aside(folder: Path) -> Path | None:
    """Move a journal away that goes on from a snapshot which is not here: its changes are lost.

    Returns:
        Where it is now; None where there is none, or it belongs to the snapshot, or is in it.

    Raises:
        InputError: as of `read_state`.
        OSError: it cannot be moved.
        PrerequisiteError: as of `read_state`.
    """
    path = folder / JOURNAL_NAME
    try:
        data = read_private(path)
    except FileNotFoundError:
        return None
    after = _opened(data[: 2 * _MARK_BYTES], _journal(folder), path)
    content = _snapshot(folder)
    taken_in = content[:_MARK_BYTES] if content is not None else b""
    if after in (_mark_of_snapshot(folder), taken_in):
        return None
    return path.replace(folder / ASIDE_NAME)


def copy_state(source: Path, target: Path) -> bool:
    """Copy the state of one embedded AWS into the folder of another.

    Args:
        source: folder that is read.
        target: folder that holds no state yet.

    Returns:
        Whether there was one.

    Raises:
        InputError: as of `read_state`.
        PrerequisiteError: as of `read_state`.
    """
    content, records = read_state(source), read_journal(source)
    if content is not None:
        write_state(target, content)
    journal = Journal(target)
    for record in records:
        journal.append(record)
    journal.close()
    return content is not None or bool(records)


class Journal:
    """What changes after the snapshot that is there when the first record is added.

    Args:
        folder: the private folder of the embedded AWS.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._after = b""
        self._count = 0
        self._file = -1
        self.size = 0
        """Bytes of the file; 0 before the first record."""

    def append(self, content: bytes) -> None:
        """Add a record; it survives the process when this returns.

        Raises:
            OSError: it cannot be written; the journal is as it was.
            PrerequisiteError: the user's key cannot be used, or the file is somebody else's.
        """
        if self._file < 0:
            self._begin()
        place = _place(self._folder, self._after, self._count)
        head = seal(len(content).to_bytes(_LENGTH_BYTES, "big"), f"{place}, its length")
        data, written = memoryview(head + seal(content, place)), 0
        try:
            while written < len(data):
                written += os.write(self._file, data[written:])
        except OSError:
            os.ftruncate(self._file, self.size)  # behind half a record, none would be found
            raise
        self._count += 1
        self.size += len(data)

    def _begin(self) -> None:
        path = self._folder / JOURNAL_NAME
        self._after = _mark_of_snapshot(self._folder)
        first = seal(self._after, _journal(self._folder))
        replace_file(path, first)
        self._file = open_private(path, os.O_WRONLY | os.O_APPEND)
        self.size = len(first)

    def close(self) -> None:
        """Close the file, which stays; the next record begins another one."""
        if self._file >= 0:
            os.close(self._file)
        self._file, self._count, self.size = -1, 0, 0


def _records(folder: Path) -> Iterator[bytes]:
    path = folder / JOURNAL_NAME
    try:
        data = read_private(path)
    except FileNotFoundError:
        return
    end, number = 2 * _MARK_BYTES, 0
    after = _opened(data[:end], _journal(folder), path)
    if after != _mark_of_snapshot(folder):
        return
    while len(data) >= (start := end + _HEAD_BYTES):
        place = _place(folder, after, number)
        head = _opened(data[end:start], f"{place}, its length", path)
        end = start + _MARK_BYTES + int.from_bytes(head, "big")
        if end > len(data):
            return  # cut off: the process was killed while it wrote
        yield _opened(data[start:end], place, path)
        number += 1


def _opened(sealed: bytes, purpose: str, path: Path) -> bytes:
    return unseal(sealed, purpose, str(path), called=_journal(path.parent))


def _mark_of_snapshot(folder: Path) -> bytes:
    try:
        return read_private(folder / FILE_NAME)[:_MARK_BYTES]
    except FileNotFoundError:
        return _NO_SNAPSHOT


def _purpose(folder: Path) -> str:
    return f"state of the embedded AWS in {folder.resolve()}"


def _journal(folder: Path) -> str:
    return f"journal of the {_purpose(folder)}"


def _place(folder: Path, after: bytes, number: int) -> str:
    return f"record {number} after {after.hex()} in the {_journal(folder)}"
