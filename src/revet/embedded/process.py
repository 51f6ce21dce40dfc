"""The daemon process: puts the parts together, restores the state, serves, keeps the state.

It is started through `revet.embedded.daemon.start_daemon`, which runs `python -m revet.embedded`.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import gc
import json
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from revet.embedded import egress, faults
from revet.embedded.daemon import DAEMON_FILE, LOCK_FILE, LOG_FILE
from revet.embedded.environment import daemon_environment
from revet.embedded.faults import Faults
from revet.embedded.functions.isolation import SECRETS
from revet.embedded.functions.launcher import Launcher, start_launcher
from revet.embedded.loading import read_offerings_when_asked, share_service_models
from revet.embedded.reported import reported
from revet.files import clear_unfinished, make_private_folder, open_private, replace_file
from revet.model.errors import EmbeddedError, RevetError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `python -m revet.embedded --state DIR`.

    In the foreground, unless `--detach`: then a child process serves, and this one ends when the
    child is ready, after printing its record as JSON; or with status 2 and the reason on stderr.

    Args:
        arguments: of the command line; none for the process's own.
    """
    parser = argparse.ArgumentParser(prog="python -m revet.embedded", description=__doc__)
    parser.add_argument("--state", required=True, type=Path, help="private folder of the state")
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--region", default="us-east-1", help="default region of the account")
    parser.add_argument("--detach", action="store_true", help="serve in the background")
    chosen = parser.parse_args(arguments)
    serve = detached if chosen.detach else serve_here
    try:
        serve(chosen.state, chosen.port, chosen.region)
    except RevetError as error:
        sys.stderr.write(f"{error}\n")
        print(json.dumps(_told(error)))  # noqa: T201 - the protocol with the starter
        return error.exit_code
    return 0


def _told(error: RevetError) -> dict[str, str]:
    """An error as the starter reads it."""
    return {"class": type(error).__name__, "error": error.what, **dict(error.fields())}


def serve_here(directory: Path, port: int, region: str) -> None:
    """Serve until SIGTERM, SIGINT or a stop request; prints the record when ready."""
    with _owned(directory):
        _serve(directory, port, region, lambda record: print(json.dumps(record), flush=True))  # noqa: T201 - the protocol with the starter


def detached(directory: Path, port: int, region: str) -> None:
    """Serve in a child process; returns when it is ready.

    Raises:
        EmbeddedError: it did not become ready; the message holds its reason.
    """
    make_private_folder(directory)
    log = open_private(directory / LOG_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    ours, theirs = os.pipe()
    if os.fork() == 0:  # pragma: no cover - runs in the child
        os.close(ours)
        os.setsid()
        os._exit(_child(directory, port, region, theirs, log))
    os.close(theirs)
    os.close(log)
    with os.fdopen(ours, encoding="utf-8") as pipe:
        said = json.loads(pipe.read() or "{}")
    if "error" in said or "port" not in said:
        raise reported(said, "the embedded AWS ended before it was ready", directory / LOG_FILE)
    print(json.dumps(said), flush=True)  # noqa: T201 - the protocol with the starter


def _child(directory: Path, port: int, region: str, pipe: int, log: int) -> int:
    null = os.open(os.devnull, os.O_RDONLY)
    for source, number in ((null, 0), (log, 1), (log, 2)):
        os.dup2(source, number)
    writer: TextIO = os.fdopen(pipe, "w", encoding="utf-8")

    def say(message: dict[str, Any]) -> None:
        writer.write(json.dumps(message))
        writer.close()

    try:
        with _owned(directory):
            _serve(directory, port, region, say)
    except RevetError as error:
        sys.stderr.write(f"{error}\n")
        if not writer.closed:
            say(_told(error))
        return error.exit_code
    except Exception:
        sys.excepthook(*sys.exc_info())
        raise
    return 0


def _serve(
    directory: Path, port: int, region: str, ready: Callable[[dict[str, Any]], None]
) -> None:
    needed = daemon_environment(os.environ)
    os.environ.clear()
    os.environ.update(needed)
    os.environ.update(
        AWS_ACCESS_KEY_ID="unused",
        AWS_SECRET_ACCESS_KEY="unused",  # noqa: S106 - moto insists that there is one
        AWS_DEFAULT_REGION=region,
        AWS_EC2_METADATA_DISABLED="true",
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    )
    launcher = _launcher(directory)
    outward = Faults(directory)
    egress.shut(lambda line: outward.add(faults.NOT_DELIVERED, line))
    gc.disable()  # what is made from here to `freeze` stays, and need not be looked through
    share_service_models()
    read_offerings_when_asked()
    from revet.embedded.credentials import RootKey, new_key  # noqa: PLC0415 - likewise
    from revet.embedded.server import Server  # noqa: PLC0415 - moto reads the environment

    access_key, secret_key = new_key("AKIA")
    root = RootKey(access_key, secret_key)
    server = Server(directory, port, secrets.token_hex(16), root, launcher)
    gc.freeze()
    gc.enable()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    record = {
        "pid": os.getpid(),
        "port": server.port,
        "ca_path": str(server.ca_path),
        "run_id": server.run_id,
        "region": region,
        "access_key": access_key,
        "secret_key": secret_key,
    }
    replace_file(directory / DAEMON_FILE, json.dumps(record))
    try:
        ready(record)
        server.serve()
    finally:
        (directory / DAEMON_FILE).unlink(missing_ok=True)


def _launcher(directory: Path) -> Launcher:
    """The process that functions are forked from; it must start before this one is shut in."""
    folder = Path(tempfile.mkdtemp(prefix="revet-functions-"))
    home = Path(os.environ.get("HOME") or os.devnull)
    return start_launcher(folder, (directory.resolve(), *(home / name for name in SECRETS)))


@contextlib.contextmanager
def _owned(directory: Path) -> Iterator[None]:
    """Hold the state directory; the lock ends with the process, however it ends."""
    make_private_folder(directory)
    with os.fdopen(open_private(directory / LOCK_FILE, os.O_WRONLY | os.O_CREAT), "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise EmbeddedError(
                "another embedded AWS already serves this state",
                where=str(directory),
                do="use it, or stop it first",
            ) from error
        clear_unfinished(directory)
        yield
