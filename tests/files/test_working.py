"""A working folder that came with a clone is used, but nothing in it leads out of it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from revet.files import (
    known_projects,
    make_working_folder,
    private_folder,
    project_state,
    require_no_links,
    state_root,
)
from revet.model.errors import PrerequisiteError


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".revet" / "tap" / "embedded"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file of the user's that nothing may write to."""
    path = tmp_path / "outside"
    path.write_text("mine")
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_for_its_owner_and_kept_out_of_git(work: Path) -> None:
    make_working_folder(work)
    make_working_folder(work)
    home = work.parent.parent
    assert {mode(path) for path in (work, work.parent, home)} == {0o700}
    assert (home / ".gitignore").read_text() == "*\n"
    assert {path.name for path in home.rglob("*")} == {".gitignore", "tap", "embedded"}
    assert {path.name for path in home.parent.iterdir()} == {".revet"}


@pytest.mark.parametrize("planted", ["!*", "", "*\n!terraform.tfstate\n"])
def test_a_planted_gitignore_does_not_let_states_into_the_repository(
    work: Path, planted: str
) -> None:
    work.mkdir(parents=True)
    (work.parent.parent / ".gitignore").write_text(planted)
    make_working_folder(work)
    assert (work.parent.parent / ".gitignore").read_text() == "*\n"


def test_a_linked_gitignore_is_replaced_and_not_followed(work: Path, outside: Path) -> None:
    work.mkdir(parents=True)
    (work.parent.parent / ".gitignore").symlink_to(outside)
    make_working_folder(work)
    assert outside.read_text() == "mine"


def pipe(path: Path, _: Path) -> None:
    os.mkfifo(path)


PLANTED: dict[str, Callable[[Path, Path], object]] = {
    "a link": lambda path, outside: path.symlink_to(outside),
    "a link to nothing": lambda path, outside: path.symlink_to(outside.with_name("missing")),
    "a link within": lambda path, _: path.symlink_to("plan.bin"),
    "a second name": lambda path, outside: os.link(outside, path),
    "a pipe": pipe,
}
NAMES = (
    "verdict.json",
    "report.html",
    "terraform.tfstate",
    "terraform.tfstate.backup",
    ".terraform.tfstate.lock.info",
    "plan.bin",
    "plan.json",
    "check.json",
    "outputs.json",
    "calls.jsonl",
    ".lock",
    ".programs.lock",
    ".kept",
    "synth",
    "terraform",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", PLANTED)
def test_what_leads_elsewhere_is_refused(work: Path, outside: Path, what: str, name: str) -> None:
    work.mkdir(parents=True)
    PLANTED[what](work / name, outside)
    for refuse in (make_working_folder, require_no_links):
        with pytest.raises(PrerequisiteError, match="leads elsewhere") as refused:
            refuse(work)
        assert refused.value.where == str(work / name)
    assert outside.read_text() == "mine"


@pytest.mark.parametrize("part", [".revet", ".revet/tap", ".revet/tap/embedded"])
@pytest.mark.parametrize("what", ["a link", "a link to nothing", "a file", "a pipe"])
def test_a_folder_that_is_none_is_refused(
    work: Path, tmp_path: Path, outside: Path, part: str, what: str
) -> None:
    folder = work.parents[2] / part
    folder.parent.mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if what == "a file":
        folder.write_text("")
    else:
        PLANTED[what](folder, elsewhere if what == "a link" else outside)
    with pytest.raises(PrerequisiteError, match="leads elsewhere") as refused:
        make_working_folder(work)
    assert refused.value.where == str(folder)
    assert list(elsewhere.iterdir()) == []


def test_deeper_down_only_what_leads_out_is_refused(work: Path, outside: Path) -> None:
    deep = work / "terraform" / "function" / "node_modules" / ".bin"
    deep.mkdir(parents=True)
    (deep.parent / "tool").write_text("")
    (deep / "tool").symlink_to("../tool")
    make_working_folder(work)
    (deep / "out").symlink_to(outside)
    with pytest.raises(PrerequisiteError, match="leads elsewhere"):
        make_working_folder(work)


def test_what_an_older_version_left_for_terraform_is_passed_over(work: Path, outside: Path) -> None:
    providers = work / "synth" / "stacks" / "tap" / ".terraform" / "providers"
    providers.mkdir(parents=True)
    (providers / "linux_amd64").symlink_to(outside)
    make_working_folder(work)


@pytest.mark.parametrize(
    "name",
    [
        "a b",
        "a:b",
        "-rf",
        "$(id)",
        "${x}",
        "%{x}",
        "'\"`",
        "new\nline",
        "\x1b[31m",
        "\u00e9",
        "e\u0301",
    ],
)
def test_odd_names_are_names(tmp_path: Path, name: str) -> None:
    work = tmp_path / name / ".revet" / "tap" / "embedded"
    make_working_folder(work)
    private = private_folder(work)
    assert private.is_relative_to(state_root())
    assert private.relative_to(state_root()).as_posix().isascii()
    assert not set("$%'\"\n:` ") & set(str(private.relative_to(state_root())))
    assert (tmp_path / name, project_state(tmp_path / name)) in known_projects()


def test_two_forms_of_the_same_letters_are_two_folders(tmp_path: Path) -> None:
    composed, decomposed = (tmp_path / name for name in ("\u00e9", "e\u0301"))
    composed.mkdir()
    if decomposed.exists():
        pytest.skip("this file system takes both forms for one name")
    assert project_state(composed) != project_state(decomposed)


@pytest.mark.parametrize("place", ["project", "state"])
def test_a_name_that_is_not_utf_8_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9")
    if place == "state":
        monkeypatch.setenv("REVET_STATE_DIR", str(odd))
    with pytest.raises(PrerequisiteError, match="not UTF-8") as refused:
        make_working_folder(odd / ".revet" / "x" / "y") if place == "project" else state_root()
    assert "caf\\udce9" in refused.value.where
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x" * 300, "/".join(["x" * 200] * 30)])
def test_a_name_that_is_too_long_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(PrerequisiteError, match="cannot be made") as refused:
        make_working_folder(tmp_path / name / ".revet" / "tap" / "embedded")
    assert "too long" in refused.value.got


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    """Root may write everywhere but to what is no place for files, as `/proc`."""
    place = Path("/proc") if os.name == "posix" and os.getuid() == 0 else tmp_path / "closed"
    if place.is_relative_to(tmp_path):
        place.mkdir(mode=0o500)
    elif not place.is_dir():
        pytest.skip("no `/proc` here")
    with pytest.raises(PrerequisiteError, match="cannot be made") as refused:
        make_working_folder(place / ".revet" / "tap" / "embedded")
    assert "writable" in refused.value.do


def test_private_folders_lie_outside_and_differ(tmp_path: Path) -> None:
    projects = [tmp_path / "a", tmp_path / "b"]
    folders = [
        private_folder(project / ".revet" / stack / target)
        for project in projects
        for stack in ("tap", "aws")
        for target in ("embedded", "rehearsal", "aws", "check")
    ]
    folders += [project_state(project) / "aws" for project in projects]
    folders.append(private_folder(tmp_path / "a"))
    assert len(set(folders)) == len(folders)
    for folder in folders[:-3]:
        assert mode(folder) == 0o700
        assert folder.is_relative_to(state_root())
        assert not folder.is_relative_to(tmp_path)


def test_a_project_is_the_same_through_a_link_to_it(tmp_path: Path) -> None:
    work = Path(".revet") / "tap" / "embedded"
    (tmp_path / "project").mkdir()
    (tmp_path / "link").symlink_to("project")
    assert private_folder(tmp_path / "link" / work) == private_folder(tmp_path / "project" / work)


def test_a_copy_of_a_project_has_a_state_of_its_own(tmp_path: Path) -> None:
    work = Path(".revet") / "tap" / "embedded"
    make_working_folder(tmp_path / "project" / work)
    shutil.copytree(tmp_path / "project", tmp_path / "copy")
    assert private_folder(tmp_path / "copy" / work) != private_folder(tmp_path / "project" / work)
