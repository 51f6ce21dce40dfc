"""What was changed, or written by somebody else, is not believed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revet.files import STATE_VARIABLE, seal, state_root, unseal
from revet.model.errors import InputError, PrerequisiteError


@given(content=st.binary(max_size=200), data=st.data())
def test_no_changed_byte_goes_unseen(content: bytes, data: st.DataObject) -> None:
    sealed = seal(content, "snapshot")
    assert unseal(sealed, "snapshot", "file") == content
    place = data.draw(st.integers(0, len(sealed) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = sealed[:place] + bytes([sealed[place] ^ flip]) + sealed[place + 1 :]
    with pytest.raises(InputError, match="was changed"):
        unseal(changed, "snapshot", "file")


@pytest.mark.parametrize("cut", [0, 1, 31, 32, 35])
def test_what_is_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(InputError):
        unseal(seal(b"content", "snapshot")[:cut], "snapshot", "file")


def test_one_purpose_does_not_serve_another() -> None:
    with pytest.raises(InputError, match="record"):
        unseal(seal(b"content", "snapshot"), "record", "file")


def test_another_users_key_does_not_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal(b"content", "snapshot")
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "other"))
    with pytest.raises(InputError):
        unseal(sealed, "snapshot", "file")


def test_many_that_start_at_once_share_one_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "new"))
    with ThreadPoolExecutor(16) as pool:
        sealed = set(pool.map(lambda _: seal(b"content", "snapshot"), range(64)))
    assert len(sealed) == 1


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 33])
def test_a_broken_key_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: bytes) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "new"))
    path = state_root() / "seal.key"
    path.write_bytes(key)
    path.chmod(0o600)
    with pytest.raises(PrerequisiteError, match="broken"):
        seal(b"content", "snapshot")
