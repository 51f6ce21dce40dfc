"""Keeps the state of an embedded AWS: what was answered is there after the process was killed."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterable
from pathlib import Path

from revet.embedded import changes, faults, snapshot
from revet.embedded.faults import Faults
from revet.embedded.lock import StateLock
from revet.embedded.pickling import Memory, Unpicklable
from revet.embedded.records import States
from revet.embedded.sealed import FILE_NAME, Journal, set_aside

_LARGE = 32 * 1024 * 1024
"""Bytes of a journal that are read again quickly; no snapshot is made for fewer."""
_SHARE = 3
"""Times the size of its snapshot that a journal may have."""


class Keeper:
    """Keeps one state.

    Args:
        folder: private, of the embedded AWS.
        lock: of the state.
        faults: where state that cannot be kept is written down.
        memory: what states refer to.
    """

    def __init__(self, folder: Path, lock: StateLock, faults: Faults, memory: Memory) -> None:
        self._folder = folder
        self._lock = lock
        self._faults = faults
        self._states = States(memory)
        self._journal = Journal(folder)
        self._told: set[str] = set()
        self._is_behind = False
        self._first = json.dumps(snapshot.header()).encode() + b"\n"
        self.warning = ""
        """What of the state is lost, for the user; empty where nothing is."""
        self.last: snapshot.Saved | None = None
        """The newest snapshot of this process."""

    def load(self) -> bool:
        """Bring back what is kept in the folder; false where nothing is.

        A journal that belongs to another snapshot is set aside, with a warning.

        Raises:
            EmbeddedError: as of `snapshot.load`.
            InputError: likewise.
            OSError: a journal cannot be set aside.
            PrerequisiteError: likewise.
        """
        aside = set_aside(self._folder)
        if aside is not None:
            self.warning = (
                f"the journal of the embedded AWS goes on from a snapshot that is not there: what "
                f"it holds was not restored; it is `{aside}` now; put back the `{FILE_NAME}` that "
                "it belongs to and name it as before, or delete it with the Terraform state"
            )
            self._faults.add(faults.INTERNAL, self.warning)
        restored, records = snapshot.load(self._folder, self._states)
        if records:
            self.save()  # the next record goes on from it
        changes.take()
        return restored

    def commit(self) -> None:
        """Write down what has changed; an answer that tells of it may go out afterwards.

        Does nothing while this thread is in the middle of something.

        Raises:
            OSError: it cannot be written.
            PrerequisiteError: the user's key cannot be used.
        """
        if changes.is_watching():
            return
        with self._lock:
            if self._is_behind:
                self.save()
            found = changes.take()
            if not found:
                return
            self._is_behind = True  # until it is written: what is written counts as known
            record, failed = self._states.changed(found)
            if record:
                self._journal.append(self._first + record)
            self._is_behind = False
        self._tell(failed)

    def save(self) -> snapshot.Saved:
        """Write the state anew, in place of the snapshot and its journal.

        Raises:
            OSError: it cannot be written; what was kept before still is.
            PrerequisiteError: the user's key cannot be used.
        """
        with self._lock:
            self._is_behind = True
            changes.take()
            saved, failed = snapshot.save(self._folder, self._states)
            self._journal.close()
            self._is_behind = False
        self._tell(failed)
        self.last = saved
        return saved

    def shorten(self) -> None:
        """Write the state anew if its journal has become long."""
        size = self.last.size if self.last is not None else 0
        if self._journal.size <= max(_LARGE, _SHARE * size):
            return
        try:
            self.save()
        except Exception as error:  # noqa: BLE001 - recorded; the next write tries again
            self._faults.add(
                faults.INTERNAL,
                f"the snapshot failed: {type(error).__name__}: {error}",
                traceback=traceback.format_exc(),
            )

    def _tell(self, failed: Iterable[Unpicklable]) -> None:
        for line in sorted({str(one) for one in failed} - self._told):
            self._told.add(line)
            self._faults.add(faults.INTERNAL, line)
