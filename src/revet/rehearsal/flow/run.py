"""Sending a flow: step by step, with what each must meet, and what it took."""

from __future__ import annotations

import itertools
import platform
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from revet.model.errors import RevetError
from revet.model.finding import Status
from revet.model.flow import FlowRun, FlowStep
from revet.rehearsal.flow.client import Answered, Client, Request, as_json
from revet.rehearsal.flow.definition import (
    Call,
    Expect,
    Flow,
    Log,
    Objects,
    Samples,
    Send,
    Step,
    Wait,
)
from revet.rehearsal.flow.looking import UnmetError, look_at_log, look_at_objects
from revet.rehearsal.flow.samples import make_samples
from revet.rehearsal.flow.templates import MissingError, at_path, filled
from revet.rehearsal.flow.world import World

_SHOWN = 160
DENIED = "no call that AWS would have denied, and no event that was lost"


def _ignore(_step: str, _number: int) -> None:
    """What happens after each request, as a rule."""


def run_flow(
    flow: Flow,
    world: World,
    known: Mapping[str, Any],
    *,
    counts: Mapping[str, int] | None = None,
    sent: Callable[[str, int], None] = _ignore,
) -> FlowRun:
    """Send a flow; a failed step ends it, but for the steps that clean up.

    Args:
        flow: what to send.
        world: that it is sent to.
        known: what templates may name: `output.NAME`, `account_id`, `region`.
        counts: step's name to the number of its requests, in place of the flow's own.
        sent: told after each request: the step's name, and how many it has sent.

    Returns:
        How each step went; the last one is about calls that AWS would have denied, and events that
        were not delivered.
    """
    sending = _Sending(flow, world, dict(known), Client(world), counts or {}, sent)
    before = _Seen.of(world)
    steps: list[FlowStep] = []
    for step in flow.steps:
        if any(one.status is Status.FAIL for one in steps) and not step.always:
            steps.append(FlowStep(step.name, Status.NOT_EXERCISED, "an earlier step failed"))
            continue
        steps.append(sending.carry_out(step))
    steps.append(_decided(_Seen.of(world).since(before)))
    return FlowRun(world.origin, tuple(steps), environment(), flow.not_exercised)


def environment() -> dict[str, str]:
    """On what functions of an embedded AWS run here: this interpreter and architecture."""
    return {
        "interpreter": f"{platform.python_implementation()} {platform.python_version()}",
        "architecture": platform.machine(),
    }


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a world has to say beside the answers."""

    denied: Sequence[str]
    undelivered: Sequence[str]
    faults: Sequence[str]
    role_calls: int

    @classmethod
    def of(cls, world: World) -> _Seen:
        """What it has to say so far."""
        return cls(world.denied(), world.undelivered(), world.faults(), world.role_calls())

    def since(self, before: _Seen) -> _Seen:
        """What came after an earlier moment."""
        return _Seen(
            self.denied[len(before.denied) :],
            list((Counter(self.undelivered) - Counter(before.undelivered)).elements()),
            self.faults[len(before.faults) :],
            self.role_calls - before.role_calls,
        )


def _decided(seen: _Seen) -> FlowStep:
    """The step about what no client sees: denials, lost events, what could not be decided."""
    for lines, what in (
        (seen.denied, "calls that AWS would have denied"),
        (seen.undelivered, "events that were not delivered"),
    ):
        if lines:
            told = [f"{len(lines)} {what}", *dict.fromkeys(lines)]
            return FlowStep(DENIED, Status.FAIL, "; ".join(told[: 1 + 5]))
    if seen.faults:
        return FlowStep(DENIED, Status.UNKNOWN, "; ".join(list(dict.fromkeys(seen.faults))[:5]))
    if not seen.role_calls:
        return FlowStep(DENIED, Status.NOT_EXERCISED, "no role made a call, so none was decided")
    detail = f"no policy denied one of {seen.role_calls} calls of roles, and every event arrived"
    return FlowStep(DENIED, Status.PASS, detail)


@dataclass(slots=True)
class _Sending:
    """A flow on its way."""

    flow: Flow
    world: World
    known: dict[str, Any]
    client: Client
    counts: Mapping[str, int]
    sent: Callable[[str, int], None]
    lost: int = 0
    samples: dict[str, Iterator[Mapping[str, Any]]] = field(default_factory=dict)

    def carry_out(self, step: Step) -> FlowStep:
        """Do one step; what goes wrong is its result."""
        begun = time.monotonic()
        done = FlowStep(step.name, Status.PASS)
        try:
            if isinstance(step.action, Send):
                done = self._send(step, step.action)
            elif isinstance(step.action, Call):
                done = replace(done, detail=self._call(step, step.action))
            elif isinstance(step.action, Wait):
                self.world.quiet()
                done = replace(done, detail="everything is done that was set off")
            elif isinstance(step.action, Objects):
                seen = look_at_objects(step.action, self.known, self.world, self.lost)
                done = replace(done, detail=seen)
            else:
                done = replace(done, detail=self._look(step, step.action))
        except (UnmetError, MissingError) as error:
            done = replace(done, status=Status.FAIL, detail=str(error))
        except RevetError as error:
            got = f": {error.got}" if error.got else ""
            done = replace(done, status=Status.FAIL, detail=f"{error.what}{got}")
        except (ClientError, BotoCoreError) as error:
            done = replace(done, status=Status.FAIL, detail=f"the operator's call failed: {error}")
        return replace(done, seconds=time.monotonic() - begun)

    def _look(self, step: Step, action: Log) -> str:
        found = look_at_log(action, self.known, self.world)
        _require(step.expect.values, found, self.known)
        self._capture(step, [found])
        return f"found in `{filled(action.group, self.known)}`"

    def _call(self, step: Step, action: Call) -> str:
        client = self.world.session().client(action.service)  # type: ignore[call-overload]
        method = getattr(client, xform_name(action.operation))
        try:
            answer = method(**filled(action.parameters, self.known))
        except ClientError as error:
            code = str(error.response["Error"]["Code"])
            if step.expect.error and code == step.expect.error:
                return f"refused with {code}"
            raise
        if step.expect.error:
            raise UnmetError(f"it was answered, and should be refused with {step.expect.error}")
        _require(step.expect.values, answer, self.known)
        self._capture(step, [answer])
        return f"{action.service}:{action.operation}"

    def _send(self, step: Step, action: Send) -> FlowStep:
        requests = list(self._requests(step, action))
        begun = time.monotonic()
        numbers = itertools.count(1)

        def send(request: Request) -> Answered:
            answered = self.client.send(request)
            self.sent(step.name, next(numbers))
            return answered

        try:
            with ThreadPoolExecutor(max_workers=action.together) as pool:
                answers = list(pool.map(send, requests))
        finally:
            self.client.close()
        seconds = time.monotonic() - begun
        self.lost += sum(answer.status == 0 or answer.resent for answer in answers)
        codes = Counter(str(answer.status or "none") for answer in answers)
        took = [answer.seconds for answer in answers]
        measured = FlowStep(
            step.name,
            Status.PASS,
            requests=len(answers),
            answers=dict(sorted(codes.items())),
            seconds=seconds,
            median=statistics.median(took) if took else 0.0,
            longest=max(took, default=0.0),
        )
        try:
            return replace(measured, detail=self._accepted(step, answers))
        except (UnmetError, MissingError) as error:
            return replace(
                measured, status=Status.FAIL, detail=f"{error}{_first_odd(step, answers)}"
            )

    def _requests(self, step: Step, action: Send) -> Iterator[Request]:
        values: list[Any] = [None] * self.counts.get(step.name, action.count)
        if action.each:
            values = self.known.get(action.each, [])
        for value in values:
            known = self.known if value is None else {**self.known, "each": value}
            headers = {name: str(filled(text, known)) for name, text in action.headers.items()}
            body = filled(action.text, known).encode() if action.text else b""
            if action.samples:
                body = as_json(next(self._samples(action.samples)))
            elif action.body is not None:
                body = as_json(filled(action.body, known))
            if body and "content-type" not in {name.lower() for name in headers}:
                headers["Content-Type"] = "application/json"
            yield Request(action.method, str(filled(action.url, known)), headers, body)

    def _samples(self, name: str) -> Iterator[Mapping[str, Any]]:
        """The samples of a kind, which go on from step to step."""
        if name not in self.samples:
            kind: Samples = self.flow.samples[name]
            self.samples[name] = make_samples(kind)
        return self.samples[name]

    def _accepted(self, step: Step, answers: list[Answered]) -> str:
        expect = step.expect
        accepted = [one for one in answers if _accepts(expect, one)]
        others = [one for one in answers if not _accepts(expect, one) and one.status]
        if not answers or len(accepted) < expect.at_least * len(answers):
            raise UnmetError(f"{len(accepted)} of {len(answers)} answers are as expected")
        for code in expect.seen:
            if code not in {one.status for one in answers}:
                raise UnmetError(f"no answer with {code}")
        data = [one.as_data() for one in accepted]
        for one in data:
            _require(expect.values, one, self.known)
        for other in others:
            if expect.reason:
                at_path(other.as_data(), expect.reason)
        self._capture(step, data, several=len(answers) > 1)
        told = f", {len(others)} refused with a reason" if others and expect.reason else ""
        return f"{len(accepted)} as expected{told}"

    def _capture(
        self, step: Step, answers: Sequence[Mapping[str, Any]], *, several: bool = False
    ) -> None:
        for name, path in step.capture.items():
            values = [at_path(answer, path) for answer in answers]
            self.known[name] = values if several else values[0]


def _accepts(expect: Expect, answer: Answered) -> bool:
    return answer.status in expect.status if expect.status else answer.status > 0


def _require(values: Mapping[str, Any], found: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    for path, template in values.items():
        wanted, got = filled(template, known), at_path(found, path)
        if got != wanted and str(got) != str(wanted):
            raise UnmetError(f"`{path}` is {_shown(got)}, expected {_shown(wanted)}")


def _shown(value: object) -> str:
    text = str(value)
    return f"`{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}`"


def _first_odd(step: Step, answers: list[Answered]) -> str:
    """The first answer that is not accepted, else the first one, for who looks for the reason."""
    odd = [one for one in answers if not _accepts(step.expect, one)] or answers[:1]
    if not odd:
        return ""
    first = odd[0]
    return f"; an answer: {first.status or 'none'} {_shown(first.error or first.text)}"
