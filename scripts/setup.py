"""Set revet up in a fresh clone, with nothing but Python and make. Standard library only.

    python3 scripts/setup.py

Makes `.venv` with revet and all that its development needs, sees to Node and Terraform, looks for
the AWS provider, and warms jsii's cache. A stamp in `.venv` remembers what was set up; a second run
that finds it valid does nothing. All is written inside the clone, apart from the caches of pip and
jsii, which are made to be shared. To begin anew, remove `.venv`.

What comes from a package index is a wheel whose hash requirements/ lists: nothing that was fetched
is executed to install it.

Exit codes: 0 done · 2 a step failed · 3 a prerequisite is missing · 130 interrupted.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON_MINIMUM = (3, 11)
NODE_MINIMUM = (22, 11)
PACKAGES = ("requirements/build.txt", "requirements/dev.txt")
NODE_PACKAGE = "requirements/node.txt"
RESTS_ON = (
    "pyproject.toml",
    *PACKAGES,
    NODE_PACKAGE,
    "scripts/setup.py",
    "scripts/fetch_terraform.py",
)
_TAIL = 15
_TICK = 1.0

FIND_TERRAFORM = """
import sys
from revet.model.errors import PrerequisiteError
from revet.target.binary import find_terraform
try:
    binary = find_terraform()
except PrerequisiteError as error:
    print(error)
    sys.exit(error.exit_code)
print(f"{binary.title}, {binary.path}")
"""
FIND_PROVIDER = """
from revet.target.binary import find_terraform
from revet.target.provider_search import find_provider
source = find_provider(find_terraform())
print(", ".join(filter(None, [source.where, *source.versions])))
"""
WARM_UP = "from revet.synth import warm_up; warm_up()"


class SetupError(Exception):
    """A step failed; the text says what and what to do."""

    exit_code = 2


class MissingError(SetupError):
    """Something that must be there before the set-up is missing."""

    exit_code = 3


class Console:
    """Shows the steps: with a running count of seconds on a terminal, else one line a step.

    Args:
        live: whether lines may be overwritten.
    """

    def __init__(self, *, live: bool) -> None:
        self._live = live

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Show a step while the block runs.

        Yields:
            A list; what the block puts into it is shown behind the step's name.
        """
        began = time.monotonic()
        notes: list[str] = []
        over = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(name, began, over))
        ticker.start()
        outcome = "failed after"
        try:
            yield notes
            outcome = ""
        finally:
            over.set()
            ticker.join()
            seconds = f"{time.monotonic() - began:.0f} s"
            text = " ".join(filter(None, [f"{name:<16}", *notes, outcome, f"({seconds})"]))
            print(f"\r\033[K{text}" if self._live else text, flush=True)

    def _tick(self, name: str, began: float, over: threading.Event) -> None:
        if not self._live:
            print(f"{name} …", flush=True)
            return
        while True:
            print(f"\r\033[K{name:<16} {time.monotonic() - began:.0f} s", end="", flush=True)
            if over.wait(_TICK):
                return


class Setup:
    """The set-up of one clone.

    Args:
        root: the clone's folder.
        console: where the steps are shown.
    """

    def __init__(self, root: Path, console: Console) -> None:
        self.root = root
        self.console = console
        self.venv = root / ".venv"
        self.python = self.venv / "bin" / "python"
        self.tools = root / ".tools"
        self.log = self.tools / "setup.log"
        self.stamp = self.venv / "setup-stamp.json"

    def key(self) -> str:
        """What the set-up rests on: when it changes, the set-up runs again."""
        digest = hashlib.sha256()
        for name in RESTS_ON:
            digest.update((self.root / name).read_bytes())
        digest.update(f"{sys.version}\0{self.root}".encode())
        return digest.hexdigest()

    def is_done(self) -> bool:
        """Whether an earlier set-up still holds: same key, and its programs are where they were."""
        try:
            stamp = json.loads(self.stamp.read_text("utf-8"))
            programs = [self.python, *map(Path, stamp["programs"])]
            return stamp["key"] == self.key() and all(path.exists() for path in programs)
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def run(self) -> None:
        """Run every step, unless a valid stamp says that all is done.

        Raises:
            SetupError: a step failed.
            MissingError: a prerequisite is missing.
        """
        if self.is_done():
            return
        try:
            self.tools.mkdir(exist_ok=True)
            lock = (self.tools / "setup.lock").open("w")
        except OSError as error:
            raise MissingError(
                f"this folder cannot be written to: {error}\n"
                "  do  make it writable, or clone to a place of your own"
            ) from error
        with lock:
            self._wait_for(lock.fileno())
            if self.is_done():
                return
            self.log.write_text("", "utf-8")
            self._virtual_environment()
            node = self._packages()
            terraform = self._terraform()
            self._provider()
            self._warm_up()
            programs = [str(path) for path in (node, terraform) if path is not None]
            stamp = json.dumps({"key": self.key(), "programs": programs}, indent=2)
            self.stamp.write_text(stamp, "utf-8")

    def _wait_for(self, lock: int) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with self.console.step("waiting") as notes:
                fcntl.flock(lock, fcntl.LOCK_EX)
                notes.append("for another set-up of this clone")

    def _virtual_environment(self) -> None:
        version = ".".join(map(str, sys.version_info[:3]))
        settings = self.venv / "pyvenv.cfg"
        text = settings.read_text("utf-8", "replace") if settings.is_file() else ""
        if self.python.exists() and re.search(rf"(?m)^version *= *{re.escape(version)}", text):
            return
        with self.console.step("environment") as notes:
            code = self._call([sys.executable, "-m", "venv", "--clear", str(self.venv)])
            if code != 0:
                raise MissingError(
                    f"Python cannot make a virtual environment\n{self._tail()}\n"
                    "  do  install the package that brings `venv` and `ensurepip` (on Debian and "
                    "Ubuntu `python3-venv`), then run it again"
                )
            notes.append(f"Python {version}")

    def _packages(self) -> Path | None:
        """Install revet with its extras and development tools; returns Node's path on `PATH`."""
        node, version = find_node()
        files = PACKAGES if node else (*PACKAGES, NODE_PACKAGE)
        wanted = [word for file in files for word in ("-r", file)]
        with self.console.step("packages") as notes:
            self._pip("--require-hashes", "--only-binary", ":all:", *wanted)
            # revet itself: the build backend and all that it depends on are there by now
            self._pip("--no-index", "--no-deps", "--no-build-isolation", "--editable", ".")
            notes.append(f"revet, Node {version}" if node else "revet, Node from its package")
        return node

    def _pip(self, *arguments: str) -> None:
        code = self._call([str(self.python), "-m", "pip", "install", "--no-input", *arguments])
        if code != 0:
            raise SetupError(
                f"pip failed\n{self._tail()}\n  do  {pip_advice(self._text())}\n"
                f"  all of it: {self.log}"
            )

    def _terraform(self) -> Path:
        with self.console.step("Terraform") as notes:
            code = self._call([str(self.python), "-c", FIND_TERRAFORM])
            if code == MissingError.exit_code and not os.environ.get("TERRAFORM_BINARY_NAME"):
                fetch = str(self.root / "scripts" / "fetch_terraform.py")
                if self._call([sys.executable, fetch, str(self.tools)]) != 0:
                    raise SetupError(self._tail())
                pinned = "not pinned: " not in self._text()
                notes.extend([] if pinned else ["its checksum is not pinned, see the log;"])
                code = self._call([str(self.python), "-c", FIND_TERRAFORM])
            if code == MissingError.exit_code:
                raise MissingError(self._tail())
            if code != 0:
                raise SetupError(f"Terraform could not be looked for\n{self._tail()}")
            notes.append(self._last_line())
        return Path(self._last_line().partition(", ")[2])

    def _provider(self) -> None:
        with self.console.step("AWS provider") as notes:
            if self._call([str(self.python), "-c", FIND_PROVIDER]) != 0:
                raise SetupError(f"the AWS provider could not be looked for\n{self._tail()}")
            notes.append(self._last_line())

    def _warm_up(self) -> None:
        with self.console.step("jsii cache"):
            if self._call([str(self.python), "-c", WARM_UP]) != 0:
                raise SetupError(f"CDK Terrain does not start\n{self._tail()}\n  log {self.log}")

    def _call(self, argv: Sequence[str]) -> int:
        """Run a program; what it says goes to the log. Returns its exit code."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(argv)[:200]}\n")
            log.flush()
            self._began = log.tell()
            environment = {k: v for k, v in os.environ.items() if k not in _DISTURBING}
            return subprocess.run(
                argv,
                cwd=self.root,
                env={**environment, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode

    def _text(self) -> str:
        """What the last program said."""
        with self.log.open(encoding="utf-8", errors="replace") as log:
            log.seek(self._began)
            return log.read()

    def _tail(self) -> str:
        return "\n".join(f"  {line}" for line in self._text().splitlines()[-_TAIL:])

    def _last_line(self) -> str:
        lines = self._text().splitlines()
        return lines[-1] if lines else ""


_DISTURBING = frozenset(
    {
        "PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT",
        "PIP_NO_BINARY", "PIP_REQUIREMENT", "PIP_EDITABLE", "PIP_CONSTRAINT", "PIP_NO_DEPS",
        "PIP_DRY_RUN", "PIP_PYTHON",
    }
)  # fmt: skip


def require_python(version: Sequence[int]) -> None:
    """Refuse a Python that is too old.

    Raises:
        MissingError: it is.
    """
    if tuple(version[:2]) < PYTHON_MINIMUM:
        wanted = ".".join(map(str, PYTHON_MINIMUM))
        raise MissingError(
            f"Python {'.'.join(map(str, version[:3]))} is too old: revet needs {wanted} or newer\n"
            "  do  install one, or name it: make PYTHON=/path/to/python3 …"
        )


def find_node() -> tuple[Path | None, str]:
    """Node on `PATH`, and its version, when it is new enough for CDK Terrain."""
    found = shutil.which("node")
    if found is None:
        return None, ""
    try:
        done = subprocess.run(
            [found, "--version"], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return None, ""
    match = re.fullmatch(r"v(\d+)\.(\d+)\.\S+", done.stdout.strip())
    new = match is not None and (int(match[1]), int(match[2])) >= NODE_MINIMUM
    return (Path(found), done.stdout.strip()[1:]) if new else (None, "")


_PIP_ADVICE = (
    (
        r"do not match the hashes|hashes are required|--require-hashes",
        "install nothing from there: requirements/ lists no such file; name another index",
    ),
    (r"no space left", "free some disk space and run it again"),
    (r"permission denied", "make this folder writable for you and run it again"),
    (
        r"certificate|ssl",
        "let pip trust your network's certificate authority (`PIP_CERT`), then run it again",
    ),
    (
        r"no matching distribution|could not find a version",
        "see whether pip's package index (`pip config list`) has this package for this Python",
    ),
    (
        r"connection|timed? ?out|resolve|unreachable|proxy",
        "check the network, or name an index that can be reached in `PIP_INDEX_URL`; run it again",
    ),
)


def pip_advice(text: str) -> str:
    """What to do about a failed pip, from what it said."""
    for pattern, advice in _PIP_ADVICE:
        if re.search(pattern, text, re.IGNORECASE):
            return advice
    return "read the log; what pip says there usually names the cause"


def main() -> int:
    """Run from the command line."""
    live = sys.stdout.isatty() and not os.environ.get("CI")
    try:
        require_python(sys.version_info[:3])
        Setup(ROOT, Console(live=live)).run()
    except SetupError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("set-up: stopped; run it again to go on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
