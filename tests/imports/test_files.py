from __future__ import annotations

import stat
from pathlib import Path

import pytest

from revet.imports import visit
from revet.model.errors import UsageError

WRONG = "from cdktf import App\n"
RIGHT = "from cdktn import App\n"


def test_check_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(WRONG)
    before = file.stat()
    seen = visit([tmp_path], fix=False)
    assert seen.exit_code == 1
    assert file.read_text() == WRONG
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_fix_writes_once_and_keeps_the_mode(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(WRONG)
    file.chmod(0o751)
    seen = visit([tmp_path], fix=True)
    assert (seen.exit_code, seen.files[0].written) == (0, True)
    assert file.read_text() == RIGHT
    assert stat.S_IMODE(file.stat().st_mode) == 0o751
    before = file.stat()
    again = visit([tmp_path], fix=True)
    assert (again.exit_code, again.files[0].written) == (0, False)
    assert file.stat().st_ino == before.st_ino
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"from cdktf import App\r\nx = 1\r\n", b"from cdktn import App\r\nx = 1\r\n"),
        (b"\xef\xbb\xbffrom cdktf import App\n", b"\xef\xbb\xbffrom cdktn import App\n"),
        (
            "# coding: latin-1\nx = 'ä'; from cdktf import App\r\n".encode("latin-1"),
            "# coding: latin-1\nx = 'ä'; from cdktn import App\r\n".encode("latin-1"),
        ),
        (b"from cdktf import App\rApp()\n\r\n", b"from cdktn import App\rApp()\n\r\n"),
    ],
    ids=["crlf", "byte order mark", "latin-1", "mixed line ends"],
)  # fmt: skip
def test_encoding_and_line_ends_stay(tmp_path: Path, before: bytes, after: bytes) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(before)
    assert visit([file], fix=True).exit_code == 0
    assert file.read_bytes() == after


@pytest.mark.parametrize(
    "content",
    [
        b"from cdktf import App\ndef f(:\n",
        b"from cdktf import App\nx = '\xff'\n",
        b"# coding: nonsense\nfrom cdktf import App\n",
        b"from cdktf import App\n\0",
        b"from cdktf import App\nx = " + b"(" * 3000,
    ],
    ids=["syntax", "no utf-8", "unknown encoding", "null byte", "deep"],
)
def test_what_is_no_python_is_left_alone_and_the_rest_is_corrected(
    tmp_path: Path, content: bytes
) -> None:
    broken = tmp_path / "a.py"
    broken.write_bytes(content)
    (tmp_path / "b.py").write_text(WRONG)
    seen = visit([tmp_path], fix=True)
    assert seen.exit_code == 2
    [error] = seen.unreadable
    assert error.where.startswith(str(broken))
    assert broken.read_bytes() == content
    assert (tmp_path / "b.py").read_text() == RIGHT


def test_a_name_that_another_file_imports_is_kept(tmp_path: Path) -> None:
    (tmp_path / "logs.py").write_text(
        "from cdktn_provider_aws.vpc_flow_log import VpcFlowLog\nVpcFlowLog()\n"
    )
    (tmp_path / "main.py").write_text("from logs import VpcFlowLog\n")
    assert visit([tmp_path], fix=True).exit_code == 0
    assert (tmp_path / "logs.py").read_text() == (
        "from cdktn_provider_aws.flow_log import FlowLog as VpcFlowLog\nVpcFlowLog()\n"
    )
    assert (tmp_path / "main.py").read_text() == "from logs import VpcFlowLog\n"


def test_what_a_package_shows_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "__init__.py"
    file.write_text("from cdktn_provider_aws.vpc_flow_log import VpcFlowLog\n")
    visit([file], fix=True)
    assert file.read_text() == "from cdktn_provider_aws.flow_log import FlowLog as VpcFlowLog\n"


def test_folders_that_are_not_the_users_are_left_out(tmp_path: Path) -> None:
    for folder in (".hidden", "env", "node_modules", "imports/aws", "mine/imports"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.py").write_text(WRONG)
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    (tmp_path / "imports" / "aws" / "_jsii").mkdir()
    (tmp_path / "notes.txt").write_text(WRONG)
    seen = visit([tmp_path], fix=False)
    assert [item.path for item in seen.files] == [tmp_path / "mine" / "imports" / "a.py"]


@pytest.mark.parametrize(("generator", "code"), [("cdktf", 1), ("cdktn", 0)])
def test_a_current_generated_package_is_no_finding(
    tmp_path: Path, generator: str, code: int
) -> None:
    package = tmp_path / "imports" / "aws"
    (package / "_jsii").mkdir(parents=True)
    (package / "__init__.py").write_text("from ._jsii import *\n")
    (package / "_jsii" / "__init__.py").write_text(f"import {generator}._jsii\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "a.py").write_text("from imports.aws.kms_key import KmsKey\n")
    assert visit([tmp_path / "stacks"], fix=False).exit_code == code


def test_wrong_paths_are_wrong_usage(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(UsageError):
            visit([path], fix=False)
