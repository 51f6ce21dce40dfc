"""Stage of an API whose requests are not logged, or are logged with what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from revet.gate.catalog import control
from revet.gate.readings.needed import refuse_unread, takes_arn
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource, Symbolic
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks

_SETTINGS = "aws_api_gateway_method_settings"
_EVERY = "*/*"
_NAMES = (
    "aws_cloudwatch_log_group.id",
    "aws_cloudwatch_log_group.name",
    "aws_kinesis_firehose_delivery_stream.name",
)
# Source: API Gateway API reference, `MethodSetting`, `loggingLevel`.
_LEVELS = ("OFF", "ERROR", "INFO")
# The key itself, in contrast to its id, and what a caller proves who he is with.
# Source: API Gateway developer guide, "$context Variables for data models, authorizers, …".
_SECRET = re.compile(
    r"\$context\.(?:identity\.apiKey(?!Id)|authorizer\.(?:claims|jwt)|identity\.cognito\w*Token)"
)


@control(
    title="stages of REST APIs log who calls and what is executed, and never what is sent",
    severity=Severity.MEDIUM,
    resource="aws_api_gateway_stage",
    required=(
        "`access_log_settings` has a destination and a format without API keys; method settings "
        "for `*/*` log at `INFO` or `ERROR`; none has `data_trace_enabled`"
    ),
    impact="nobody sees an attack, or whoever reads the log reads card numbers and keys",
    fix="""access_log_settings {
  destination_arn = aws_cloudwatch_log_group.access.arn
  format          = jsonencode({ id = "$context.requestId", ip = "$context.identity.sourceIp" })
}""",
    deviations=("no-api-access-log",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Settings of single methods go before those for all of them."""
    doubts = Doubts()
    for fault, path in _access_faults(resource, doubts):
        return noncompliant(fault, paths=(path,))
    strong, perhaps = inventory.attachments(resource, _SETTINGS, via="stage_name")
    logged = []
    for item in strong:
        with doubts:
            fault = _fault(item)
            if fault:
                return noncompliant(f"`{item.address}` {fault}", related=(item.address,))
            if item.get("method_path") == _EVERY:
                logged.append(item.address)
    if perhaps:
        with doubts:
            inventory.attached(resource, _SETTINGS, via="stage_name", every=True)
    doubts.refuse()
    if not logged:
        refuse_unread(inventory, (resource.type,))
        return noncompliant(f"no `{_SETTINGS}` for `{_EVERY}` names it, and nothing is logged")
    return compliant("access and execution are logged, without payloads", related=tuple(logged))


def _access_faults(stage: Resource, doubts: Doubts) -> Iterator[tuple[str, str]]:
    settings = blocks(stage, "access_log_settings")
    if not settings:
        yield "it has no `access_log_settings`", "access_log_settings"
        return
    with doubts:
        destination = f"{settings[0]}.destination_arn"
        if not stage.is_set(destination):
            yield "its access log has no destination", destination
        elif fault := takes_arn(stage, destination, *_NAMES):
            yield f"the destination of its access log: {fault}", destination
    path = f"{settings[0]}.format"
    with doubts:
        value = stage.get(path)
        text = value.template if isinstance(value, Symbolic) else value
        if not isinstance(text, str):
            value.refuse()
        found = _SECRET.search(text)
        if found:
            yield f"its access log holds `{found.group()}`", path
        if isinstance(value, Symbolic):
            value.refuse()


def _fault(item: Resource) -> str:
    """What is wrong with settings of methods; empty where nothing is."""
    for block in blocks(item, "settings"):
        if item.get(f"{block}.data_trace_enabled"):
            return "logs what is sent, `data_trace_enabled`"
        level = f"{block}.logging_level"
        if one_of(item, level, _LEVELS, "API Gateway has no level `{}`", default="OFF") == "OFF":
            return "logs nothing"
    return ""
