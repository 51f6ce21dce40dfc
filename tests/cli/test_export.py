"""`revet export hcl`: where the file goes, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Caller

SYNTHESIS = """\
import json, os, pathlib
out = pathlib.Path(os.environ["CDKTF_OUTDIR"])
path = out / "stacks" / "net" / "cdk.tf.json"
path.parent.mkdir(parents=True)
{more}
path.write_text(json.dumps({configuration!r}))
stacks = {{"net": {{"synthesizedStackPath": "stacks/net/cdk.tf.json", "dependencies": []}}}}
(out / "manifest.json").write_text(json.dumps({{"stacks": stacks}}))
"""
SMALL = {
    "resource": {"aws_vpc": {"main_0A1B2C3D": {"cidr_block": "10.0.0.0/16"}}},
    "output": {"id": {"value": "${aws_vpc.main_0A1B2C3D.id}"}},
}


def program(folder: Path, configuration: object, more: str = "") -> None:
    text = SYNTHESIS.format(configuration=configuration, more=more)
    (folder / "app.py").write_text(text, encoding="utf-8")
    (folder / "revet.toml").write_text('[stacks.net]\nprogram = "app.py"\n', encoding="utf-8")


def test_the_file_is_written_or_shown(call: Caller, tmp_path: Path) -> None:
    program(tmp_path, SMALL)
    shown = call("export", "hcl", "net")
    assert shown.code == 0, shown.err
    assert 'resource "aws_vpc" "main" {' in shown.out
    assert "value = aws_vpc.main.id" in shown.out
    written = call("export", "hcl", "net", "-o", "deep/net.tf")
    assert (written.code, written.out) == (0, "")
    assert "deep/net.tf: 1 resources" in written.err
    assert (tmp_path / "deep/net.tf").read_text(encoding="utf-8") == shown.out


def test_files_that_the_stack_reads_are_named(call: Caller, tmp_path: Path) -> None:
    program(tmp_path, SMALL, more="(path.parent / 'assets').mkdir()")
    ended = call("export", "hcl", "net")
    assert ended.code == 0
    assert "copy `" in ended.err
    assert "assets` beside it" in ended.err


def test_what_is_left_out_is_named(call: Caller, tmp_path: Path) -> None:
    program(tmp_path, {**SMALL, "moved": {"from": "aws_vpc.a", "to": "aws_vpc.main_0A1B2C3D"}})
    ended = call("export", "hcl", "net")
    assert ended.code == 0, ended.err
    assert "Left out: `moved`, which means nothing without the state of the JSON" in ended.err
    assert "moved {" not in ended.out


CANNOT = {
    "`check`": {"check": {"up": {}}},
    "a module in a folder": {"module": {"net": {"source": "./net"}}},
    "whether `options` of `datadog_monitor` is a block or an argument is not known": {
        "resource": {"datadog_monitor": {"cpu": {"name": "cpu", "options": [{"a": 1}]}}}
    },
    "Net: aws_vpc.main".removeprefix("Net: "): {
        "resource": {"aws_vpc": {"main": {"cidr_block": "${var.a"}}}
    },
    "`validations`, which is not known here": {"variable": {"a": {"validations": []}}},
}


@pytest.mark.parametrize("said", CANNOT)
def test_what_cannot_be_written_unambiguously_is_refused(
    said: str, call: Caller, tmp_path: Path
) -> None:
    program(tmp_path, CANNOT[said])
    ended = call("export", "hcl", "net", "-o", "net.tf")
    assert ended.code == 2, ended.out
    assert "the stack cannot be written as HCL" in ended.err
    assert said in ended.err
    assert not (tmp_path / "net.tf").exists()


def test_a_program_that_fails_is_named(call: Caller, tmp_path: Path) -> None:
    program(tmp_path, SMALL, more="raise SystemExit('no such thing')")
    ended = call("export", "hcl", "net")
    assert ended.code == 3
    assert "app.py" in ended.err


def test_a_stack_is_asked_for(call: Caller) -> None:
    assert call("export", "hcl").code == 3
    assert call("export").code == 3
