"""A Terraform state that a folder has brought along says nothing about this project's AWS."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from revet.files import STATE, make_working_folder, private_folder
from revet.model.errors import InputError, PrerequisiteError
from revet.rehearsal.begun import begin_state, require_begun
from revet.rehearsal.lock import only_run

WORK = Path(".revet") / "infra" / "embedded"
RESOURCE: dict[str, Any] = {
    "mode": "managed",
    "type": "aws_s3_bucket",
    "name": "data",
    "provider": 'provider["registry.example.com/evil/aws"]',
    "instances": [{"attributes": {"id": "somebody-elses"}}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "project" / WORK
    make_working_folder(made)
    return made


def deploy(folder: Path) -> None:
    """What Terraform does to a state: it keeps the lineage."""
    begin_state(folder)
    state = json.loads((folder / STATE).read_text())
    (folder / STATE).write_text(json.dumps(state | {"serial": 3, "resources": [RESOURCE]}))


def test_a_state_that_was_begun_here_is_gone_on_from(folder: Path) -> None:
    begin_state(folder)
    begun = (folder / STATE).read_text()
    assert json.loads(begun)["version"] == 4
    assert json.loads(begun)["resources"] == []
    begin_state(folder)
    assert (folder / STATE).read_text() == begun
    deploy(folder)
    deployed = (folder / STATE).read_text()
    begin_state(folder)
    require_begun(folder)
    assert (folder / STATE).read_text() == deployed


@pytest.mark.parametrize(
    "state",
    [
        {"version": 4, "lineage": "planted", "resources": [RESOURCE]},
        {"version": 4, "resources": [RESOURCE]},
        {"version": 4, "lineage": "", "resources": [RESOURCE]},
        {"version": 4, "lineage": None, "resources": [RESOURCE]},
        {"version": 4, "lineage": ["x"], "resources": {"a": 1}},
        {"version": 4, "lineage": "planted", "resources": [RESOURCE | {"mode": "data"}]},
    ],
    ids=["another", "none", "empty", "null", "no text", "data source"],
)
@pytest.mark.parametrize("used", [False, True], ids=["clone", "project in use"])
def test_a_planted_state_is_refused(folder: Path, state: dict[str, Any], *, used: bool) -> None:
    if used:
        deploy(folder)
    (folder / STATE).write_text(json.dumps(state))
    for use in (begin_state, require_begun):
        with pytest.raises(InputError, match="not begun in this folder") as refused:
            use(folder)
        assert refused.value.exit_code == 2
        assert "came with the folder" in refused.value.got
        assert str(folder / STATE) in refused.value.do
    assert json.loads((folder / STATE).read_text()) == state


@pytest.mark.parametrize("version", [3, 5, None])
def test_a_state_of_another_version_is_not_taken_for_an_empty_one(
    folder: Path, version: int | None
) -> None:
    (folder / STATE).write_text(
        json.dumps({"version": version, "modules": [{"resources": {"a": 1}}]})
    )
    with pytest.raises(InputError, match="not begun in this folder"):
        begin_state(folder)


def test_an_empty_state_of_an_older_revet_is_replaced(folder: Path) -> None:
    (folder / STATE).write_text(json.dumps({"version": 4, "lineage": "old", "resources": []}))
    begin_state(folder)
    assert json.loads((folder / STATE).read_text())["lineage"] != "old"
    deploy(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000])
def test_a_broken_state_is_said_and_kept(folder: Path, content: bytes) -> None:
    (folder / STATE).write_bytes(content)
    for use in (begin_state, require_begun):
        with pytest.raises(InputError, match="cannot be read"):
            use(folder)
    assert (folder / STATE).read_bytes() == content


@pytest.mark.parametrize("how", [shutil.move, shutil.copytree])
def test_a_project_that_was_moved_or_copied_says_where_its_aws_lies(
    tmp_path: Path,
    folder: Path,
    how: Any,  # noqa: ANN401 - a function of shutil
) -> None:
    deploy(folder)
    private = private_folder(folder)
    how(str(tmp_path / "project"), str(tmp_path / "moved"))
    moved = tmp_path / "moved" / WORK
    with pytest.raises(InputError, match="not begun in this folder") as refused:
        begin_state(moved)
    assert f"`{tmp_path / 'project'}`" in refused.value.got
    assert str(private.parents[2]) in refused.value.got
    assert f"back to `{tmp_path / 'project'}`" in refused.value.do
    if how is shutil.move:
        shutil.move(tmp_path / "moved", tmp_path / "project")
    begin_state(folder)


def test_a_state_that_was_removed_is_begun_anew(folder: Path) -> None:
    deploy(folder)
    before = json.loads((folder / STATE).read_text())["lineage"]
    (folder / STATE).unlink()
    require_begun(folder)
    begin_state(folder)
    assert json.loads((folder / STATE).read_text())["lineage"] != before


@pytest.mark.parametrize("name", [".lock", ".programs.lock"])
def test_a_working_folder_that_cannot_be_written_to_is_said(folder: Path, name: str) -> None:
    (folder / name).mkdir()
    with (
        pytest.raises(PrerequisiteError, match="cannot be written to"),
        only_run(folder, "rehearse infra"),
    ):
        pytest.fail("it is not held")
