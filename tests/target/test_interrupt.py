"""A Ctrl-C reaches Terraform once, its state is written, and the message says how to go on."""

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest

from revet.model.errors import InterruptedRunError
from revet.target.events import Event
from revet.target.provider import ProviderSource
from revet.target.terraform import Terraform

if TYPE_CHECKING:
    from tests.target.conftest import FakeTerraform

_RUN = """
import signal, sys
from pathlib import Path
from revet.model.errors import RevetError
from revet.model.verdict import Provenance, Verdict
from revet.target.binary import Binary
from revet.target.provider import ProviderSource
from revet.target.terraform import Terraform

signal.signal(signal.SIGINT, signal.default_int_handler)
terraform = Terraform(
    Path(sys.argv[1]),
    binary=Binary(Path(sys.argv[2]), "terraform", "1.11.4", "test"),
    observe=lambda event: print(event.kind, event.address, event.detail, flush=True),
    provider=ProviderSource("registry", "registry"),
)
try:
    step = sys.argv[3]
    if step == "apply":
        saved = terraform.plan()
        verdict = Verdict(Provenance("s", "check", plan_hash=saved.sha256))
        terraform.apply(saved, verdict)
    else:
        getattr(terraform, step)()
except RevetError as error:
    print(error, flush=True)
    sys.exit(error.exit_code)
"""
DEADLINE = 60


@pytest.fixture
def start(fake: "FakeTerraform", configuration: Path) -> Iterator["Starter"]:
    starter = Starter(fake, configuration)
    yield starter
    for process in starter.processes:
        process.kill()
        process.communicate(timeout=DEADLINE)


class Starter:
    def __init__(self, fake: "FakeTerraform", configuration: Path) -> None:
        self.arguments = [str(configuration), str(fake.path)]
        self.processes: list[subprocess.Popen[str]] = []

    def __call__(self, step: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN, *self.arguments, step],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return process


def until(process: subprocess.Popen[str], text: str) -> str:
    stdout: IO[str] | None = process.stdout
    assert stdout is not None
    read = []
    for line in stdout:
        read.append(line)
        if text in line:
            return line
    pytest.fail(f"`{text}` did not come; got:\n{''.join(read)}")


@pytest.fixture
def _interrupted_apply(fake: "FakeTerraform") -> None:
    fake.says("plan", stream="plan.jsonl")
    fake.says("show", stream="plan.json")
    fake.says(
        "apply",
        stream="apply_interrupted.jsonl",
        code=1,
        interrupt_after='"type":"provision_progress"',
    )


@pytest.mark.usefixtures("_interrupted_apply")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("whole_group", [False, True])
def test_terraform_is_interrupted_once_and_its_end_is_read(
    start: Starter, fake: "FakeTerraform", number: signal.Signals, *, whole_group: bool
) -> None:
    """A terminal sends Ctrl-C to the whole group: Terraform must not get it twice."""
    process = start("apply")
    until(process, "resource_start")
    if whole_group:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    rest = process.communicate(timeout=DEADLINE)[0]
    assert process.returncode == 130
    assert fake.interrupts() == 1
    assert "resource_error terraform_data.b" in rest, "what came after the interrupt is read"
    assert "Terraform finishes what it has begun and writes its state" in rest
    assert "the state holds everything that has been made so far" in rest
    assert "run the same command again to go on from there" in rest


def test_the_third_interrupt_makes_terraform_give_up(start: Starter, fake: "FakeTerraform") -> None:
    fake.says("plan", stream="plan.jsonl")
    fake.says("show", stream="plan.json")
    fake.says(
        "apply",
        stream="apply_interrupted.jsonl",
        code=1,
        interrupt_after='"type":"provision_progress"',
        interrupts=2,
    )
    process = start("apply")
    until(process, "resource_start")
    process.send_signal(signal.SIGINT)
    until(process, "note  stopping")
    fake.wait_for_interrupts(1)
    process.send_signal(signal.SIGINT)
    until(process, "still stopping; once more")
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=DEADLINE)[0]
    assert process.returncode == 130
    assert fake.interrupts() == 2
    assert "the state may lack resources" in rest


def test_a_stopped_plan_has_changed_nothing(start: Starter, fake: "FakeTerraform") -> None:
    fake.says("plan", stream="plan.jsonl", code=1, interrupt_after='"type":"change_summary"')
    process = start("plan")
    until(process, "note")
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=DEADLINE)[0]
    assert process.returncode == 130
    assert "nothing has been changed" in rest


def test_an_observer_that_fails_does_not_leave_terraform_running(
    fake: "FakeTerraform", configuration: Path
) -> None:
    def failing(event: object) -> None:
        if "resource_start" in str(event):
            raise RuntimeError(str(event))

    fake.says("destroy", stream="destroy.jsonl", interrupt_after='"type":"apply_start"')
    terraform = Terraform(
        configuration,
        binary=fake.binary,
        observe=failing,
        provider=ProviderSource("registry", ""),
    )
    with pytest.raises(RuntimeError, match="resource_start"):
        terraform.destroy()
    assert fake.interrupts() == 1
    assert json.loads((fake.folder / "answers.json").read_text())["destroy"]["interrupts"] == 1


def test_an_interrupt_that_ends_no_wait_is_heard(
    fake: "FakeTerraform", configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread gets the signal, as one of the system's choosing may: our wait goes on."""
    waiting = threading.Event()
    said: list[Event] = []

    class Selector(selectors.DefaultSelector):
        def select(self, timeout: float | None = None) -> list[Any]:
            if any(event.kind == "resource_start" for event in said):
                waiting.set()
            return super().select(timeout)

    def interrupt() -> None:
        assert waiting.wait(DEADLINE)
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)

    monkeypatch.setattr(selectors, "DefaultSelector", Selector)
    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    fake.says("destroy", stream="destroy.jsonl", interrupt_after='"type":"apply_start"')
    terraform = Terraform(
        configuration,
        binary=fake.binary,
        observe=said.append,
        provider=ProviderSource("registry", ""),
    )
    with pytest.raises(InterruptedRunError):
        terraform.destroy()
    interrupting.join()
    assert fake.interrupts() == 1
    assert any("Terraform finishes what it has begun" in event.detail for event in said)
