from __future__ import annotations

from pathlib import Path

import pytest

from revet.model.errors import PrerequisiteError
from revet.synth.jsii_cache import cache_root, index_files, is_warm, warm_up


def test_after_a_warm_up_every_index_is_where_jsii_looks() -> None:
    warm_up()
    assert is_warm()
    assert [path for path in index_files() if not path.is_file()] == []
    assert warm_up() is False


def test_an_empty_cache_is_cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(tmp_path))
    assert cache_root() == tmp_path
    assert not is_warm()


def test_without_a_cache_there_is_nothing_to_warm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(tmp_path))
    monkeypatch.setenv("JSII_RUNTIME_PACKAGE_CACHE", "disabled")
    assert is_warm()
    assert warm_up() is False


def test_a_cache_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(blocked / "below"))
    with pytest.raises(PrerequisiteError, match="JSII_RUNTIME_PACKAGE_CACHE_ROOT"):
        warm_up(timeout=5)


@pytest.mark.slow
def test_a_cold_cache_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(tmp_path))
    assert warm_up() is True
    assert is_warm()
    assert all(path.is_file() for path in index_files())
