"""Asynchronous invocations: tried again, given up, handed on to where the function says.

What AWS waits between tries is not waited here, but counts as the event's age. Source: AWS Lambda
Developer Guide, "How Lambda handles errors and retries with asynchronous invocation", "Adding a
dead-letter queue", "Capturing records of Lambda asynchronous invocations".
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from revet.embedded.automation.api import UnknownCallError
from revet.embedded.functions import notes
from revet.embedded.functions.definition import Definition, find_function
from revet.embedded.functions.destinations import Result, Send, send_dead_letter, send_record
from revet.embedded.functions.engine import Answer, Functions
from revet.embedded.functions.events import Event, drop, keep, kept_events
from revet.embedded.functions.work import Work
from revet.embedded.wire_error import AwsError

_WAITS = (60.0, 120.0)
"""Seconds that AWS waits before the second and the third try."""
_SHORTENED = 0.2
_THROTTLED = ("TooManyRequestsException",)
_THROTTLED_WAIT = 0.5
_THROTTLED_AGE = 300.0
"""Seconds: AWS waits up to five minutes between tries of an event that is throttled."""
_LOOP = "RecursiveInvocationException"


class Delivery:
    """Delivers events to functions.

    Args:
        functions: runs them.
        work: does it in the background.
        wrote: called when the state has changed.
    """

    def __init__(self, functions: Functions, work: Work, wrote: Callable[[], None]) -> None:
        self._functions = functions
        self._work = work
        self._wrote = wrote

    def accept(self, definition: Definition, payload: bytes, source: str) -> str:
        """Queue an event.

        Args:
            definition: of the function.
            payload: JSON.
            source: ARN or name of what it comes from.

        Returns:
            The request id of its invocations.
        """
        with self._functions.lock:
            event = Event(
                str(uuid.uuid4()),
                definition.account,
                definition.region,
                definition.invoked_arn,
                payload,
                source,
                self._functions.chain(),
            )
            keep(event)
        self._wrote()
        self._schedule(event)
        return event.id

    def background(self, key: str, run: Callable[[], None]) -> None:
        """Do something else in the background, and keep the state afterwards."""

        def do() -> None:
            run()
            self._wrote()

        self._work.add(key, do)

    def resume(self) -> None:
        """Go on with the events that an earlier process has accepted."""
        with self._functions.lock:
            events = list(kept_events())
        for event in events:
            self._schedule(event)

    def _schedule(self, event: Event, after: float = 0.0) -> None:
        name = f"{event.function} {event.id}"
        self._work.add(name, lambda: self._deliver(event), after)

    def _deliver(self, event: Event) -> None:
        try:
            with self._functions.lock:
                definition = find_function(event.account, event.region, event.function)
        except AwsError as error:
            self._note(notes.NOT_DELIVERED, event, error.message)
            self._done(event)
            return
        if event.age > definition.asynchronous.max_age:
            self._give_up(definition, event, Result("EventAgeExceeded"))
            return
        try:
            answer = self._functions.invoke(
                definition, event.payload, event.chain, request_id=event.id
            )
        except AwsError as error:
            self._not_invoked(definition, event, error)
            return
        event.attempts += 1
        if not answer.error:
            if definition.asynchronous.on_success:
                self._hand_on(definition, event, Result("Success", answer))
            self._done(event)
        else:
            self._failed(definition, event, answer)

    def _failed(self, definition: Definition, event: Event, answer: Answer) -> None:
        text = answer.payload.decode("utf-8", "replace")[:500]
        self._note(notes.FAILED, event, f"try {event.attempts}: {text}")
        if event.attempts > definition.asynchronous.retries:
            self._give_up(definition, event, Result("RetriesExhausted", answer))
            return
        event.age += _WAITS[min(event.attempts, len(_WAITS)) - 1]
        self._again(event, _SHORTENED)

    def _not_invoked(self, definition: Definition, event: Event, error: AwsError) -> None:
        """An event that did not reach its function."""
        if error.code in _THROTTLED and definition.reserved != 0:
            event.age += _THROTTLED_AGE
            self._again(event, _THROTTLED_WAIT)
            return
        condition = "RecursiveInvocation" if error.code == _LOOP else "RetriesExhausted"
        self._note(notes.FAILED, event, f"{error.code}: {error.message}")
        self._give_up(definition, event, Result(condition, why=error.message))

    def _again(self, event: Event, after: float) -> None:
        with self._functions.lock:
            keep(event)
        self._wrote()
        self._schedule(event, after)

    def _give_up(self, definition: Definition, event: Event, result: Result) -> None:
        self._note(notes.GIVEN_UP, event, f"{result.condition} after {event.attempts} invocations")
        self._hand_on(definition, event, result)
        self._done(event)

    def _hand_on(self, definition: Definition, event: Event, result: Result) -> None:
        settings = definition.asynchronous
        success = result.condition == "Success"
        record = settings.on_success if success else settings.on_failure
        wanted: list[tuple[str, Send]] = [(record, send_record)]
        if not success:
            wanted.append((settings.dead_letter, send_dead_letter))
        for target, send in wanted:
            if not target:
                continue
            try:
                session = self._functions.session(definition)
                with self._functions.acting(session, event.chain):
                    caller = self._functions.caller(session, target.split(":")[3])
                    send(caller, target, definition, event, result)
            except (AwsError, ClientError, BotoCoreError, UnknownCallError) as error:
                self._note(notes.NOT_DELIVERED, event, f"to {target}: {error}")
            else:
                if success:
                    continue
                self._note(notes.HANDED_ON, event, f"{result.condition}: to {target}")

    def _note(self, kind: str, event: Event, message: str) -> None:
        self._functions.notes.add(kind, event.function, event.source, message)

    def _done(self, event: Event) -> None:
        with self._functions.lock:
            drop(event)
        self._wrote()
