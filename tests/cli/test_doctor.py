from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from revet.cli import doctor, prerequisites
from revet.cli.doctor import Row, State
from revet.model.errors import PrerequisiteError

if TYPE_CHECKING:
    from tests.cli.conftest import Caller


def test_doctor_says_what_is_there(call: Caller) -> None:
    ended = call("doctor")
    for name in (
        "revet",
        "Python",
        "packages: stack",
        "Node.js",
        "Terraform",
        "browser",
        "state folder",
    ):
        assert any(f" {name} " in f"{line} " for line in ended.out.splitlines())
    rows = json.loads(call("doctor", "--format", "json").out)["rows"]
    lacks = [row["name"] for row in rows if row["state"] == "missing"]
    assert ended.code == (3 if lacks else 0)
    assert all(row["do"] for row in rows if row["state"] != "ok")


def test_what_is_missing_exits_3_and_says_what_to_do(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "no-such-terraform")
    monkeypatch.setenv("JSII_NODE", "/no/such/node")
    ended = call("doctor")
    assert ended.code == 3
    lines = ended.out.splitlines()
    missing = [number for number, line in enumerate(lines) if line.startswith("MISSING")]
    assert [lines[number].split()[1] for number in missing] == ["Node.js", "Terraform"]
    for number in missing:
        assert lines[number + 1].split()[:2] == ["needed", "for"]
        assert lines[number + 2].split()[0] == "do"


def test_something_optional_that_is_missing_exits_0(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [Row("a", State.OK, "1.0"), Row("browser", State.OPTIONAL, do="nothing")]
    monkeypatch.setattr(doctor, "examine", lambda: iter(rows))
    ended = call("doctor")
    assert ended.code == 0
    assert ended.out.splitlines()[1].startswith("-        browser")


@pytest.mark.parametrize(
    ("extras", "absent", "command"),
    [
        (("stack",), {"cdktn"}, "pip install 'revet[stack]'"),
        (("stack", "embedded"), {"cdktn", "moto"}, "pip install 'revet[stack,embedded]'"),
        (("stack", "embedded"), {"moto"}, "pip install 'revet[embedded]'"),
    ],
)
def test_missing_extras_are_named(
    monkeypatch: pytest.MonkeyPatch, extras: tuple[str, ...], absent: set[str], command: str
) -> None:
    monkeypatch.setattr(
        prerequisites, "find_spec", lambda name: None if name in absent else object()
    )
    with pytest.raises(PrerequisiteError) as caught:
        prerequisites.need(*extras)
    assert caught.value.exit_code == 3
    assert caught.value.do == command
    for name in absent:
        assert f"`{name}`" in caught.value.got


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (("synth", "tap"), "stack"),
        (("check", "tap"), "stack,embedded"),
        (("aws", "start"), "embedded"),
        (("deploy", "tap"), "embedded"),
    ],
)
def test_a_base_install_says_which_extra_a_command_needs(
    call: Caller, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], extra: str
) -> None:
    monkeypatch.setattr(prerequisites, "find_spec", lambda _: None)
    ended = call(*arguments)
    assert ended.code == 3
    assert f"pip install 'revet[{extra}]'" in ended.err


def test_every_extra_of_the_package_is_known() -> None:
    import tomllib  # noqa: PLC0415 - only here

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    extras = set(project["project"]["optional-dependencies"]) - {"all"}
    assert set(prerequisites.EXTRAS) == extras
