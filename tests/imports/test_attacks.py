"""What a repository or a neighbour could plant so that `imports` reads or writes elsewhere."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from revet.imports import Visit, files, packages, visit
from revet.imports.repair import Repair, repair
from revet.model.errors import PrerequisiteError, RevetError

WRONG = "from cdktf import App\n"
RIGHT = "from cdktn import App\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "mine.py").write_text(WRONG)
    return folder


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "a.py").write_text(WRONG)
    return folder


def looked_at(seen: Visit, folder: Path) -> list[str]:
    return sorted(item.path.relative_to(folder).as_posix() for item in seen.files)


def passed_over(seen: Visit) -> dict[str, str]:
    return {item.path.name: item.why for item in seen.skipped}


def plant(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(WRONG)


def test_links_out_are_not_followed(project: Path, outside: Path) -> None:
    (project / "file.py").symlink_to(outside / "a.py")
    (project / "folder").symlink_to(outside)
    (project / "up").symlink_to("..")
    (project / "self").symlink_to("self")
    (project / "gone.py").symlink_to("nowhere.py")
    seen = visit([project], fix=True)
    assert seen.exit_code == 0
    assert looked_at(seen, project) == ["mine.py"]
    assert passed_over(seen) == dict.fromkeys(
        ("file.py", "folder", "up", "gone.py"), "a symbolic link"
    )
    assert (outside / "a.py").read_text() == WRONG
    assert (project / "file.py").is_symlink()


def test_links_inside_are_not_followed_either(project: Path) -> None:
    (project / "other.py").symlink_to("mine.py")
    seen = visit([project], fix=True)
    assert passed_over(seen) == {"other.py": "a symbolic link"}
    assert (project / "other.py").is_symlink()
    assert (project / "mine.py").read_text() == RIGHT


@pytest.mark.parametrize("name", ["file.py", "folder", "folder/a.py", "folder/../outside/a.py"])
def test_a_named_link_is_refused(
    project: Path, outside: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (project / "file.py").symlink_to(outside / "a.py")
    (project / "folder").symlink_to(outside)
    monkeypatch.chdir(project)
    path = Path(name)
    if ".." in name:  # as text it is `outside/a.py`; the system follows the link and goes up
        (project / "outside").symlink_to(outside)
    seen = visit([path, Path("mine.py")], fix=True)
    assert seen.exit_code == 2
    [error] = seen.unreadable
    assert (error.where, error.got) == (str(path), "a symbolic link is in the path")
    assert (outside / "a.py").read_text() == WRONG
    assert (project / "mine.py").read_text() == RIGHT


def test_hard_links_are_left_alone(project: Path, outside: Path) -> None:
    (project / "hard.py").hardlink_to(outside / "a.py")
    seen = visit([project], fix=True)
    assert seen.exit_code == 1
    assert (outside / "a.py").read_text() == WRONG
    assert os.path.samefile(project / "hard.py", outside / "a.py")  # noqa: PTH121
    [kept] = [item for item in seen.files if item.kept]
    assert (kept.path.name, kept.kept, kept.written, len(kept.left)) == (
        *("hard.py", "a hard link: the file has 2 names"),
        *(False, 1),
    )


def test_read_only_files_are_left_alone(project: Path) -> None:
    (project / "mine.py").chmod(0o444)
    seen = visit([project], fix=True)
    assert (seen.exit_code, seen.files[0].kept) == (1, "read-only")
    assert (project / "mine.py").read_text() == WRONG


def test_large_files_are_skipped(project: Path) -> None:
    (project / "large.py").write_text(WRONG + "#" * 1_100_000)
    (project / "fits.py").write_text(WRONG + "#" * (1_000_000 - len(WRONG)))
    seen = visit([project], fix=True)
    assert seen.exit_code == 0
    assert looked_at(seen, project) == ["fits.py", "mine.py"]
    assert passed_over(seen) == {"large.py": "more than 1,000,000 bytes"}
    assert (project / "large.py").read_text().startswith(WRONG)
    assert visit([project / "large.py"], fix=False).exit_code == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hang(project: Path) -> None:
    os.mkfifo(project / "pipe.py")
    (project / "imports" / "aws").mkdir(parents=True)
    os.mkfifo(project / "imports" / "aws" / "__init__.py")
    seen = visit([project], fix=True)
    assert passed_over(seen) == dict.fromkeys(("pipe.py", "__init__.py"), "not a regular file")
    assert visit([project / "pipe.py"], fix=True).exit_code == 2


def test_only_skipped_files_are_not_fine(project: Path, outside: Path) -> None:
    (project / "mine.py").unlink()
    (project / "file.py").symlink_to(outside / "a.py")
    assert visit([project], fix=False).exit_code == 2


IGNORED = {
    ".gitignore": "build/\n/top/\n*.gen.py\n!kept.gen.py\ndist/*\n!dist/keep/\n"
    "# no\n!\n\\\nfoo/**/x\n",
    "sub/.gitignore": "!a.gen.py\nlocal\r\n",
    "sub/deep/.gitignore": "*\n!seen.py\n",
    ".git/info/exclude": "excluded/\n",
}
SOURCES = (
    *("a.py", "a.gen.py", "kept.gen.py", "build/a.py", "sub/build/a.py", "top/a.py"),
    *("sub/top/a.py", "sub/a.gen.py", "sub/b.gen.py", "sub/local/a.py", "local/a.py"),
    *("sub/deep/a.py", "sub/deep/seen.py", "sub/deep/er/seen.py", "excluded/a.py"),
    *("sub/excluded/a.py", "dist/a.py", "dist/keep/a.py", "dist/gone/a.py", "foo/b/x/a.py"),
)  # fmt: skip


def test_what_git_ignores_is_skipped_as_git_does_it(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    plant(tmp_path, *SOURCES)
    for name, text in IGNORED.items():
        (tmp_path / name).write_bytes(text.encode())
    listed = subprocess.run(
        ["git", "-c", "core.excludesFile=", "ls-files", "-o", "--exclude-standard", "*.py"],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    assert 7 <= len(listed) < len(SOURCES)
    seen = visit([tmp_path], fix=True)
    assert looked_at(seen, tmp_path) == sorted(listed)
    for name in SOURCES:
        assert (tmp_path / name).read_text() == (RIGHT if name in listed else WRONG), name
    assert {item.path.name for item in seen.skipped} >= {"build", "excluded", "top", "b.gen.py"}
    below = visit([tmp_path / "sub"], fix=False)
    assert looked_at(below, tmp_path) == [name for name in sorted(listed) if name[:4] == "sub/"]
    assert looked_at(visit([tmp_path / "build"], fix=False), tmp_path) == ["build/a.py"]


def test_the_exclude_file_of_a_worktree_counts(project: Path, tmp_path: Path) -> None:
    own = tmp_path / "main.git" / "worktrees" / "project"
    own.mkdir(parents=True)
    (own / "commondir").write_text("../..\n")
    (tmp_path / "main.git" / "info").mkdir()
    (tmp_path / "main.git" / "info" / "exclude").write_text("mine.py\n")
    (project / ".git").write_text(f"gitdir: {own}\n")
    plant(project, "other.py")
    assert looked_at(visit([project], fix=False), project) == ["other.py"]


def test_no_program_of_a_repository_runs(project: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", project], check=True)
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho > {ran}\n")
    program.chmod(0o755)
    with (project / ".git" / "config").open("a") as config:
        config.write(f"[core]\n\tfsmonitor = {program}\n\tpager = {program}\n")
    assert visit([project], fix=True).exit_code == 0
    assert not ran.exists()


def test_a_gitignore_that_leads_out_is_not_read(project: Path, outside: Path) -> None:
    (outside / "rules").write_text("mine.py\n")
    (project / ".gitignore").symlink_to(outside / "rules")
    seen = visit([project], fix=False)
    assert (seen.exit_code, seen.files) == (2, ())
    assert seen.unreadable[0].where == str(project / ".gitignore")


def test_a_pattern_that_takes_hours_is_refused(project: Path) -> None:
    (project / ".gitignore").write_text("*a" * 20 + "*b.py\n")
    (project / ("a" * 200 + ".py")).write_text(WRONG)
    seen = visit([project], fix=True)
    assert seen.exit_code == 2
    assert "wildcards" in seen.unreadable[0].got
    (project / ".gitignore").write_text("**/*_*_*.py\n")
    assert visit([project], fix=True).exit_code == 0


def test_folders_that_are_never_the_users(project: Path) -> None:
    folders = (
        *(".git", "env", "node_modules", ".terraform", ".revet", "cdktf.out", "__pycache__"),
        *("site-packages", "conda"),
    )
    plant(project, *(f"{name}/a.py" for name in folders), "sub/node_modules/x/a.py")
    (project / "env" / "pyvenv.cfg").write_text("")
    (project / "conda" / "conda-meta").mkdir()
    seen = visit([project], fix=True)
    assert looked_at(seen, project) == ["mine.py"]
    assert {*folders} - set(passed_over(seen)) == {".git", "__pycache__"}
    assert all((project / name / "a.py").read_text() == WRONG for name in folders)


def _swap_file_for_link(file: Path, outside: Path) -> None:
    file.unlink()
    file.symlink_to(outside / "a.py")


def _swap_folder_for_link(file: Path, outside: Path) -> None:
    file.parent.rename(file.parent.with_name("moved"))
    file.parent.symlink_to(outside)


def _edit_in_place(file: Path, outside: Path) -> None:
    before = file.stat()
    file.write_text(WRONG.replace("App", "Bpp"))  # the same size, and the same time
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _replace(file: Path, outside: Path) -> None:
    new = file.with_name("new")
    new.write_text(WRONG)
    new.replace(file)


def _append(file: Path, outside: Path) -> None:
    with file.open("a") as opened:
        opened.write("more = 1\n")


def _link_hard(file: Path, outside: Path) -> None:
    (outside / "hard.py").hardlink_to(file)


def _close(file: Path, outside: Path) -> None:
    file.chmod(0o400)


@pytest.mark.parametrize(
    "change",
    [
        *(_swap_file_for_link, _swap_folder_for_link, _edit_in_place),
        *(_replace, _append, _link_hard, _close, lambda file, _: file.unlink()),
    ],
)  # fmt: skip
def test_what_changes_between_reading_and_writing_is_not_overwritten(
    project: Path,
    outside: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path, Path], None],
) -> None:
    file = project / "sub" / "a.py"
    plant(project, "sub/a.py")

    def meanwhile(*arguments: object, **named: object) -> Repair:
        if arguments[0].name == str(file):  # type: ignore[attr-defined]
            change(file, outside)
        return repair(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "repair", meanwhile)
    seen = visit([project], fix=True)
    assert seen.exit_code == 2
    [error] = seen.unreadable
    assert (error.what, error.where) == ("a file was left alone", str(file))
    assert (project / "mine.py").read_text() == RIGHT
    assert (outside / "a.py").read_text() == WRONG
    assert not any(RIGHT in item.read_text() for item in project.glob("*/*.py"))
    assert not [*project.rglob("*.tmp"), *outside.rglob("*.tmp")]


@pytest.mark.parametrize("change", [_swap_file_for_link, _edit_in_place, _replace, _link_hard])
def test_what_changes_while_the_new_content_is_written_is_not_overwritten(
    project: Path,
    outside: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path, Path], None],
) -> None:
    file = project / "mine.py"
    monkeypatch.setattr(os, "fsync", lambda _: change(file, outside))
    seen = visit([project], fix=True)
    assert (seen.exit_code, seen.unreadable[0].got) == (2, "it changed after it was read")
    assert (outside / "a.py").read_text() == WRONG
    assert RIGHT not in file.read_text()
    assert not [*project.rglob("*.tmp"), *outside.rglob("*.tmp")]


def test_a_folder_that_is_exchanged_while_it_is_written_leads_nowhere(
    project: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(project, "sub/a.py")
    (project / "mine.py").unlink()
    monkeypatch.setattr(
        os, "fsync", lambda _: _swap_folder_for_link(project / "sub" / "a.py", outside)
    )
    visit([project], fix=True)
    assert [(item.name, item.read_text()) for item in outside.iterdir()] == [("a.py", WRONG)]


def test_a_full_disk_leaves_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    seen = visit([project], fix=True)
    assert (seen.exit_code, seen.unreadable[0].got) == (2, "no space left on device")
    assert [(item.name, item.read_text()) for item in project.iterdir()] == [("mine.py", WRONG)]


def test_mode_and_owner_stay(project: Path) -> None:
    file = project / "mine.py"
    file.chmod(0o640)
    if os.getuid() == 0:
        os.chown(file, 1234, 4321)
    before = file.stat()
    assert visit([project], fix=True).exit_code == 0
    after = file.stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


@pytest.mark.parametrize("cookie", ["rot13", "hex", "undefined", "unicode_escape", "utf-7"])
def test_odd_encodings_are_left_alone(project: Path, cookie: str) -> None:
    file = project / "odd.py"
    before = f"# coding: {cookie}\nx = '\\x41'\n{WRONG}".encode()
    file.write_bytes(before)
    seen = visit([project], fix=True)
    assert isinstance(seen.unreadable[0], RevetError)
    assert (seen.exit_code, file.read_bytes()) == (2, before)


def test_deep_nesting_is_an_answer(project: Path) -> None:
    (project / "deep.py").write_text(WRONG + "x = " + "a" + ".b" * 5000 + "\n")
    seen = visit([project], fix=True)
    assert seen.exit_code == 2
    assert seen.unreadable[0].where == str(project / "deep.py")


def test_one_file_named_twice_is_written_once(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    seen = visit([Path(), Path("mine.py"), project / "mine.py"], fix=True)
    assert (seen.exit_code, len(seen.files)) == (0, 1)


def test_without_pathspec_it_says_what_to_install(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        packages, "find_spec", lambda name: None if name == "pathspec" else find_spec(name)
    )
    with pytest.raises(PrerequisiteError) as caught:
        visit([project], fix=False)
    assert (caught.value.got, caught.value.do) == (
        *("no `pathspec`", "pip install 'revet[stack]'"),
    )
