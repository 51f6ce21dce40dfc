"""Start, find, ask and stop the embedded AWS. Needs nothing but the standard library.

The daemon's record, `daemon.json`, is read from a private folder alone, and believed only when the
process behind the port answers with the run id that it names: a record that a killed daemon left
behind is never mistaken for a daemon.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from revet.embedded.daemon_record import checked_record
from revet.embedded.denials import FILE_NAME as DENIALS_FILE
from revet.embedded.environment import (
    MEMBERS_VARIABLE,
    UNSET,
    daemon_environment,
    program_environment,
)
from revet.embedded.faults import FILE_NAME as FAULTS_FILE
from revet.embedded.faults import INTERNAL, NOT_DELIVERED, UNMODELLED, read_lines
from revet.embedded.reported import reported
from revet.files import (
    make_private_folder,
    open_private,
    parse_json,
    read_private,
    require_nameable,
    require_private,
)
from revet.model.errors import EmbeddedError, PrerequisiteError, RevetError

Json = Any
"""A JSON value."""
DAEMON_FILE = "daemon.json"
LOCK_FILE = "daemon.lock"
LOG_FILE = "daemon.log"
CALLS_FILE = "calls.jsonl"
DELIVERIES_FILE = "deliveries.jsonl"

_START_SECONDS = 60.0
_ANSWER_SECONDS = 30.0
_STOP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Daemon:
    """A running embedded AWS.

    Args:
        state_dir: folder of its state.
        pid: of its process.
        port: on 127.0.0.1.
        ca_path: certificate of the authority that signs its hosts.
        run_id: secret of this run; control requests carry it.
        region: default region of the programs that use it.
        access_key: id of this run's deploying credentials.
        secret_key: their secret; nobody is served without it.
    """

    state_dir: Path
    pid: int
    port: int
    ca_path: Path
    run_id: str = field(repr=False)
    region: str
    access_key: str
    secret_key: str = field(repr=False)

    @property
    def url(self) -> str:
        """The proxy's URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def unset(self) -> tuple[str, ...]:
        """Names that a program's environment must not hold; take them out before `environment`."""
        return UNSET

    def environment(self) -> dict[str, str]:
        """Variables that lead any program that uses an AWS SDK here, and nowhere else.

        With a key that no account knows, a program that misses the proxy fails at the real AWS.
        The files named for configuration and credentials do not exist, which SDKs and Terraform
        take for empty ones. Names in `unset` must be taken out besides.
        """
        return program_environment(
            self.url,
            self.ca_path,
            self.region,
            (self.access_key, self.secret_key),
            self.state_dir / "no-aws-files",
        )

    def health(self) -> dict[str, Any]:
        """What the daemon says of itself.

        Raises:
            EmbeddedError: it does not answer, or another process answers on its port.
        """
        answer: dict[str, Any] = self._ask("GET", "health")
        if answer.get("run_id") != self.run_id:
            raise EmbeddedError(
                "another run answers on the daemon's port",
                where=self.url,
                do="start the embedded AWS again",
            )
        return answer

    def inventory(self) -> dict[str, list[str]]:
        """Everything that exists, path → ids; empty when nothing does.

        A path is `service/account/region/attribute…`. Left out are what a new account holds by
        itself and keys that wait for deletion.

        Raises:
            EmbeddedError: the daemon does not answer.
        """
        answer: dict[str, list[str]] = self._ask("GET", "inventory")
        return answer

    def snapshot(self) -> dict[str, Any]:
        """Keep the state now; returns size in bytes and seconds.

        Raises:
            EmbeddedError: the daemon does not answer, or the snapshot failed.
        """
        answer: dict[str, Any] = self._ask("POST", "snapshot")
        return answer

    def settle(self) -> dict[str, Any]:
        """Have everything delivered that is under way, and the alarms evaluated, now.

        Returns:
            `delivered`, how many; `failed`, what could not be, and why; `alarms`, names of those
            whose state changed; `moved`, whether there was anything; `quiet`, whether nothing is
            left to do.

        Raises:
            EmbeddedError: the daemon does not answer.
        """
        answer: dict[str, Any] = self._ask("POST", "settle")
        return answer

    def wait_until_quiet(self, seconds: float = 120.0) -> None:
        """Wait until every event that was accepted is done with.

        What waits for longer than a few seconds by itself, such as a message with a delay, is not
        waited for.

        Args:
            seconds: at most, about.

        Raises:
            EmbeddedError: something is still to be done then, or the daemon does not answer.
        """
        end = time.monotonic() + seconds
        while left := self._ask("GET", "quiet")["left"]:
            if time.monotonic() > end:
                raise EmbeddedError(
                    "the embedded AWS did not become quiet in time",
                    where=self.url,
                    got="; ".join(left[:5]),
                    expected=f"nothing left to do within {seconds:.0f} seconds",
                    do="look for functions that hang, or that go on invoking themselves",
                )

    def run_schedules(self) -> list[str]:
        """Run every enabled schedule once, as if its moment had come.

        Returns:
            The ARNs of the rules and schedules that were run.

        Raises:
            EmbeddedError: the daemon does not answer.
        """
        ran: list[str] = self._ask("POST", "schedules")["ran"]
        return ran

    def deliveries(self) -> list[dict[str, Any]]:
        """What became of events for functions where not all went well, oldest first."""
        return read_lines(self.state_dir / DELIVERIES_FILE)

    def calls(self) -> list[dict[str, Any]]:
        """All API calls so far, oldest first, as CloudTrail events; also of earlier runs."""
        return read_lines(self.state_dir / CALLS_FILE)

    def internal_errors(self) -> list[dict[str, Any]]:
        """Errors of the embedded AWS itself and operations that it lacks; empty is good."""
        return self._faults(INTERNAL, UNMODELLED)

    def denials(self) -> list[dict[str, Any]]:
        """Calls of enforced sessions that policies denied, oldest first; see `denials`."""
        return read_lines(self.state_dir / DENIALS_FILE)

    def not_delivered(self) -> list[dict[str, Any]]:
        """What a service would have sent out of the embedded AWS, and did not."""
        return self._faults(NOT_DELIVERED)

    def _faults(self, *kinds: str) -> list[dict[str, Any]]:
        faults = read_lines(self.state_dir / FAULTS_FILE)
        return [fault for fault in faults if fault["kind"] in kinds]

    @contextmanager
    def lifeline(self) -> Iterator[int]:
        """An open file that becomes readable when the daemon has ended, however it ended.

        Raises:
            EmbeddedError: it has ended already.
        """
        request = f"GET /_embedded/end HTTP/1.1\r\nX-Revet-Run: {self.run_id}\r\n\r\n"
        try:
            connection = socket.create_connection(("127.0.0.1", self.port), _ANSWER_SECONDS)
            connection.sendall(request.encode())
        except OSError as error:
            raise self._silent(error) from error
        with connection:
            yield connection.fileno()

    def _stop(self) -> bool:
        """Ask for the end, and wait for it: the connection stays open as long as the process."""
        request = f"POST /_embedded/stop HTTP/1.1\r\nX-Revet-Run: {self.run_id}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), _STOP_SECONDS) as connection:
            connection.sendall(request.encode())
            try:
                while connection.recv(4096):
                    pass
            except ConnectionError:
                return True
            except TimeoutError:
                return False
        return True

    def _ask(self, method: str, name: str) -> Json:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_ANSWER_SECONDS)
        try:
            connection.request(method, f"/_embedded/{name}", headers={"X-Revet-Run": self.run_id})
            answer = connection.getresponse()
            content = json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._silent(error) from error
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise EmbeddedError(
                f"the embedded AWS refused `{name}`",
                where=self.url,
                got=f"{answer.status} {content}",
                do=f"read its log, `{self.state_dir / LOG_FILE}`",
            )
        return content

    def _silent(self, error: Exception) -> EmbeddedError:
        return EmbeddedError(
            "the embedded AWS does not answer",
            where=f"{self.url}, process {self.pid}",
            got=f"{type(error).__name__}: {error}",
            do="run the same command again, which starts it; "
            f"why it ended may be in its log, `{self.state_dir / LOG_FILE}`",
        )


def start_daemon(state_dir: Path, *, region: str = "us-east-1", port: int = 0) -> Daemon:
    """Start an embedded AWS and wait until it answers; one that runs already is returned.

    Its state is what an earlier daemon left in the folder.

    Args:
        state_dir: folder of the state; made if need be, mode 0700.
        region: default region of the programs that use it.
        port: on 127.0.0.1; 0 for any free one.

    Raises:
        EmbeddedError: it did not start; the message says why.
        InputError: revet did not write the state that lies in the folder, or it was changed.
        PrerequisiteError: the extra `embedded` is not installed, or the folder is not private.
    """
    require_nameable(state_dir)
    make_private_folder(state_dir)
    state_dir = state_dir.resolve()
    running = find_daemon(state_dir)
    if running is not None:
        return running
    watched = os.environ.get(MEMBERS_VARIABLE)
    if watched:
        Path(watched).touch(mode=0o600)
    command = [sys.executable, "-P", "-m", "revet.embedded"]  # nothing of the folder we are in
    command += ["--detach", "--state", str(state_dir)]
    command += ["--region", region, "--port", str(port)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module with our own interpreter
            command,
            cwd=state_dir,
            capture_output=True,
            text=True,
            timeout=_START_SECONDS,
            check=False,
            env=daemon_environment(os.environ),
        )
    except subprocess.TimeoutExpired as error:
        raise EmbeddedError(
            "the embedded AWS did not start in time",
            where=str(state_dir / LOG_FILE),
            expected=f"an answer within {_START_SECONDS:.0f} seconds",
            do="read the log",
        ) from error
    if done.returncode != 0:
        if "No module named" in done.stderr:
            raise PrerequisiteError(
                "the embedded AWS is not installed",
                got=done.stderr.strip().splitlines()[-1],
                do="pip install 'revet[embedded]'",
            )
        raise _start_error(state_dir, done)
    return _from_record(state_dir, json.loads(done.stdout))


def find_daemon(state_dir: Path) -> Daemon | None:
    """The daemon that serves a folder; none when there is none, or only a stale record of one.

    A record that does not have the form of one is stale too: the folder's lock keeps a second
    daemon from starting.

    Args:
        state_dir: folder of the state.

    Raises:
        PrerequisiteError: the record cannot be read, or somebody else could have written it.
    """
    try:
        content = read_private(state_dir / DAEMON_FILE)
    except FileNotFoundError:
        return None
    require_private(state_dir)
    state_dir = state_dir.resolve()
    try:
        daemon = _from_record(state_dir, parse_json(content))
        daemon.health()
    except (ValueError, EmbeddedError):
        return None
    return daemon


def stop_daemon(state_dir: Path) -> bool:
    """Stop the daemon of a folder and wait until its process has ended; its state stays.

    Args:
        state_dir: folder of the state.

    Returns:
        Whether there was one.

    Raises:
        EmbeddedError: it did not end in time.
    """
    daemon = find_daemon(state_dir)
    if daemon is None:
        return False
    ended = daemon._stop()  # noqa: SLF001 - same module
    lock = open_private(daemon.state_dir / LOCK_FILE, os.O_WRONLY | os.O_CREAT)
    with os.fdopen(lock, "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            ended = False
    if not ended:
        raise EmbeddedError(
            "the embedded AWS did not stop in time",
            where=f"process {daemon.pid}",
            expected=f"its end within {_STOP_SECONDS:.0f} seconds",
            do=f"read its log, `{daemon.state_dir / LOG_FILE}`",
        )
    return True


def _start_error(state_dir: Path, done: subprocess.CompletedProcess[str]) -> RevetError:
    """The error that the process reported, or what it left on its standard error."""
    try:
        said = json.loads(done.stdout)
    except ValueError:
        said = {"got": done.stderr.strip()}
    return reported(said, "the embedded AWS did not start", state_dir / LOG_FILE)


def _from_record(state_dir: Path, record: Json) -> Daemon:
    """Read a record; a `ValueError` says what is wrong with it."""
    return Daemon(state_dir, **checked_record(record))
