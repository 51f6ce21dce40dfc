from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Caller

WRONG = """\
from cdktf import App
from cdktn_provider_aws.s3_bucket import S3Buckett
"""


def test_check_says_the_place_and_the_right_name(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(WRONG)
    ended = call("imports", "check", "a.py")
    assert (ended.code, ended.err) == (1, "")
    first, second, summary = ended.out.splitlines()
    assert first == "a.py:1:19: outdated-package: `cdktf.App` → `cdktn.App`"
    assert second.startswith("a.py:2:42: unknown-class: ")
    assert "no certain answer; perhaps `cdktn_provider_aws.s3_bucket.S3Bucket`" in second
    assert summary == "1 file looked at, 2 findings, `revet imports fix` corrects 1"
    assert (tmp_path / "a.py").read_text() == WRONG


def test_fix_says_what_it_did_and_what_is_left(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(WRONG)
    ended = call("imports", "fix", ".")
    assert ended.code == 1
    assert (
        ended.out.splitlines()[-1] == "1 file looked at, 1 name corrected in 1 file, 1 finding left"
    )
    (tmp_path / "a.py").write_text(WRONG.splitlines()[0])
    assert call("imports", "fix", ".").code == 0
    clean = call("imports", "check", ".")
    assert (clean.code, clean.out) == (0, "1 file looked at, 0 findings\n")


def test_json(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(WRONG)
    (tmp_path / "b.py").write_text("def")
    ended = call("imports", "check", ".", "--format", "json")
    assert ended.code == 2
    data = json.loads(ended.out)
    assert data["looked_at"] == 1
    assert [item["code"] for item in data["files"][0]["left"]] == [
        "outdated-package",
        "unknown-class",
    ]
    assert data["files"][0]["left"][0]["right"] == "cdktn.App"
    assert data["unreadable"][0]["where"] == "b.py:1"
    assert "b.py:1" in ended.err


def test_what_was_not_looked_at_is_shown(call: Caller, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("build/\n")
    (tmp_path / "build").mkdir()
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "large.py").write_text("#" * 1_100_000)
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    (tmp_path / "closed.py").write_text(WRONG.splitlines()[0])
    (tmp_path / "closed.py").chmod(0o444)
    ended = call("imports", "fix", ".")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.splitlines() == [
        "closed.py:1:19: outdated-package: `cdktf.App` → `cdktn.App`",
        "closed.py: left alone: read-only",
        "large.py: not looked at: more than 1,000,000 bytes",
        "link.py: not looked at: a symbolic link",
        (
            "2 files looked at, 0 names corrected in 0 files, 1 finding left, 2 skipped, "
            "1 ignored (`--format json` lists them)"
        ),
    ]
    data = json.loads(call("imports", "check", ".", "--format", "json").out)
    assert {item["path"]: item["why"] for item in data["skipped"]} == {
        "build": "git ignores it",
        "large.py": "more than 1,000,000 bytes",
        "link.py": "a symbolic link",
    }
    (tmp_path / "closed.py").unlink()
    assert call("imports", "check", ".").code == 0
    named = call("imports", "check", "a.py", "link.py")
    assert named.code == 2
    assert "a symbolic link is in the path" in named.err


def test_wrong_calls(call: Caller) -> None:
    assert call("imports", "check").code == 3
    assert call("imports", "check", "nowhere.py").code == 3
    assert call("imports").code == 3
