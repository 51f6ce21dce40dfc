"""One execution of an automation: step after step, each call as the role's session.

Steps of three actions are executed: `aws:executeAwsApi`, `aws:assertAwsResourceProperty`,
`aws:waitForAwsResourceProperty`. A step of another one fails and says so. Nothing else happens
while an automation runs, so that a property that does not have its value at once never will: the
step times out without waiting. Source: AWS Systems Manager User Guide, "Systems Manager Automation
actions reference".
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from revet.embedded.automation.api import Caller, UnknownCallError
from revet.embedded.automation.document import JUMP, AutomationDocument, Step
from revet.embedded.automation.references import as_text, as_texts, resolved
from revet.embedded.call import Json

Action = Callable[[Mapping[str, Json], Caller], Json]
SUCCESS, FAILED, TIMED_OUT = "Success", "Failed", "TimedOut"
_CALL = ("Service", "Api")
_PROPERTY = ("PropertySelector", "DesiredValues")
_MOST_STEPS = 100
_PART = re.compile(r"\.(?:([\w-]+)|\[?'([^']+)'\]?)|\[(\d+|\*)\]")


class StepError(Exception):
    """A step has failed; the text says why.

    Args:
        why: what failed.
        status: of the step.
    """

    def __init__(self, why: str, status: str = FAILED) -> None:
        super().__init__(why)
        self.status = status


@dataclass(slots=True)
class StepRun:
    """What became of a step.

    Args:
        name: of the step.
        action: of it.
        status: `Success`, `Failed` or `TimedOut`.
        inputs: with their references replaced.
        outputs: by name.
        failure: why it failed; empty when it did not.
        started: seconds since the epoch.
        ended: likewise.
    """

    name: str
    action: str
    status: str
    inputs: Mapping[str, str]
    outputs: Mapping[str, Json] = field(default_factory=dict)
    failure: str = ""
    started: float = 0.0
    ended: float = 0.0


@dataclass(slots=True)
class Run:
    """What became of an automation.

    Args:
        status: `Success`, `Failed` or `TimedOut`.
        steps: those that ran, in their order.
        outputs: by name.
        failure: why it failed, with the name of the step; empty when it did not.
    """

    status: str
    steps: list[StepRun]
    outputs: Mapping[str, list[str]]
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Execution:
    """What an automation runs with.

    Args:
        id: of the execution.
        account: that it runs in.
        region: likewise.
        parameters: the values of all of the document's parameters.
        caller: makes the calls.
    """

    id: str
    account: str
    region: str
    parameters: Mapping[str, Json]
    caller: Caller

    def known(self) -> dict[str, Json]:
        """What steps can refer to, before any has run."""
        return {
            **self.parameters,
            "global:ACCOUNT_ID": self.account,
            "global:REGION": self.region,
            "global:DATE": time.strftime("%Y-%m-%d", time.gmtime()),
            "global:DATE_TIME": time.strftime("%Y-%m-%d_%H.%M.%S", time.gmtime()),
            "automation:EXECUTION_ID": self.id,
        }


def execute(document: AutomationDocument, execution: Execution) -> Run:
    """Run an automation to its end.

    Args:
        document: what to do.
        execution: with what.
    """
    known = execution.known()
    runs: list[StepRun] = []
    order = {step.name: place for place, step in enumerate(document.steps)}
    place, failed = 0, ""
    while place < len(document.steps):
        step = document.steps[place]
        if len(runs) >= _MOST_STEPS:
            return Run(FAILED, runs, {}, f"more than {_MOST_STEPS} steps were executed")
        run = _run(step, known, execution.caller)
        runs.append(run)
        known |= {f"{step.name}.{name}": value for name, value in run.outputs.items()}
        after = step.next
        if run.status != SUCCESS:
            failed = failed or (_failure(run) if step.is_critical else "")
            if step.on_failure.startswith(JUMP):
                after = step.on_failure.removeprefix(JUMP)
            elif step.on_failure != "Continue":
                return Run(run.status, runs, {}, _failure(run))
        if step.is_end:
            break
        place = order[after] if after in order else place + 1
    outputs = {name: as_texts(known[name]) for name in document.outputs if name in known}
    return Run(FAILED if failed else SUCCESS, runs, outputs, failed)


def _failure(run: StepRun) -> str:
    return f"Step {run.name} failed: {run.failure}"


def _run(step: Step, known: Mapping[str, Json], caller: Caller) -> StepRun:
    run = StepRun(step.name, step.action, SUCCESS, {}, started=time.time())
    try:
        action, inputs = _read(step, known)
        run.inputs = {name: as_text(value) for name, value in inputs.items()}
        answer = action(inputs, caller)
        run.outputs = {str(one["Name"]): _select(answer, one["Selector"]) for one in step.outputs}
    except StepError as error:
        run.status, run.failure = error.status, str(error)
    run.ended = time.time()
    return run


def _read(step: Step, known: Mapping[str, Json]) -> tuple[Action, dict[str, Json]]:
    if step.action not in _ACTIONS:
        raise StepError(f"the embedded AWS does not execute steps of the action {step.action}")
    try:
        return _ACTIONS[step.action], resolved(step.inputs, known)
    except LookupError as error:
        raise StepError(str(error)) from error


def _call(inputs: Mapping[str, Json], caller: Caller) -> Json:
    """`aws:executeAwsApi`: one call."""
    service, operation = (str(inputs.get(name, "")) for name in _CALL)
    parameters = {str(name): value for name, value in inputs.items() if name not in _CALL}
    try:
        return caller.call(service.lower(), operation, parameters)
    except (ClientError, BotoCoreError, UnknownCallError) as error:
        raise StepError(str(error)) from error


def _assert(inputs: Mapping[str, Json], caller: Caller, status: str = FAILED) -> Json:
    """`aws:assertAwsResourceProperty`: a property has one of some values."""
    values = inputs.get("DesiredValues")
    if not isinstance(values, list):
        raise StepError("DesiredValues is not a list")
    answer = _call({name: one for name, one in inputs.items() if name not in _PROPERTY}, caller)
    try:
        found = _select(answer, str(inputs.get("PropertySelector", "")))
    except StepError as error:
        raise StepError(str(error), status) from error
    wanted = [as_text(one) for one in values]
    if as_text(found) not in wanted:
        raise StepError(f"the property is {as_text(found)}, not one of {', '.join(wanted)}", status)
    return answer


def _wait(inputs: Mapping[str, Json], caller: Caller) -> Json:
    """`aws:waitForAwsResourceProperty`: as it is now."""
    return _assert(inputs, caller, TIMED_OUT)


_ACTIONS: Mapping[str, Action] = {
    "aws:executeAwsApi": _call,
    "aws:assertAwsResourceProperty": _assert,
    "aws:waitForAwsResourceProperty": _wait,
}


def _select(answer: Json, selector: str) -> Json:
    """What a JSONPath of names, places and `[*]` selects.

    Raises:
        StepError: it selects nothing, or is more than that.
    """
    rest = selector.removeprefix("$")
    if not selector.startswith("$") or _PART.sub("", rest):
        raise StepError(f"the embedded AWS does not model the selector {selector}")
    found = answer
    for match in _PART.finditer(rest):
        name, place = match[1] or match[2], match[3]
        if place == "*":
            return _select_each(found, f"${rest[match.end() :]}")
        if not isinstance(found, Mapping if name else list):
            raise StepError(f"{selector} selects nothing in the answer")
        key: Json = name or int(place)
        try:
            found = found[key]
        except (KeyError, IndexError) as error:
            raise StepError(f"{selector} selects nothing in the answer") from error
    return found


def _select_each(found: Json, selector: str) -> list[Json]:
    """What the rest of a selector selects in each item; one list, however many `[*]` it has."""
    if not isinstance(found, (list, Mapping)):
        raise StepError("[*] selects nothing in what is not a list")
    items = list(found.values()) if isinstance(found, Mapping) else found
    selected = [_select(one, selector) for one in items]
    return [one for many in selected for one in many] if "[*]" in selector else selected
