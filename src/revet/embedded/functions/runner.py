"""Runs in a function's process: loads its code once, then one event after the other.

What a handler sees and how its failures are told is as Lambda's own Python runtime does it. Source:
AWS Lambda Developer Guide, "Define Lambda function handler in Python", "Using the Lambda context
object", "Log and monitor Python functions"; the errors' texts are those of the open runtime
interface client for Python.
"""

from __future__ import annotations

import decimal
import importlib
import json
import logging
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from revet.embedded.functions import frames

Handler = Callable[[Any, Any], Any]
_TASK = "/var/task"


class FaultError(Exception):
    """The function cannot be run; the text says why.

    Args:
        kind: Lambda's name of it.
        why: what is wrong.
    """

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind


def run(channel: socket.socket, spec: dict[str, Any]) -> None:
    """Serve events until the daemon hangs up.

    Args:
        channel: to the daemon.
        spec: as of `launcher.Launcher.spawn`.
    """
    _prepare(spec)
    identity = SimpleNamespace(request_id="")
    _set_up_logging(identity)
    try:
        handler = _load(spec["handler"])
    except SystemExit as error:
        _flush()
        os._exit(_status(error))
    except BaseException as error:  # noqa: BLE001 - whatever a function raises is its answer
        _tell(channel, {"kind": "init-error"}, _report(error, "", spec))
        return
    _flush()
    channel.sendall(frames.pack({"kind": "ready"}))
    received = bytearray()
    while (message := _receive(channel, received)) is not None:
        header, payload = message
        identity.request_id = header["request_id"]
        _serve(channel, handler, header, payload, spec)


def _prepare(spec: dict[str, Any]) -> None:
    """Leave what Lambda has: the standard library, the function's code and layers, the SDK."""
    standard = [
        path for path in sys.path if path and not path.endswith(("site-packages", "dist-packages"))
    ]
    own = {str(Path(__file__).parents[3])}
    sys.path[:] = [*spec["paths"], *(path for path in standard if path not in own)]
    sys.path.append(spec["runtime"])
    sys.meta_path[:] = [BuiltinImporter, FrozenImporter, PathFinder]
    sys.path_importer_cache.clear()
    sdk = {path.name for path in Path(spec["runtime"]).iterdir()}
    shadowed = sdk & {
        path.name.removesuffix(".py") for folder in spec["paths"] for path in _entries(folder)
    }
    gone = sdk if shadowed else set()
    for name in list(sys.modules):
        top = name.partition(".")[0]
        if top in gone or (top not in sys.stdlib_module_names and top not in sdk):
            del sys.modules[name]
    sys.argv = ["bootstrap"]
    sys.dont_write_bytecode = True


def _entries(folder: str) -> list[Path]:
    return list(Path(folder).iterdir()) if Path(folder).is_dir() else []


def _set_up_logging(identity: SimpleNamespace) -> None:
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s",
        "%Y-%m-%dT%H:%M:%S",
    )
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)

    def note(record: logging.LogRecord) -> bool:
        record.aws_request_id = identity.request_id
        return True

    handler.addFilter(note)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)


def _load(name: str) -> Handler:
    parts = name.rsplit(".", 1)
    if len(parts) != 2:  # noqa: PLR2004 - module and function
        raise FaultError(
            "Runtime.MalformedHandlerName",
            f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)",
        )
    module, function = parts
    if module in sys.builtin_module_names:
        raise FaultError(
            "Runtime.BuiltInModuleConflict",
            f"Cannot use built-in module {module} as a handler module",
        )
    try:
        found = importlib.import_module(module.replace("/", "."))
    except ImportError as error:
        raise FaultError(
            "Runtime.ImportModuleError", f"Unable to import module '{module}': {error}"
        ) from error
    except SyntaxError as error:
        raise FaultError(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module}': {error}"
        ) from error
    try:
        handler: Handler = getattr(found, function)
    except AttributeError as error:
        raise FaultError(
            "Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module}'"
        ) from error
    return handler


def _serve(
    channel: socket.socket,
    handler: Handler,
    header: dict[str, Any],
    payload: bytes,
    spec: dict[str, Any],
) -> None:
    trace = header.get("trace")
    if trace:
        os.environ["_X_AMZN_TRACE_ID"] = trace
    try:
        event = json.loads(payload) if payload else {}
        answer = handler(event, _context(header))
        try:
            text = json.dumps(answer, default=_number, ensure_ascii=False)
            content = text.encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise FaultError(
                "Runtime.MarshalError", f"Unable to marshal response: {error}"
            ) from error
    except MemoryError:
        os.kill(os.getpid(), signal.SIGKILL)
    except SystemExit as error:
        _flush()
        os._exit(_status(error))
    except BaseException as error:  # noqa: BLE001 - whatever a function raises is its answer
        _tell(channel, {"kind": "error"}, _report(error, header["request_id"], spec))
    else:
        _tell(channel, {"kind": "answer"}, content)


def _number(value: object) -> float:
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _status(error: SystemExit) -> int:
    if error.code is None:
        return 0
    return error.code & 0xFF if isinstance(error.code, int) else 1


def _report(error: BaseException, request_id: str, spec: dict[str, Any]) -> bytes:
    """A failure as the caller gets it; it goes to the log, too."""
    kind = error.kind if isinstance(error, FaultError) else type(error).__name__
    frames_of = [] if isinstance(error, FaultError) else traceback.extract_tb(error.__traceback__)
    stack = [
        line.replace(spec["task"], _TASK)
        for line in traceback.format_list(
            [frame for frame in frames_of if frame.filename != __file__]
        )
    ]
    message = _message(error)
    report: dict[str, Any] = {"errorMessage": message, "errorType": kind}
    report |= {"requestId": request_id, "stackTrace": stack}
    lines = [f"[ERROR] {kind}: {message}", "Traceback (most recent call last):"]
    lines += [line for entry in stack for line in entry.rstrip("\n").split("\n")]
    sys.stdout.write("\r".join(one.replace("\n", "\r") for one in lines) + "\n")
    return json.dumps(report, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - the function's own code
        return ""


def _context(header: dict[str, Any]) -> SimpleNamespace:
    def remaining() -> int:
        return max(int((header["deadline"] - time.time()) * 1000), 0)

    def log(text: object) -> None:
        sys.stdout.write(str(text))

    return SimpleNamespace(
        aws_request_id=header["request_id"],
        invoked_function_arn=header["arn"],
        function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        function_version=os.environ["AWS_LAMBDA_FUNCTION_VERSION"],
        memory_limit_in_mb=os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        log_group_name=os.environ["AWS_LAMBDA_LOG_GROUP_NAME"],
        log_stream_name=os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
        identity=SimpleNamespace(cognito_identity_id=None, cognito_identity_pool_id=None),
        client_context=_client_context(header.get("client_context")),
        get_remaining_time_in_millis=remaining,
        log=log,
    )


def _client_context(given: dict[str, Any] | None) -> SimpleNamespace | None:
    if not given:
        return None
    client = given.get("client") or {}
    return SimpleNamespace(
        custom=given.get("custom"), env=given.get("env"), client=SimpleNamespace(**client)
    )


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


def _tell(channel: socket.socket, header: dict[str, Any], payload: bytes) -> None:
    _flush()
    channel.sendall(frames.pack(header, payload))


def _receive(channel: socket.socket, received: bytearray) -> tuple[dict[str, Any], bytes] | None:
    while (message := frames.unpack(received)) is None:
        piece = channel.recv(65_536)
        if not piece:
            return None
        received += piece
    return message
