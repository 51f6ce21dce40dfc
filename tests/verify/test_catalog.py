"""Live checks and controls are one catalogue with two proofs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from revet.gate.catalog import load_catalog
from revet.model.errors import CatalogError
from revet.verify.catalog import LiveCheck, load_checks

_CHECK = """
from revet.verify.catalog import live_check

@live_check(control="{control}", resource="aws_x", actions=())
def check(subject, reader): ...
"""


def test_every_check_has_its_control_in_the_gate(checks: Mapping[str, LiveCheck]) -> None:
    assert set(checks) - set(load_catalog()) == set()


def test_a_check_takes_every_setting_of_its_control(checks: Mapping[str, LiveCheck]) -> None:
    """A setting that only the gate heeds would let the account be laxer than the plan."""
    catalog = load_catalog()
    lacking = {
        name: set(catalog[name].settings) - check.settings
        for name, check in checks.items()
        if set(catalog[name].settings) - check.settings
    }
    assert lacking == {}


def test_a_check_has_no_setting_that_its_control_lacks(checks: Mapping[str, LiveCheck]) -> None:
    catalog = load_catalog()
    for name, check in checks.items():
        assert check.settings <= set(catalog[name].settings), name


def test_subjects_are_the_resources_of_the_control(checks: Mapping[str, LiveCheck]) -> None:
    catalog = load_catalog()
    for name, check in checks.items():
        assert set(check.resources) == set(catalog[name].meta.resources), name


def test_ids_are_sorted_and_name_their_files(checks: Mapping[str, LiveCheck]) -> None:
    assert list(checks) == sorted(checks)
    for name, check in checks.items():
        place = check.rule.__module__.removeprefix("revet.verify.checks.")
        assert place.replace(".", "-").replace("_", "-") == name


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"svc/name.py": "x = 1\n"}, "exactly the one"),
        ({"svc/name.py": _CHECK.format(control="svc-other")}, "exactly the one"),
        ({"name.py": _CHECK.format(control="name")}, "directly in the folder"),
        ({}, "no live checks"),
    ],
)
def test_a_broken_catalogue_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], message: str
) -> None:
    root = tmp_path / "broken_live_checks"
    root.mkdir()
    (root / "__init__.py").touch()
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        with pytest.raises(CatalogError, match=message):
            load_checks("broken_live_checks")
    finally:
        for name in [name for name in sys.modules if name.startswith("broken_live_checks")]:
            del sys.modules[name]


def test_a_sound_catalogue_of_ones_own_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = tmp_path / "own_live_checks" / "svc"
    service.mkdir(parents=True)
    (service.parent / "__init__.py").touch()
    (service / "__init__.py").touch()
    (service / "some_name.py").write_text(_CHECK.format(control="svc-some-name"))
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        assert list(load_checks("own_live_checks")) == ["svc-some-name"]
    finally:
        for name in [name for name in sys.modules if name.startswith("own_live_checks")]:
            del sys.modules[name]
