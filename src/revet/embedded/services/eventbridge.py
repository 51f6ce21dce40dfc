"""EventBridge: functions as targets of rules, and schedules that are run when asked to.

moto knows no functions as targets, fails the producer's call for those that it does not know,
delivers by rules that are disabled, and by those that have a schedule only. Nothing waits for a
schedule here: `run_schedules` runs all that are enabled, once. (Amazon EventBridge User Guide,
"Event bus targets", "Creating a rule that runs on a schedule"; EventBridge Scheduler User Guide.)
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from moto.events.models import Rule, events_backends
from moto.events.utils import EventTemplateParser
from moto.scheduler.models import scheduler_backends

from revet.embedded.call import Json, Moto
from revet.embedded.functions import notes
from revet.embedded.functions.definition import find_function
from revet.embedded.functions.event_input import InputError, filled, made_input, plain
from revet.embedded.functions.invoke import queue, running
from revet.embedded.functions.permission import require_allowed
from revet.embedded.functions.sources import Source, send
from revet.embedded.patching import replace
from revet.embedded.service_sessions import assume_as_service
from revet.embedded.wire_error import AwsError

_SERVICE = "events.amazonaws.com"
_SCHEDULER = "scheduler.amazonaws.com"
_NO_SUCH = "the embedded AWS does not deliver to such targets"
_ORIGINAL: list[Callable[..., None]] = []


def install() -> None:
    """Put the changes in place."""
    replace(Rule, "send_to_targets", _sending)
    replace(EventTemplateParser, "parse", lambda _: staticmethod(_parse))


def _parse(input_template: str | None, input_paths_map: Mapping[str, str], event: Json) -> Json:
    shown = plain(event)
    if not input_template:
        return shown
    try:
        return filled(input_template, input_paths_map, shown)
    except InputError as error:
        raise AwsError("ValidationException", str(error)) from error


def _sending(original: Callable[..., None]) -> Callable[..., None]:
    _ORIGINAL[:] = [original]

    def send_to_targets(self: Moto, original_event: Json, transform_input: bool = True) -> None:  # noqa: FBT001, FBT002 - moto's signature
        if self.state == "DISABLED" or not self.event_pattern.get_pattern():
            return
        if self.event_pattern.matches_event(original_event):
            _deliver(self, original_event, transform_input)

    return send_to_targets


def _deliver(rule: Moto, event: Json, transform_input: bool) -> None:  # noqa: FBT001 - moto's
    """Send an event to each target of a rule; what one does is no matter to the others."""
    targets = list(rule.targets)
    for target in targets:
        arn = str(target["Arn"])
        try:
            if arn.split(":")[2] == "lambda":
                shown = made_input(target, plain(event))
                send(Source(_SERVICE, rule.arn, rule.account_id), arn, shown)
            else:
                rule.targets = [target]
                _ORIGINAL[0](rule, event, transform_input)
        except NotImplementedError:
            running().notes.add(notes.NOT_DELIVERED, arn, rule.arn, _NO_SUCH)
        except (InputError, AwsError) as error:
            running().notes.add(notes.NOT_DELIVERED, arn, rule.arn, str(error))
        finally:
            rule.targets = targets


def run_schedules() -> list[str]:
    """Run every enabled schedule once, as if its moment had come; the state's lock is held.

    Returns:
        The ARNs of the rules and schedules that were run.
    """
    ran = []
    for rule in _rules():
        now = dt.datetime.now(dt.UTC)
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": rule.account_id,
            "time": int(now.timestamp()),
            "region": rule.region_name,
            "resources": [rule.arn],
            "detail": {},
            "ingestion-time": int(now.timestamp()),
        }
        _deliver(rule, event, transform_input=True)
        ran.append(str(rule.arn))
    for schedule in _schedules():
        _run(schedule)
        ran.append(str(schedule.arn))
    return ran


def _rules() -> Iterator[Moto]:
    for _, regions in sorted(dict.items(events_backends)):
        for _, backend in sorted(dict.items(regions)):
            for bus in backend.event_buses.values():
                for rule in list(bus.rules.values()):
                    if rule.scheduled_expression and rule.state == "ENABLED":
                        yield rule


def _schedules() -> Iterator[Moto]:
    for _, regions in sorted(dict.items(scheduler_backends)):
        for _, backend in sorted(dict.items(regions)):
            for group in backend.schedule_groups.values():
                for schedule in list(group.schedules.values()):
                    if schedule.state == "ENABLED":
                        yield schedule


def _run(schedule: Moto) -> None:
    """Do what a schedule of EventBridge Scheduler is for, as its role."""
    target: Mapping[str, Any] = schedule.target
    arn = str(target["Arn"])
    region, account = str(schedule.arn).split(":")[3:5]
    functions = running()
    try:
        session = assume_as_service(
            _SCHEDULER,
            str(target["RoleArn"]),
            str(schedule.name),
            str(schedule.arn),
            dt.datetime.now(dt.UTC),
        )
        text = str(target.get("Input") or "{}")
        kind = arn.split(":")[2]
        if kind == "lambda":
            require_allowed(session, "lambda:InvokeFunction", arn, region)
            queue(find_function(account, region, arn), text.encode(), str(schedule.arn))
        elif kind in _SENT:
            service, operation, asked = _SENT[kind](arn, text)
            with functions.lock.released():
                functions.caller(session, region).call(service, operation, asked)
        else:
            functions.notes.add(notes.NOT_DELIVERED, arn, str(schedule.arn), _NO_SUCH)
    except (AwsError, ClientError, BotoCoreError) as error:
        functions.notes.add(notes.NOT_DELIVERED, arn, str(schedule.arn), str(error))


def _to_queue(arn: str, text: str) -> tuple[str, str, Json]:
    region, account, name = arn.split(":")[3:6]
    url = f"https://sqs.{region}.amazonaws.com/{account}/{name}"
    return "sqs", "SendMessage", {"QueueUrl": url, "MessageBody": text}


def _to_topic(arn: str, text: str) -> tuple[str, str, Json]:
    return "sns", "Publish", {"TopicArn": arn, "Message": text}


_SENT: Mapping[str, Callable[[str, str], tuple[str, str, Json]]] = {
    "sqs": _to_queue,
    "sns": _to_topic,
}
