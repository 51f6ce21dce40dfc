"""Runs functions: a session of the role, a process, the event, the log."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import shutil
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from revet.embedded.automation.api import Caller
from revet.embedded.call import Json, Session
from revet.embedded.current import current_call
from revet.embedded.daemon_record import functions_may_run
from revet.embedded.dispatch import Dispatcher
from revet.embedded.functions import notes, output
from revet.embedded.functions.definition import Definition
from revet.embedded.functions.environment import variables
from revet.embedded.functions.instance import OUT_OF_MEMORY, TIMED_OUT, Instance, Outcome
from revet.embedded.functions.launcher import Launcher
from revet.embedded.functions.package import Packages
from revet.embedded.functions.pool import Pool
from revet.embedded.service_sessions import assume_as_service
from revet.embedded.wire_error import NOT_IMPLEMENTED, AwsError

SERVICE = "lambda.amazonaws.com"
_STARTS_AT_ONCE = 4
_START_SECONDS = 30.0
LARGEST_ANSWER = 6 * 1024 * 1024
"""Bytes of an answer, and of the event of a synchronous invocation (Lambda quotas)."""
MOST_IN_A_CHAIN = 16
"""Times that a function is invoked in a chain of requests before it counts as a loop (AWS Lambda
Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops")."""
_EVENTS_AT_ONCE = 1000
FORBIDDEN = (
    "functions of a Terraform configuration are not run without your word: they are code of "
    "whoever wrote it; `--allow-functions` lets them run"
)
_MISSING = "ResourceNotFoundException"


class Answer(NamedTuple):
    """What came of an invocation.

    Args:
        payload: the handler's answer, or the error's description, JSON.
        error: `Unhandled` when the function failed; empty when it did not.
        log: what the invocation left in the log.
        request_id: of it.
        seconds: that it took.
    """

    payload: bytes
    error: str
    log: str
    request_id: str
    seconds: float


class Functions:
    """Everything that runs functions in one embedded AWS.

    Args:
        launcher: starts their processes.
        dispatcher: answers their calls.
        port: of the gateway.
        ca_path: certificate of the authority that signs its hosts.
        noted: where deliveries are written down.
        state_dir: folder of the state, which says whether functions may run at all.
    """

    def __init__(
        self,
        launcher: Launcher,
        dispatcher: Dispatcher,
        port: int,
        ca_path: Path,
        noted: notes.Notes,
        *,
        state_dir: Path,
    ) -> None:
        self._state_dir = state_dir
        self.lock = dispatcher.lock
        self.notes = noted
        self._launcher = launcher
        self._answer = dispatcher.answer
        self._port = port
        self._ca_path = Path(shutil.copy(ca_path, launcher.folder / "ca.pem"))
        self._packages = Packages(launcher.folder)
        self._pool = Pool()
        self._acting: dict[str, Mapping[str, int]] = {}
        self._starting = threading.BoundedSemaphore(_STARTS_AT_ONCE)

    def invoke(
        self,
        definition: Definition,
        payload: bytes,
        chain: Mapping[str, int],
        *,
        request_id: str = "",
        client_context: Json = None,
    ) -> Answer:
        """Run a function for one event; the state's lock is not held.

        Args:
            definition: what to run.
            payload: the event, JSON; empty for `{}`.
            chain: how often each function was invoked on the way here, by ARN.
            request_id: of the invocation; empty for a new one.
            client_context: what a caller says of itself.

        Raises:
            AwsError: it is throttled, is part of a loop, its role cannot be assumed, or its
                package cannot be used; or functions may not run.
        """
        if not functions_may_run(self._state_dir):
            raise AwsError(NOT_IMPLEMENTED, FORBIDDEN)
        longer = {**chain, definition.arn: chain.get(definition.arn, 0) + 1}
        if longer[definition.arn] > MOST_IN_A_CHAIN:
            self.notes.add(
                notes.RECURSION,
                definition.arn,
                "",
                f"stopped after {MOST_IN_A_CHAIN} invocations in one chain of requests",
            )
            raise AwsError(
                "RecursiveInvocationException",
                "Lambda has detected your function being invoked in a recursive loop with other "
                "AWS resources and stopped your function's invocation.",
            )
        request_id = request_id or str(uuid.uuid4())
        header = {
            "request_id": request_id,
            "arn": definition.invoked_arn,
            "trace": _trace(longer[definition.arn]),
            "client_context": client_context,
        }
        with self._pool.turn(definition):
            started = time.monotonic()
            instance, is_new = self._pool.take(definition, lambda: self._start(definition))
            try:
                with self.acting(instance.session, longer):
                    return self._run(instance, header, payload, started if is_new else None)
            finally:
                self._pool.give_back(instance)

    def chain(self) -> dict[str, int]:
        """How often each function was invoked on the way to the call that is served now."""
        call = current_call()
        return dict(self._acting.get(call.principal.access_key, {})) if call is not None else {}

    @contextmanager
    def acting(self, session: Session, chain: Mapping[str, int]) -> Iterator[None]:
        """Say what a session's calls happen because of, meanwhile.

        Args:
            session: of a function's role.
            chain: how often each function was invoked on the way to them, by ARN.
        """
        self._acting[session.access_key] = chain
        try:
            yield
        finally:
            del self._acting[session.access_key]

    def session(self, definition: Definition) -> Session:
        """A session of a function's role.

        Raises:
            AwsError: it cannot be assumed.
        """
        try:
            with self.lock:
                return assume_as_service(
                    SERVICE,
                    definition.role,
                    definition.name,
                    definition.arn,
                    dt.datetime.now(dt.UTC),
                )
        except AwsError as error:
            raise AwsError(
                "AccessDeniedException",
                f"The role defined for the function cannot be assumed by Lambda. ({error.message})",
                403,
            ) from error

    def caller(self, session: Session, region: str) -> Caller:
        """What makes calls as a session."""
        return Caller(self._answer, session, region)

    def close(self) -> None:
        """End all processes."""
        self._pool.close()
        self._launcher.close()

    def _start(self, definition: Definition) -> Instance:
        session = self.session(definition)
        task = self._packages.unpacked(definition.code)
        layers = [self._packages.unpacked(one) for one in definition.layers]
        found = [folder for one in layers for folder in (one / "python", one) if folder.is_dir()]
        today = dt.datetime.now(dt.UTC).strftime("%Y/%m/%d")
        stream = f"{today}/[{definition.version}]{secrets.token_hex(16)}"
        process = self._launcher.spawn(
            {
                "environment": variables(definition, session, stream, task, self._ca_path),
                "handler": definition.handler,
                "task": str(task),
                "paths": [str(folder) for folder in (task, *found)],
                "runtime": str(self._packages.runtime()),
                "memory": definition.memory,
                "port": self._port,
            }
        )
        caller = self.caller(session, definition.region)
        return Instance(definition, session, caller, stream, process, self._launcher)

    def _run(
        self, instance: Instance, header: Mapping[str, Any], payload: bytes, started: float | None
    ) -> Answer:
        definition, request_id = instance.definition, str(header["request_id"])
        initialized, first = None, Outcome()
        if started is not None:
            free = self._starting.acquire(timeout=_START_SECONDS)
            try:
                first = instance.initialize(request_id)
            finally:
                if free:
                    self._starting.release()
            initialized = time.monotonic() - started
        outcome = first if first.is_over else instance.serve(dict(header), payload)
        instance.is_over = outcome.is_over
        outcome = _bounded(outcome)
        printed = (first.output + outcome.output) if outcome is not first else first.output
        text = output.start_line(request_id, definition.version)
        text += _whole_lines(printed.decode("utf-8", "backslashreplace"))
        status = ""
        if outcome.kind == TIMED_OUT:
            text += output.timed_out(request_id, definition.timeout)
            status = "timeout"
        elif outcome.is_over:
            shown = OUT_OF_MEMORY if outcome.memory > definition.memory else outcome.kind
            status = f"error\tError Type: {shown}"
        text += output.end_lines(
            request_id,
            seconds=outcome.seconds,
            memory=definition.memory,
            used=min(outcome.memory, definition.memory),
            initialized=initialized,
            status=status,
        )
        self._log(instance, text)
        error = "Unhandled" if outcome.kind else ""
        return Answer(outcome.payload, error, text, request_id, outcome.seconds)

    def _log(self, instance: Instance, text: str) -> None:
        """Write the output to the function's log, as its role."""
        group = instance.definition.log_group
        place = {"logGroupName": group, "logStreamName": instance.stream}
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in text.split("\n") if line]
        try:
            if not instance.has_stream:
                _make_stream(instance.caller, place)
                instance.has_stream = True
            for start in range(0, len(events), _EVENTS_AT_ONCE):
                batch = {**place, "logEvents": events[start : start + _EVENTS_AT_ONCE]}
                _put(instance.caller, place, batch)
        except (ClientError, BotoCoreError) as error:
            self.notes.add(notes.LOGS, instance.definition.arn, group, str(error))


def _make_stream(caller: Caller, place: Mapping[str, str]) -> None:
    try:
        caller.call("logs", "CreateLogStream", place)
    except ClientError as error:
        if error.response["Error"]["Code"] != _MISSING:
            raise
        try:
            caller.call("logs", "CreateLogGroup", {"logGroupName": place["logGroupName"]})
        except ClientError as also:  # another process of the function may have been first
            if also.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                raise
        caller.call("logs", "CreateLogStream", place)


def _put(caller: Caller, place: Mapping[str, str], batch: Mapping[str, Json]) -> None:
    """Put events; a group or stream that was deleted meanwhile is made again."""
    try:
        caller.call("logs", "PutLogEvents", batch)
    except ClientError as error:
        if error.response["Error"]["Code"] != _MISSING:
            raise
        _make_stream(caller, place)
        caller.call("logs", "PutLogEvents", batch)


def _bounded(outcome: Outcome) -> Outcome:
    if len(outcome.payload) <= LARGEST_ANSWER:
        return outcome
    kind = "Function.ResponseSizeTooLarge"
    message = (
        f"Response payload size ({len(outcome.payload)} bytes) exceeded maximum allowed payload "
        "size (6291556 bytes)."
    )
    payload = json.dumps({"errorMessage": message, "errorType": kind}).encode()
    return Outcome(payload, kind, outcome.output, outcome.seconds, outcome.memory, outcome.is_over)


def _whole_lines(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _trace(times: int) -> str:
    root = f"1-{int(time.time()):08x}-{secrets.token_hex(12)}"
    return f"Root={root};Parent={secrets.token_hex(8)};Sampled=0;Lineage=1:{times}"
