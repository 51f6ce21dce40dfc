"""Faults of the user and of the machine: one clear message, never our own failure, never 0.

Each command as its own process, as a shell would start it: `faults.toml` says what is done to it.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.test_bad_inputs import _plan

if TYPE_CHECKING:
    from tests.cli.conftest import Caller

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden" / "report" / "verdict.json"
TABLE = tomllib.loads((HERE / "faults.toml").read_text("utf-8"))
COMMANDS: dict[str, list[str]] = TABLE["commands"]
REVET = [sys.executable, "-m", "revet.cli"]
FAST = ("version", "check", "report as json", "iam validate")
EACH = [name if name in FAST else pytest.param(name, marks=pytest.mark.slow) for name in COMMANDS]
"""Each command of the table; those that differ little from another are tried in the full suite."""

ROOT = os.geteuid() == 0
Ended = subprocess.CompletedProcess[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a plan, a verdict, a policy and a case."""
    made = tmp_path / "project"
    made.mkdir()
    (made / "plan.json").write_text(json.dumps(_plan()))
    shutil.copy(GOLDEN, made / "verdict.json")
    (made / "policy.json").write_text('{"Version": "2012-10-17", "Statement": []}')
    case = {
        "name": "a",
        "request": {
            "principal": "arn:aws:iam::111122223333:user/a",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/c",
        },
        "principal_account": "111122223333",
        "resource_account": "111122223333",
        "identity_policies": [],
    }
    (made / "cases.jsonl").write_text(json.dumps(case) + "\n")
    (made / "case.json").write_text(json.dumps(case))
    (made / "code.py").write_text("import this_is_not_cdktn\n")
    return made


def _start(
    folder: Path,
    *arguments: str,
    before: Callable[[], None] | None = None,
    **options: Any,  # noqa: ANN401
) -> Ended:
    environment = {**os.environ, "TMPDIR": str(folder.parent), **options.pop("variables", {})}
    return subprocess.run(
        [*REVET, *arguments],
        cwd=options.pop("cwd", folder),
        env={name: value for name, value in environment.items() if value is not None},
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=options.pop("stderr", subprocess.PIPE),
        encoding="utf-8",
        errors="replace",
        preexec_fn=before,
        timeout=120,
        check=False,
        **options,
    )


def _clear(ended: Ended, codes: tuple[int, ...], folder: Path) -> None:
    """One clear message and no crash."""
    said = ended.stderr or ""
    assert ended.returncode in codes, said
    assert "revet itself failed" not in said, said
    assert "Traceback" not in said, said
    assert "Exception ignored" not in said, said
    assert not list(folder.parent.rglob("revet-crash-*"))


@pytest.mark.parametrize("command", EACH)
def test_each_command_of_the_table_works_without_a_fault(command: str, folder: Path) -> None:
    ended = _start(folder, *COMMANDS[command])
    _clear(ended, (0, 1), folder)
    assert ended.stdout or command == "init", "a command without output cannot lose it"


@pytest.mark.parametrize("command", EACH)
def test_a_full_stdout_is_an_error(command: str, folder: Path) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        ended = _start(folder, *COMMANDS[command], stdout=full)
    _clear(ended, (2,), folder)
    assert "the output cannot be written" in ended.stderr
    assert "no space left on device" in ended.stderr


@pytest.mark.parametrize("command", EACH)
def test_a_closed_stdout_is_an_error(command: str, folder: Path) -> None:
    ended = _start(folder, *COMMANDS[command], stdout=None, before=lambda: os.close(1))
    _clear(ended, (2,), folder)
    assert "the output cannot be written" in ended.stderr
    assert "leave stdout open" in ended.stderr


@pytest.mark.parametrize("command", EACH)
def test_a_reader_that_has_gone_ends_it_quietly_and_never_with_0(
    command: str, folder: Path
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = _start(folder, *COMMANDS[command], stdout=writing)
    os.close(writing)
    _clear(ended, (2,), folder)
    assert "error:" not in ended.stderr


@pytest.mark.parametrize("command", ["check", "iam validate"])
@pytest.mark.parametrize("how", ["closed", "full"])
def test_without_a_stderr_the_exit_code_still_says_it(command: str, how: str, folder: Path) -> None:
    usual = _start(folder, *COMMANDS[command])
    if how == "closed":
        ended = _start(folder, *COMMANDS[command], stderr=None, before=lambda: os.close(2))
    else:
        with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
            ended = _start(folder, *COMMANDS[command], stderr=full)
    assert (ended.returncode, ended.stdout) == (usual.returncode, usual.stdout)
    missing = _start(folder, "report", "nothing.json", stderr=None, before=lambda: os.close(2))
    assert missing.returncode == 3


def test_with_all_three_streams_closed_no_file_becomes_the_output(folder: Path) -> None:
    written = folder / "out.json"

    def closed() -> None:
        for number in (0, 1, 2):
            os.close(number)

    ended = _start(
        folder, "report", "verdict.json", "--format", "json", "--output", str(written),
        stdout=None, stderr=None, before=closed,
    )  # fmt: skip
    assert ended.returncode == 0
    assert written.read_bytes() == GOLDEN.read_bytes()


@pytest.mark.parametrize("case", TABLE["input"], ids=lambda case: str(case["name"]))
@pytest.mark.parametrize("reader", list(TABLE["readers"]))
def test_a_file_that_is_not_what_it_should_be(
    reader: str,
    case: dict[str, Any],
    folder: Path,
    call: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = folder / "given.toml"
    monkeypatch.chdir(folder)
    _make(path, case, TABLE["digits"][reader])
    ended = call(*(part.replace("GIVEN", str(path)) for part in TABLE["readers"][reader]))
    answers = reader in TABLE["judged"] and path.exists() and not path.is_dir()
    empty = case["is"] == "link" and case["to"] == "/dev/null" and reader in TABLE["may_be_empty"]
    assert ended.code in ((1, 2, 3) if answers or empty else (2, 3)), ended.all
    assert "revet itself failed" not in ended.err
    assert "Traceback" not in ended.all
    if not answers and not empty:
        assert ended.err.startswith("error: ")
        assert "  do " in ended.err


def _make(path: Path, case: dict[str, Any], digits: str) -> None:
    match case["is"]:
        case "folder":
            path.mkdir()
        case "socket":
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(path.name)
        case "link":
            path.symlink_to(case["to"])
        case "repeated":
            path.write_bytes(case["text"].encode() * case["times"])
        case "bytes":
            path.write_bytes(bytes(case["text"]))
        case "digits":
            path.write_text(digits.replace("N", "9" * 5000))
        case what:
            assert what == "missing"


@pytest.mark.parametrize("reader", ["plan", "config", "previous", "policy"])
def test_a_file_without_the_right_to_read_it(reader: str, folder: Path) -> None:
    path = folder / "given.toml"
    path.write_text("{}")
    path.chmod(0)
    arguments = [part.replace("GIVEN", str(path)) for part in TABLE["readers"][reader]]
    ended = _start(folder, *arguments, before=_without_rights if ROOT else None)
    _clear(ended, (2, 3), folder)
    assert "permission denied" in ended.stderr.lower() or "is not readable" in ended.stderr


def _without_rights() -> None:
    """Take from root the rights to read and write what modes forbid (`capabilities(7)`)."""
    for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        assert ctypes.CDLL(None).prctl(24, right, 0, 0, 0) == 0  # PR_CAPBSET_DROP


def test_a_plan_comes_through_a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    writer = subprocess.Popen(["cp", "plan.json", "pipe"], cwd=folder)
    ended = _start(folder, "check", "./pipe")
    assert writer.wait(timeout=60) == 0
    _clear(ended, (1,), folder)


def test_a_pipe_into_which_nobody_writes_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    ended = _start(folder, "check", "./pipe")
    _clear(ended, (2,), folder)
    assert "nobody has written" in ended.stderr


def test_an_endless_stdin_is_not_read_to_its_end(folder: Path) -> None:
    with open("/dev/zero", "rb") as endless:  # noqa: PTH123 - a device
        ended = _start(
            folder,
            "iam",
            "validate",
            "-",
            "--type",
            "identity",
            stdin=endless,
            before=_limit_memory,
        )
    _clear(ended, (2,), folder)
    assert "more than 512 mib" in ended.stderr


def _limit_memory(size: int = 2 * 2**30) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def test_too_little_memory_is_said(folder: Path) -> None:
    (folder / "big.json").write_text('{"a": [' + "[]," * 6_000_000 + "[]]}")
    ended = _start(folder, "check", "big.json", before=lambda: _limit_memory(300 * 2**20))
    _clear(ended, (2,), folder)
    assert "there is not enough memory" in ended.stderr


@pytest.mark.parametrize("left", [0, 1, 2])
def test_too_few_open_files_are_said(left: int, folder: Path) -> None:
    program = (
        "import os, resource\n"
        "from revet.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
        "held = []\n"
        "try:\n    while True:\n        held.append(os.open('/dev/null', os.O_RDONLY))\n"
        "except OSError:\n    pass\n"
        f"for number in held[:{left}]:\n    os.close(number)\n"
        "main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, "check", "plan.json"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    _clear(ended, (1, 2) if left else (2,), folder)
    if ended.returncode == 2:
        assert "too many open files" in ended.stderr.lower()


@pytest.mark.parametrize(("command", "form"), [("check", "json"), ("report", "html")])
def test_a_limit_on_the_size_of_files_keeps_what_was_there(
    command: str, form: str, folder: Path
) -> None:
    output = folder / "out" / "report"
    output.parent.mkdir()
    output.write_text("what was there before")

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    arguments = [*COMMANDS[command], "--format", form, "--output", str(output)]
    ended = _start(folder, *arguments, before=small)
    _clear(ended, (2,), folder)
    assert "what was there before is still there" in ended.stderr
    assert "file too large" in ended.stderr
    assert ended.stderr.splitlines()[0].startswith(("blocked: ", "allowed: ", "undecided: "))
    assert output.read_text() == "what was there before"
    assert [path.name for path in output.parent.iterdir()] == ["report"]


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system without any room."""
    where = tmp_path / "full"
    where.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(where)],
        capture_output=True, text=True, check=False,
    ) if ROOT and sys.platform == "linux" and shutil.which("mount") else None  # fmt: skip
    if done is None or done.returncode:
        reason = done.stderr.strip() if done else "not root on Linux"
        pytest.skip(f"no small file system can be mounted: {reason}")
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)


def _fill(folder: Path) -> None:
    try:
        (folder / "filler").write_bytes(bytes(2**20))
    except OSError as error:
        assert error.errno == errno.ENOSPC  # noqa: PT017 - the point of it


@pytest.mark.parametrize("form", ["json", "html"])
def test_a_full_disk_keeps_what_was_there(form: str, folder: Path, full_disk: Path) -> None:
    output = full_disk / "report"
    output.write_text("before")
    _fill(full_disk)
    ended = _start(folder, "check", "plan.json", "--format", form, "--output", str(output))
    _clear(ended, (2,), folder)
    assert "no space left on device" in ended.stderr
    assert ended.stderr.startswith("blocked: ")
    assert output.read_text() == "before"


def test_a_project_on_a_full_disk(folder: Path, full_disk: Path) -> None:
    _fill(full_disk)
    ended = _start(folder, "init", str(full_disk / "new"))
    _clear(ended, (2, 3), folder)
    assert "no space left on device" in ended.stderr


def test_a_crash_report_that_cannot_be_saved_says_so(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,  # noqa: ANN401
) -> None:
    from revet.cli import failure  # noqa: PLC0415 - this test alone runs it in this process

    del folder

    def broken() -> int:
        raise ZeroDivisionError("by design \udcff")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    assert failure.run(broken, ["a\udcff"]) == 2
    said = capsys.readouterr().err
    assert "revet itself failed" in said
    assert "could not be saved" in said
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert failure.run(broken, ["a\udcff"]) == 2
    [saved] = tmp_path.glob("revet-crash-*.txt")
    assert "arguments: a\\udcff" in saved.read_text("utf-8")


def test_the_folder_of_the_call_is_gone(folder: Path) -> None:
    gone = folder / "gone"
    gone.mkdir()
    ended = _start(
        folder, "check", "plan.json", cwd=gone, before=gone.rmdir,
        variables={"PYTHONSAFEPATH": "1"},
    )  # fmt: skip
    _clear(ended, (2, 3), folder)
    named = _start(folder, "check", "tap", cwd=gone, before=gone.rmdir) if gone.exists() else ended
    _clear(named, (2, 3), folder)


@pytest.mark.parametrize("variables", TABLE["environment"], ids=str)
def test_a_strange_environment_changes_nothing(variables: dict[str, str], folder: Path) -> None:
    text = _start(folder, "check", "plan.json", variables=variables)
    _clear(text, (1,), folder)
    assert "blocked: plan.json" in text.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_names_that_the_terminal_cannot_show_are_escaped(encoding: str, folder: Path) -> None:
    plan = json.dumps(_plan()).replace("aws_s3_bucket.a", "aws_s3_bucket.ünïcödé")
    plan = plan.replace('"name": "a"', '"name": "ünïcödé"')
    (folder / "plan.json").write_text(plan, "utf-8")
    variables = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C", "LANG": "C"}
    ended = _start(folder, "check", "plan.json", variables=variables)
    _clear(ended, (1,), folder)
    assert "blocked: plan.json" in ended.stdout


@pytest.mark.parametrize("command", ["check", "report", "iam validate"])
def test_an_argument_that_is_not_utf8(command: str, folder: Path) -> None:
    arguments = [
        os.fsencode(part) if not part.endswith((".json", ".py")) else b"\xff\xfe.json"
        for part in COMMANDS[command]
    ]
    ended = subprocess.run(
        [*map(os.fsencode, REVET), *arguments],
        cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False,
        timeout=120,
    )  # fmt: skip
    _clear(ended, (1, 2, 3), folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_at_any_moment_is_an_interruption(number: signal.Signals, folder: Path) -> None:
    """From the first line of ours on; before, Python itself is not ready."""
    program = (
        "import os, signal, sys\n"
        "from revet.cli import main\n"
        "class Trap:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == module:\n"
        "            os.kill(os.getpid(), int(number))\n"
        "module, number = sys.argv.pop(), sys.argv.pop()\n"
        "sys.meta_path.insert(0, Trap())\n"
        "main()\n"
    )
    for module in ("revet.cli.app", "revet.plan"):
        ended = subprocess.run(
            [sys.executable, "-c", program, "check", "plan.json", str(int(number)), module],
            cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        _clear(ended, (130,), folder)
        assert ended.stderr == "error: interrupted\n", module


def test_ctrl_c_while_it_waits_for_a_plan(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    process = subprocess.Popen(
        [*REVET, "check", "./pipe"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    with (folder / "pipe").open("w"):  # as soon as it has opened the other end
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
    assert (process.returncode, out, said) == (130, "", "error: interrupted\n")


@pytest.mark.parametrize("case", TABLE["daemon"], ids=lambda case: str(case["name"]))
@pytest.mark.parametrize("command", ["status", "stop", "env"])
def test_a_broken_record_of_the_embedded_aws(
    command: str, case: dict[str, str], folder: Path, call: Caller
) -> None:
    state = folder / "state"
    state.mkdir(mode=0o700)
    record = state / "daemon.json"
    if case.get("is") == "folder":
        record.mkdir(mode=0o700)
    elif case.get("is") == "endless":
        record.symlink_to("/dev/zero")
    else:
        record.touch(mode=0o600)
        record.write_text(case["text"].replace("N", "9" * 5000))
    ended = call("aws", command, "--state", str(state))
    assert ended.code in (0, 2, 3), ended.all
    assert "revet itself failed" not in ended.err
    assert "Traceback" not in ended.all
