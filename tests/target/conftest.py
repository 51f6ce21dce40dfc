"""A program that answers like Terraform: with recorded messages."""

import json
import stat
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from revet.target.binary import Binary
from revet.target.provider import machine_name

STREAMS = Path(__file__).parent / "streams"

_PROGRAM = """#!{python}
import json, os, pathlib, signal, sys
here = pathlib.Path({folder!r})
command = sys.argv[1]
with (here / "calls.jsonl").open("a") as log:
    log.write(json.dumps({{"argv": sys.argv[1:], "environment": dict(os.environ)}}) + "\\n")
answer = json.loads((here / "answers.json").read_text())[command]
for argument in sys.argv:
    if argument.startswith("-out="):
        pathlib.Path(argument[5:]).write_bytes(b"the plan of " + os.getcwd().encode())
interrupts = answer.get("interrupts", 0)
if interrupts:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
print(answer["head"], flush=True, end="")
for number in range(interrupts):
    signal.sigwait([signal.SIGINT])
    with (here / "interrupts").open("a") as log:
        log.write("SIGINT\\n")
print(answer["tail"], flush=True, end="")
sys.stderr.write(answer.get("stderr", ""))
sys.exit(answer.get("code", 0))
"""


@dataclass
class FakeTerraform:
    """A folder with the program, its answers and the calls that it got."""

    folder: Path
    answers: dict[str, dict[str, object]] = field(default_factory=dict)

    def says(
        self,
        command: str,
        text: str = "",
        *,
        stream: str = "",
        code: int = 0,
        stderr: str = "",
        interrupt_after: str = "",
        interrupts: int = 1,
    ) -> None:
        text = text or ((STREAMS / stream).read_text("utf-8") if stream else "")
        head, tail = text, ""
        if interrupt_after:
            before, found, after = text.partition(interrupt_after)
            assert found, "the recording does not hold the place to stop at"
            rest, end, tail = after.partition("\n")
            head = before + found + rest + end
        self.answers[command] = {
            "head": head,
            "tail": tail,
            "code": code,
            "stderr": stderr,
            "interrupts": interrupts if interrupt_after else 0,
        }
        (self.folder / "answers.json").write_text(json.dumps(self.answers))

    def calls(self) -> list[dict[str, Any]]:
        lines = (self.folder / "calls.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def interrupts(self) -> int:
        file = self.folder / "interrupts"
        return len(file.read_text().splitlines()) if file.exists() else 0

    def wait_for_interrupts(self, number: int, seconds: float = 60) -> None:
        """Two signals that are pending at once would arrive as one."""
        end = time.monotonic() + seconds
        while self.interrupts() < number:
            assert time.monotonic() < end, f"{self.interrupts()} of {number} interrupts arrived"
            threading.Event().wait(0.01)

    @property
    def path(self) -> Path:
        return self.folder / "terraform"

    @property
    def binary(self) -> Binary:
        return Binary(self.path, "terraform", "1.11.4", "test")


@pytest.fixture
def fake(tmp_path: Path) -> FakeTerraform:
    folder = tmp_path / "fake"
    folder.mkdir()
    made = FakeTerraform(folder)
    made.path.write_text(_PROGRAM.format(python=sys.executable, folder=str(folder)))
    made.path.chmod(made.path.stat().st_mode | stat.S_IXUSR)
    made.says("version", "Terraform v1.11.4\non linux_amd64\n")
    return made


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    folder = tmp_path / "stack"
    folder.mkdir()
    (folder / "cdk.tf.json").write_text("{}")
    return folder


@pytest.fixture
def holding() -> Callable[..., Path]:
    """Makes a plugin folder that holds versions of the AWS provider for this machine."""

    def make(folder: Path, *versions: str, host: str = "registry.terraform.io") -> Path:
        for version in versions:
            place = folder / host / "hashicorp" / "aws" / version / machine_name()
            place.mkdir(parents=True)
            (place / f"terraform-provider-aws_v{version}_x5").touch()
        return folder

    return make
