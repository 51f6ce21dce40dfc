"""Which stacks a call is about, in which order, and where they read of each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from revet.cli.configuration import Configuration
from revet.cli.delivery import require_deliverable
from revet.cli.output import Format
from revet.cli.programs import chosen
from revet.cli.project import find_project
from revet.cli.several import (
    Configured,
    deployed_states,
    in_order,
    is_deployed,
    needs,
    related,
    states_beside,
)
from revet.cli.stack import find_stack
from revet.model.errors import ConfigError, UsageError
from revet.synth import Synthesis, SynthesizedStack

SETTINGS = """\
[stacks.pay]
program = "app.py"
[stacks.network]
program = "app.py"
stack = "net"
[stacks.other]
program = "other.py"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "revet.toml").write_text(SETTINGS)
    for name in ("app.py", "other.py"):
        (tmp_path / name).touch()
    return tmp_path


def room(folder: Path, name: str, backend: dict[str, Any] | None = None) -> Configured:
    """A table whose program makes `pay`, which needs `net` and `keys`."""
    stacks = {
        one: SynthesizedStack(
            one,
            folder / "synth" / "stacks" / one,
            folder / "synth" / "stacks" / one / "cdk.tf.json",
            {"terraform": {"backend": backend or {}}},
            tuple(after),
        )
        for one, after in {"pay": ("net", "keys"), "net": ("keys",), "keys": ()}.items()
    }
    stack = find_stack(name, find_project())
    synthesis = Synthesis(folder / "synth", stacks)
    one = chosen(stack, synthesis)
    return Configured(
        stack, Configuration(one.directory, one.json_path, synthesis=synthesis, chosen=one.name)
    )


def test_tables_come_after_those_that_they_need(folder: Path) -> None:
    rooms = [room(folder, "pay"), room(folder, "network")]
    assert in_order(rooms) == ("network", "pay")
    assert needs(rooms[0]) == ("keys", "net")


def test_a_stack_that_is_needed_has_its_table_or_the_shared_settings(folder: Path) -> None:
    pay, project = room(folder, "pay"), find_project()
    assert related(pay, "net", project).name == "network"
    keys = related(pay, "keys", project)
    assert (keys.name, keys.chosen, keys.program) == ("keys", "keys", ("app.py",))
    (folder / "revet.toml").write_text(SETTINGS.replace("other]", "keys]"))
    with pytest.raises(ConfigError, match="has no table"):
        related(pay, "keys", find_project())


def test_what_is_not_deployed_is_named(folder: Path) -> None:
    pay, project = room(folder, "pay"), find_project()
    states = {name: folder / f"{name}.tfstate" for name in ("keys", "network")}
    states["keys"].write_text(json.dumps({"resources": [], "outputs": {"a": {"value": 1}}}))
    with pytest.raises(UsageError) as caught:
        deployed_states(pay, project, states.__getitem__, "`revet deploy {}` first")
    assert caught.value.do == "`revet deploy network` first"
    states["network"].write_text(json.dumps({"resources": [{}], "outputs": {}}))
    found = deployed_states(pay, project, states.__getitem__, "")
    assert found == {"keys": states["keys"], "net": states["network"]}


@pytest.mark.parametrize(
    ("text", "deployed"),
    [
        ('{"resources": [], "outputs": {}}', False),
        ('{"resources": [{}]}', True),
        ('{"outputs": {"a": {}}}', True),
        ("[]", False),
        ("{", False),
        (None, False),
    ],
)
def test_what_counts_as_deployed(text: str | None, deployed: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a parameter
    if text is not None:
        (tmp_path / "s").write_text(text)
    assert is_deployed(tmp_path / "s") is deployed


@pytest.mark.parametrize(
    ("backend", "read"),
    [
        ({"local": {"path": "terraform.tfstate"}}, ["keys", "net"]),
        ({"local": {"path": "/states/a.tfstate"}}, []),
        ({"s3": {"bucket": "b", "key": "k"}}, []),
        ({}, []),
    ],
)
def test_a_real_account_reads_relative_states_of_the_other_folder(
    backend: dict[str, Any], read: list[str], folder: Path
) -> None:
    found = states_beside(room(folder, "pay", backend), find_project(), "aws")
    assert list(found) == read
    if read:
        whole = folder / ".revet/network/aws/synth/stacks/net/terraform.tfstate"
        assert found["net"] == whole


@pytest.mark.parametrize("wanted", list(Format))
def test_a_file_is_no_folder_for_reports(wanted: Format, tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.touch()
    with pytest.raises(UsageError, match="folder"):
        require_deliverable(wanted, file, every=True)
    require_deliverable(wanted, file, every=False)
    require_deliverable(wanted, tmp_path / "new", every=True)
