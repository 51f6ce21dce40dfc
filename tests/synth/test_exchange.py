"""A synthesis takes the place of the last one whole, or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from revet.synth import settle
from revet.synth.exchange import beside, exchange

STACK = Path("stacks") / "tap"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "synth"


def write(folder: Path, text: str) -> None:
    (folder / STACK).mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(text)
    (folder / STACK / "cdk.tf.json").write_text(text)


def made(directory: Path, text: str) -> None:
    fresh = beside(directory)
    write(fresh, text)
    exchange(directory, fresh)


def test_the_new_one_alone_is_left(directory: Path) -> None:
    made(directory, "first")
    (directory / STACK / "stale.tf.json").write_text("{}")
    made(directory, "second")
    assert (directory / "manifest.json").read_text() == "second"
    assert sorted(path.name for path in (directory / STACK).iterdir()) == ["cdk.tf.json"]
    assert [path.name for path in directory.parent.iterdir()] == ["synth"]


@pytest.mark.parametrize(
    "name",
    [
        ".terraform.lock.hcl",
        "terraform.tfstate",
        "terraform.tfstate.backup",
        "errored.tfstate",
        ".terraform.tfstate.lock.info",
        "terraform.tfstate.d/other/terraform.tfstate",
    ],
)
def test_what_terraform_goes_on_from_is_kept(directory: Path, name: str) -> None:
    made(directory, "first")
    path = directory / STACK / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("kept")
    made(directory, "second")
    made(directory, "third")
    assert path.read_text() == "kept"


def test_a_state_of_a_stack_that_is_no_longer_made_is_kept(directory: Path) -> None:
    made(directory, "first")
    gone = directory / "stacks" / "gone"
    gone.mkdir()
    (gone / "terraform.tfstate").write_text("kept")
    made(directory, "second")
    assert (gone / "terraform.tfstate").read_text() == "kept"


def test_a_program_that_does_not_end_costs_nothing(directory: Path) -> None:
    made(directory, "first")
    write(beside(directory), "half")
    settle(directory)
    assert (directory / "manifest.json").read_text() == "first"
    made(directory, "second")
    assert [path.name for path in directory.parent.iterdir()] == ["synth"]


def test_a_kill_between_the_two_renames_is_mended(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(directory, "first")
    fresh = beside(directory)
    write(fresh, "second")
    renamed = Path.rename

    def killed(self: Path, target: Path) -> Path:
        if self == fresh:
            raise KeyboardInterrupt
        return renamed(self, target)

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        exchange(directory, fresh)
    monkeypatch.undo()
    assert not directory.exists()
    settle(directory)
    assert (directory / "manifest.json").read_text() == "first"


@pytest.mark.parametrize("name", ["synth", ".synth-new", ".synth-last"])
def test_no_link_is_followed(tmp_path: Path, directory: Path, name: str) -> None:
    outside = tmp_path / "outside"
    write(outside, "mine")
    (outside / STACK / "terraform.tfstate").symlink_to(outside / "manifest.json")
    (tmp_path / name).symlink_to(outside)
    made(directory, "new")
    assert (outside / "manifest.json").read_text() == "mine"
    assert (outside / STACK / "cdk.tf.json").read_text() == "mine"
    assert not directory.is_symlink()
    assert (directory / "manifest.json").read_text() == "new"
    shutil.rmtree(outside)
