import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from revet.model.errors import PrerequisiteError
from revet.target.binary import find_terraform, tools_folder

if TYPE_CHECKING:
    from tests.target.conftest import FakeTerraform


def program(folder: Path, name: str, says: str, *, code: int = 0) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!{sys.executable}\nprint({says!r})\nraise SystemExit({code})\n")
    path.chmod(0o755)
    return path


def search(tmp_path: Path, *folders: str, **variables: str) -> dict[str, str]:
    return {"PATH": ":".join(str(tmp_path / folder) for folder in folders), **variables}


def test_terraform_on_the_path_comes_first(tmp_path: Path, fake: "FakeTerraform") -> None:
    program(tmp_path / "b", "tofu", "OpenTofu v1.10.6")
    binary = find_terraform({"PATH": f"{tmp_path / 'b'}:{fake.folder}"}, tools=tmp_path)
    assert binary.path == fake.path
    assert (binary.product, binary.version, binary.source) == ("terraform", "1.11.4", "PATH")
    assert binary.title == "Terraform 1.11.4"
    assert binary.registry == "registry.terraform.io"


def test_opentofu_is_taken_where_there_is_no_terraform(tmp_path: Path) -> None:
    program(tmp_path / "b", "tofu", "OpenTofu v1.10.6\non linux_amd64")
    binary = find_terraform(search(tmp_path, "b"), tools=tmp_path)
    assert (binary.product, binary.version) == ("opentofu", "1.10.6")
    assert binary.title == "OpenTofu 1.10.6"
    assert binary.registry == "registry.opentofu.org"


def test_the_variable_decides(tmp_path: Path, fake: "FakeTerraform") -> None:
    tofu = program(tmp_path / "b", "tofu", "OpenTofu v1.10.6")
    path = f"{fake.folder}:{tmp_path / 'b'}"
    for named in ("tofu", str(tofu)):
        binary = find_terraform({"PATH": path, "TERRAFORM_BINARY_NAME": named}, tools=tmp_path)
        assert binary.path == tofu
        assert binary.source == "TERRAFORM_BINARY_NAME"


def test_the_tools_folder_is_the_last_resort(tmp_path: Path) -> None:
    program(tmp_path / "old", "terraform", "Terraform v1.9.8")
    program(tmp_path / "tools", "terraform", "Terraform v1.11.4")
    binary = find_terraform(search(tmp_path, "old"), tools=tmp_path / "tools")
    assert binary.path == tmp_path / "tools" / "terraform"


def test_the_tools_folder_belongs_to_a_clone_of_revet_and_to_no_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tools_folder() == Path(__file__).parents[2] / ".tools"
    installed = tmp_path / "project" / ".venv" / "lib" / "python3.11" / "site-packages" / "revet"
    monkeypatch.setattr("revet.__path__", [str(installed)])
    monkeypatch.setattr("sys.prefix", str(tmp_path / "project" / ".venv"))
    assert not (tmp_path / "project" / ".tools").is_relative_to(tools_folder())
    assert tools_folder().is_relative_to(tmp_path / "project" / ".venv")


@pytest.mark.parametrize("entries", ["", ":", ".", "bin", "./bin", "::bin:"])
def test_no_program_of_the_folder_we_are_in_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entries: str
) -> None:
    for folder in (tmp_path, tmp_path / "bin"):
        for name in ("terraform", "tofu"):
            program(folder, name, "Terraform v1.11.4")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PrerequisiteError, match="no Terraform and no OpenTofu"):
        find_terraform({"PATH": entries}, tools=tmp_path / "none")
    with pytest.raises(PrerequisiteError, match="cannot be used"):
        find_terraform({"PATH": entries, "TERRAFORM_BINARY_NAME": "tofu"}, tools=tmp_path / "none")


def test_a_program_that_is_named_by_a_relative_path_stays_the_same_in_every_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin", "terraform", "Terraform v1.11.4")
    monkeypatch.chdir(tmp_path)
    binary = find_terraform({"TERRAFORM_BINARY_NAME": "bin/terraform"})
    assert binary.path == tmp_path / "bin" / "terraform"


def test_a_pre_release_and_a_warning_before_the_version_are_read(tmp_path: Path) -> None:
    program(tmp_path / "b", "terraform", "Warning: something\n\nTerraform v1.12.0-beta1\n")
    assert find_terraform(search(tmp_path, "b"), tools=tmp_path).version == "1.12.0-beta1"


def refused(environment: dict[str, str], tools: Path) -> PrerequisiteError:
    with pytest.raises(PrerequisiteError) as caught:
        find_terraform(environment, tools=tools)
    assert caught.value.exit_code == 3
    return caught.value


def test_nothing_there(tmp_path: Path) -> None:
    error = refused(search(tmp_path, "empty"), tmp_path)
    assert error.what == "no Terraform and no OpenTofu"
    assert "`terraform` or `tofu` 1.10 or newer" in error.expected
    assert "TERRAFORM_BINARY_NAME" in error.do
    assert "make demo" in error.do


def test_too_old(tmp_path: Path) -> None:
    path = program(tmp_path / "b", "terraform", "Terraform v1.9.8")
    error = refused(search(tmp_path, "b"), tmp_path)
    assert error.what == "Terraform 1.9.8 is too old"
    assert error.where == f"{path} (PATH)"
    assert "newer" in error.do


def test_two_that_cannot_be_used_are_both_named(tmp_path: Path) -> None:
    program(tmp_path / "b", "terraform", "Terraform v1.9.8")
    program(tmp_path / "b", "tofu", "OpenTofu v1.8.1")
    error = refused(search(tmp_path, "b"), tmp_path)
    assert error.what == "no usable Terraform or OpenTofu"
    assert "1.9.8" in error.got
    assert "1.8.1" in error.got


def test_not_executable(tmp_path: Path) -> None:
    path = program(tmp_path / "tools", "terraform", "Terraform v1.11.4")
    path.chmod(0o644)
    error = refused(search(tmp_path, "empty"), tmp_path / "tools")
    assert "permission denied" in error.got
    assert "chmod +x" in error.do
    error = refused(search(tmp_path, TERRAFORM_BINARY_NAME=str(path)), tmp_path)
    assert error.got == f"`{path}` is not executable"


def test_built_for_another_machine(tmp_path: Path) -> None:
    path = tmp_path / "b" / "terraform"
    path.parent.mkdir()
    path.write_bytes(b"\x7fELF no program at all")
    path.chmod(0o755)
    assert "built for this machine" in refused(search(tmp_path, "b"), tmp_path).do


def test_something_else_of_that_name(tmp_path: Path) -> None:
    program(tmp_path / "b", "terraform", "no command `version`", code=1)
    error = refused(search(tmp_path, "b"), tmp_path)
    assert "does not say its version" in error.what
    assert "no command `version`" in error.got


@pytest.mark.parametrize(
    ("named", "got"),
    [("absent", "no program `absent` on `PATH`"), ("/absent/x", "no file `/absent/x`")],
)
def test_the_variable_names_nothing(tmp_path: Path, named: str, got: str) -> None:
    error = refused(search(tmp_path, TERRAFORM_BINARY_NAME=named), tmp_path)
    assert error.got == got
    assert "unset `TERRAFORM_BINARY_NAME`" in error.do


def test_the_variable_names_a_folder(tmp_path: Path) -> None:
    error = refused(search(tmp_path, TERRAFORM_BINARY_NAME=str(tmp_path)), tmp_path)
    assert "is a folder" in error.got
