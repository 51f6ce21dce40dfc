"""The working copy is what the folder is now, whatever it was before."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revet.model.errors import InputError
from revet.rehearsal import working_copy
from revet.rehearsal.working_copy import DATA, copied, copy_configuration
from revet.target.modules import OVERRIDE_FILE

Content = dict[str, "str | Content"]


@pytest.fixture
def infra(tmp_path: Path) -> Path:
    folder = tmp_path / "project" / "infra"
    folder.mkdir(parents=True)
    (folder / "main.tf").write_text("# main\n")
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work" / "terraform"


def listing(folder: Path) -> dict[str, str]:
    """Every file below a folder; an empty folder ends in a slash."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        assert not path.is_symlink(), name
        if path.is_file():
            found[name] = path.read_text()
        elif not any(path.iterdir()):
            found[f"{name}/"] = ""
    return found


def again(infra: Path, copy: Path) -> dict[str, str]:
    made = copy_configuration(infra, copy, infra.parent)
    assert made == copied(copy)
    return listing(made.directory)


def test_what_is_deleted_or_renamed_goes(infra: Path, copy: Path) -> None:
    (infra / "gone.tf").write_text("# gone\n")
    (infra / "modules" / "m").mkdir(parents=True)
    (infra / "modules" / "m" / "x.tf").write_text("# m\n")
    assert set(again(infra, copy)) == {"main.tf", "gone.tf", "modules/m/x.tf"}
    (infra / "gone.tf").unlink()
    (infra / "main.tf").rename(infra / "renamed.tf")
    (infra / "modules" / "m").rename(infra / "modules" / "n")
    assert again(infra, copy) == {"renamed.tf": "# main\n", "modules/n/x.tf": "# m\n"}


def test_a_file_becomes_a_folder_and_back(infra: Path, copy: Path) -> None:
    (infra / "data").write_text("file")
    again(infra, copy)
    (infra / "data").unlink()
    (infra / "data").mkdir()
    (infra / "data" / "inner").write_text("inner")
    assert again(infra, copy) == {"main.tf": "# main\n", "data/inner": "inner"}
    shutil.rmtree(infra / "data")
    (infra / "data").write_text("file")
    assert again(infra, copy) == {"main.tf": "# main\n", "data": "file"}


def test_what_was_changed_in_the_copy_is_put_right(infra: Path, copy: Path, tmp_path: Path) -> None:
    (infra / "sub").mkdir()
    (infra / "sub" / "x").write_text("x")
    wanted = again(infra, copy)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x").write_text("untouched")
    (copy / "planted.tf").write_text("planted")
    (copy / OVERRIDE_FILE).write_text("{}")
    (copy / "main.tf").unlink()
    (copy / "main.tf").symlink_to(outside / "x")
    shutil.rmtree(copy / "sub")
    (copy / "sub").symlink_to(outside)
    assert again(infra, copy) == wanted
    assert (outside / "x").read_text() == "untouched"
    shutil.rmtree(copy)
    copy.symlink_to(outside)
    assert again(infra, copy) == wanted
    assert listing(outside) == {"x": "untouched"}


def test_what_belongs_to_others_is_not_copied(infra: Path, copy: Path) -> None:
    for name in (".git", ".terraform", ".revet", "node_modules", "a/.terraform"):
        (infra / name).mkdir(parents=True)
        (infra / name / "x").write_text("x")
    for name in ("terraform.tfstate", "x.tfstate.backup", OVERRIDE_FILE):
        (infra / name).write_text("x")
    (infra / "backend_override.tf.json").write_text("{}")
    (infra / ".terraform.lock.hcl").write_text("")
    (infra / ".#main.tf").symlink_to("user@host:1")
    names = {"main.tf", "backend_override.tf.json", ".terraform.lock.hcl", "a/"}
    assert set(again(infra, copy)) == names
    (copy / DATA).mkdir()
    (copy / DATA / "kept").write_text("what init has installed")
    assert again(infra, copy)[f"{DATA}/kept"] == "what init has installed"


def test_modes_are_those_of_the_owner(infra: Path, copy: Path) -> None:
    (infra / "script").write_text("")
    (infra / "script").chmod(0o755)
    (infra / "main.tf").chmod(0o444)
    again(infra, copy)
    assert stat.S_IMODE((copy / "script").stat().st_mode) == 0o700
    assert stat.S_IMODE((copy / "main.tf").stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.stat().st_mode) == 0o700
    (infra / "script").chmod(0o644)
    again(infra, copy)
    assert stat.S_IMODE((copy / "script").stat().st_mode) == 0o600


def test_modules_beside_it_are_found_at_the_same_path(infra: Path, copy: Path) -> None:
    (infra / "main.tf").write_text('module "m" {\n  source = "../modules/m"\n}\n')
    modules = infra.parent / "modules"
    (modules / "m").mkdir(parents=True)
    (modules / "m" / "x.tf").write_text('module "n" {\n  source = "../n"\n}\n')
    (modules / "n").mkdir()
    (modules / "n" / "x.tf").write_text("# n\n")
    (modules / "unused").mkdir()
    (infra.parent / "revet.toml").write_text("")
    made = copy_configuration(infra, copy, infra.parent)
    assert made.directory == copy / "infra"
    assert made == copied(copy)
    assert set(listing(copy)) == {"infra/main.tf", "modules/m/x.tf", "modules/n/x.tf"}
    assert (made.directory / "../modules/m/x.tf").is_file()
    (infra / "main.tf").write_text("# alone again\n")
    assert again(infra, copy) == {"main.tf": "# alone again\n"}


def test_links_within_the_project_are_followed(infra: Path, copy: Path) -> None:
    shared = infra.parent / "shared"
    shared.mkdir()
    (shared / "providers.tf").write_text("# shared\n")
    (infra / "providers.tf").symlink_to("../shared/providers.tf")
    (infra / "modules").symlink_to(shared)
    assert again(infra, copy) == {
        "main.tf": "# main\n",
        "providers.tf": "# shared\n",
        "modules/providers.tf": "# shared\n",
    }
    (infra / "providers.tf").unlink()
    assert set(again(infra, copy)) == {"main.tf", "modules/providers.tf"}


@pytest.mark.parametrize("target", ["/etc/hostname", "../../outside", "..", "nowhere", "self"])
def test_links_that_lead_elsewhere_are_refused(
    infra: Path, copy: Path, tmp_path: Path, target: str
) -> None:
    (tmp_path / "outside").mkdir()
    (infra / "self").symlink_to(target)
    with pytest.raises(InputError) as caught:
        again(infra, copy)
    assert caught.value.where == str(infra / "self")
    assert not copy.exists()


def test_a_pipe_in_a_file_s_place_is_refused(infra: Path, copy: Path) -> None:
    os.mkfifo(infra / "pipe")
    assert set(again(infra, copy)) == {"main.tf"}
    os.mkfifo(infra / "pipe.tf")
    with pytest.raises(InputError):
        again(infra, copy)


def test_a_file_that_is_replaced_meanwhile(
    infra: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = working_copy._copy_file
    writes = iter(["# second\n", "# third\n"])

    def replaced(entry: working_copy._Entry, target: Path) -> bool:
        whole = real(entry, target)
        if (text := next(writes, None)) is not None:
            (infra / "new").write_text(text)
            (infra / "new").replace(infra / "main.tf")
        return whole

    monkeypatch.setattr(working_copy, "_copy_file", replaced)
    assert again(infra, copy) == {"main.tf": "# third\n"}


def test_a_folder_that_never_rests(
    infra: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = working_copy._copy_file
    number = iter(range(100))

    def restless(entry: working_copy._Entry, target: Path) -> bool:
        whole = real(entry, target)
        (infra / f"{next(number)}.tf").write_text("")
        return whole

    monkeypatch.setattr(working_copy, "_copy_file", restless)
    with pytest.raises(InputError, match="changes while it is copied"):
        again(infra, copy)


@pytest.mark.parametrize("entry", ["/", "..", "infra/../..", "absent", "\x00"])
def test_a_planted_entry_is_refused(copy: Path, entry: str) -> None:
    copy.mkdir()
    copy.with_name(working_copy.ENTRY).write_text(entry)
    with pytest.raises(InputError, match="not as it was left"):
        copied(copy)


NAMES = st.sampled_from(["a.tf", "b.tf", "c", "d"])
TREES: st.SearchStrategy[Content] = st.recursive(
    st.dictionaries(NAMES, st.sampled_from(["", "# x\n", "# y\n"]), max_size=3),
    lambda inner: st.dictionaries(NAMES, inner | st.sampled_from(["", "# z\n"]), max_size=3),
    max_leaves=6,
)


def grow(folder: Path, tree: Content) -> None:
    folder.mkdir()
    for name, content in tree.items():
        if isinstance(content, dict):
            grow(folder / name.removesuffix(".tf"), content)
        elif not (folder / name).exists():
            (folder / name).write_text(content)


@settings(max_examples=30, deadline=None)
@given(before=TREES, after=TREES)
def test_any_folder_after_any_other(
    tmp_path_factory: pytest.TempPathFactory, before: Content, after: Content
) -> None:
    root = tmp_path_factory.mktemp("any")
    source, copy = root / "source", root / "copy"
    for tree in (before, after):
        shutil.rmtree(source, ignore_errors=True)
        grow(source, tree)
        copy_configuration(source, copy, root)
        assert listing(copy) == listing(source)
