"""The journal of the state: torn, edited, planted; only what revet left there is read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.embedded.test_planted import _Touches

from revet.embedded import copy_state, snapshot, start_daemon, stop_daemon
from revet.embedded.sealed import (
    ASIDE_NAME,
    FILE_NAME,
    JOURNAL_NAME,
    Journal,
    read_journal,
    read_state,
    set_aside,
    write_state,
)
from revet.files import STATE_VARIABLE, make_private_folder, project_state, replace_file
from revet.model.errors import EmbeddedError, InputError, PrerequisiteError

RECORDS = (b"first", b"", b"third")
_START = 64
"""Bytes before the first record."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = project_state(tmp_path / "project") / "aws"
    make_private_folder(found)
    return found


def written(folder: Path, *records: bytes) -> bytes:
    """A journal of some records; returns its content."""
    journal = Journal(folder)
    for record in records:
        journal.append(record)
    assert journal.size == (folder / JOURNAL_NAME).stat().st_size
    journal.close()
    return (folder / JOURNAL_NAME).read_bytes()


@pytest.mark.parametrize("after", [None, b"a state"])
def test_what_was_added_is_read(folder: Path, after: bytes | None) -> None:
    if after is not None:
        write_state(folder, after)
    assert read_journal(folder) == ()
    written(folder, *RECORDS)
    assert read_journal(folder) == RECORDS
    assert read_state(folder) == after


def test_a_record_that_was_cut_off_is_left_out_wherever_that_was(folder: Path) -> None:
    before = len(written(folder, *RECORDS[:2]))
    whole = written(folder, *RECORDS)
    for end in range(before, len(whole)):
        replace_file(folder / JOURNAL_NAME, whole[:end])
        assert read_journal(folder) == RECORDS[:2], end


def test_a_record_that_was_changed_is_refused_wherever_that_was(folder: Path) -> None:
    whole = written(folder, *RECORDS)
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        replace_file(folder / JOURNAL_NAME, bytes(changed))
        with pytest.raises(InputError, match="did not write this journal of the state") as refused:
            read_journal(folder)
        assert refused.value.where == str(folder / JOURNAL_NAME)


def test_a_journal_of_an_older_snapshot_is_left_aside(folder: Path) -> None:
    """The process was killed after it had written the snapshot, and before it removed that."""
    write_state(folder, b"older")
    old = written(folder, *RECORDS)
    write_state(folder, b"newer")
    assert not (folder / JOURNAL_NAME).exists()
    replace_file(folder / JOURNAL_NAME, old)
    assert read_journal(folder) == ()
    assert set_aside(folder) is None, "the snapshot has what is in it"
    written(folder, b"next")
    assert read_journal(folder) == (b"next",)
    assert set_aside(folder) is None


@pytest.mark.parametrize("what", ["gone", "older", "of later"])
def test_a_journal_whose_snapshot_is_not_there_is_set_aside(folder: Path, what: str) -> None:
    write_state(folder, b"older")
    older = (folder / FILE_NAME).read_bytes()
    write_state(folder, b"newer")
    journal = written(folder, *RECORDS)
    if what == "gone":
        (folder / FILE_NAME).unlink()
    elif what == "older":
        replace_file(folder / FILE_NAME, older)
    else:
        write_state(folder, b"later")
        write_state(folder, b"latest")
        replace_file(folder / JOURNAL_NAME, journal)
    assert read_journal(folder) == ()
    assert set_aside(folder) == folder / ASIDE_NAME
    assert (folder / ASIDE_NAME).read_bytes() == journal
    assert set_aside(folder) is None, "it is told once"


def test_a_daemon_says_that_a_journal_was_set_aside(folder: Path) -> None:
    write_state(folder, b"a state that is lost")
    written(folder, *RECORDS)
    (folder / FILE_NAME).unlink()
    (folder / "faults-expected").touch()
    daemon = start_daemon(folder)
    try:
        warning = daemon.health()["warning"]
        assert "was not restored" in warning
        assert str(folder / ASIDE_NAME) in warning
        assert [one["message"] for one in daemon.internal_errors()] == [warning]
    finally:
        assert stop_daemon(folder)
    again = start_daemon(folder)
    try:
        assert again.health()["warning"] == ""
    finally:
        assert stop_daemon(folder)


def test_a_full_disk_leaves_the_journal_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(folder)
    journal.append(b"first")
    write = os.write

    def fail(descriptor: int, data: memoryview) -> int:
        write(descriptor, data[:7])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "write", fail)
        with pytest.raises(OSError, match="No space"):
            journal.append(b"second")
    journal.append(b"third")
    journal.close()
    assert read_journal(folder) == (b"first", b"third")


def _elsewhere(folder: Path) -> bytes:
    other = folder.with_name("other")
    make_private_folder(other)
    return written(other, *RECORDS)


def _of_another_user(folder: Path) -> bytes:
    with pytest.MonkeyPatch.context() as other:
        other.setenv(STATE_VARIABLE, str(folder.parent / "another user"))
        return written(folder, *RECORDS)


def _swapped(folder: Path) -> bytes:
    """Two records of the same length, each in the other's place."""
    whole = written(folder, b"one", b"two")
    half = _START + (len(whole) - _START) // 2
    return whole[:_START] + whole[half:] + whole[_START:half]


def _repeated(folder: Path) -> bytes:
    whole = written(folder, b"one")
    return whole + whole[_START:]


def _from_before(folder: Path) -> bytes:
    """A record of the journal that the snapshot had before."""
    old = written(folder, b"one")
    write_state(folder, b"state")
    return written(folder, b"new")[:_START] + old[_START:]


PLANTED: dict[str, Callable[[Path], bytes]] = {
    "empty": lambda _: b"",
    "garbage": lambda _: b"garbage" * 40,
    "a pickle": lambda _: b"cos\nsystem\n(S'false'\ntR.",
    "of another folder": _elsewhere,
    "of another user": _of_another_user,
    "in another order": _swapped,
    "with a record twice": _repeated,
    "with a record of another snapshot": _from_before,
    "without its beginning": lambda folder: written(folder, *RECORDS)[_START:],
    "cut off in its beginning": lambda folder: written(folder, *RECORDS)[: _START - 1],
    "with garbage appended": lambda folder: written(folder, *RECORDS) + b"garbage" * 40,
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_journal_is_refused(folder: Path, what: str) -> None:
    content = PLANTED[what](folder)
    replace_file(folder / JOURNAL_NAME, content)
    with pytest.raises(InputError, match="did not write this journal of the state") as refused:
        snapshot.load(folder)
    assert "remove it" in refused.value.do
    target = folder.with_name("copy")
    make_private_folder(target)
    with pytest.raises(InputError):
        copy_state(folder, target)
    assert list(target.iterdir()) == []
    assert (folder / JOURNAL_NAME).read_bytes() == content, "it is left for the user to look at"


def test_a_daemon_does_not_start_on_a_planted_journal(folder: Path, tmp_path: Path) -> None:
    import pickle  # noqa: PLC0415 - what is planted

    executed = tmp_path / "executed"
    hostile = json.dumps(snapshot.header()).encode() + b"\n" + pickle.dumps(_Touches(executed))
    whole = written(folder, hostile)
    replace_file(folder / JOURNAL_NAME, whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(InputError, match="did not write this journal of the state") as refused:
        start_daemon(folder)
    assert refused.value.where == str(folder / JOURNAL_NAME)
    assert not executed.exists()
    replace_file(folder / JOURNAL_NAME, whole)
    with pytest.raises(TypeError):
        snapshot.load(folder)
    assert executed.exists(), "the attack would work on a journal that is believed"


@pytest.mark.parametrize("how", ["readable", "a link", "a second name"])
def test_a_journal_that_is_not_private_is_refused(folder: Path, tmp_path: Path, how: str) -> None:
    written(folder, *RECORDS)
    path = folder / JOURNAL_NAME
    if how == "readable":
        path.chmod(0o644)
    elif how == "a link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    else:
        os.link(path, tmp_path / "elsewhere")
    with pytest.raises(PrerequisiteError, match="not private"):
        snapshot.load(folder)


def test_a_journal_of_other_versions_is_refused(folder: Path) -> None:
    written(folder, json.dumps({**snapshot.header(), "moto": "4.0.0"}).encode() + b"\npickle")
    with pytest.raises(EmbeddedError, match="written by other versions") as refused:
        snapshot.load(folder)
    assert refused.value.where == str(folder / JOURNAL_NAME)


def test_a_copy_has_the_journal_too(folder: Path) -> None:
    write_state(folder, b"state")
    written(folder, *RECORDS)
    target = folder.with_name("copy")
    make_private_folder(target)
    assert copy_state(folder, target) is True
    assert (read_state(target), read_journal(target)) == (b"state", RECORDS)
    replace_file(target / JOURNAL_NAME, (folder / JOURNAL_NAME).read_bytes())
    with pytest.raises(InputError):
        read_journal(target)
    assert (folder / FILE_NAME).exists()


def test_a_journal_without_a_snapshot_is_copied(folder: Path) -> None:
    written(folder, *RECORDS)
    target = folder.with_name("copy")
    make_private_folder(target)
    assert copy_state(folder, target) is True
    assert (read_state(target), read_journal(target)) == (None, RECORDS)
