"""Systems Manager: automations that are executed, as the role that their document names.

moto keeps documents and executes none. An execution has ended when StartAutomationExecution
answers. (Systems Manager API Reference, StartAutomationExecution, GetAutomationExecution and their
neighbours; User Guide, "Configuring a service role access for automations".)
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from moto.core.responses import ActionResult
from moto.ssm.models import Document, SimpleSystemManagerBackend, ssm_backends
from moto.ssm.responses import SimpleSystemManagerResponse

from revet.embedded.automation import (
    AutomationDocument,
    Execution,
    StepRun,
    execute,
    read_document,
)
from revet.embedded.automation.api import Caller
from revet.embedded.automation.document import AUTOMATION, check_document
from revet.embedded.automation.parameters import given
from revet.embedded.automation.references import as_texts, resolved
from revet.embedded.call import CALL, DISPATCH, Call, Json, Moto, Session
from revet.embedded.credentials import partition_of
from revet.embedded.patching import add, parameter, replace
from revet.embedded.service_sessions import assume_as_service
from revet.embedded.wire_error import NOT_IMPLEMENTED, AwsError

_AUTOMATIONS = "revet_automations"
_SERVICE = "ssm.amazonaws.com"
_INVALID = "InvalidAutomationExecutionParametersException"
_NOT_MODELLED = (
    *("Targets", "TargetMaps", "TargetLocations", "TargetLocationsURL", "TargetParameterName"),
    *("AlarmConfiguration", "MaxConcurrency", "MaxErrors"),
)
_MOST = 50


class Start(NamedTuple):
    """What an automation is started with.

    Args:
        document: name of it.
        version: of it; none for its default version.
        parameters: a list of texts for each.
        by: ARN of whoever starts it.
        tags: of the execution.
    """

    document: str
    version: str | None
    parameters: Mapping[str, Sequence[str]]
    by: str
    tags: Sequence[Mapping[str, str]] = ()


def install() -> None:
    """Put the changes in place."""
    replace(Document, "__init__", _init_document)
    add(
        SimpleSystemManagerResponse,
        start_automation_execution,
        get_automation_execution,
        describe_automation_executions,
        describe_automation_step_executions,
    )


def _init_document(original: Callable[..., None]) -> Callable[..., None]:
    def __init__(self: Moto, **more: Moto) -> None:  # noqa: N807 - it is one
        """A version of a document; automations that cannot be executed are refused."""
        try:
            original(self, **more)
        except (AttributeError, TypeError) as error:  # moto reads what is not an object as one
            raise AwsError(
                "InvalidDocumentContent", f"{more['name']} is not valid: {error}."
            ) from error
        if self.document_type == AUTOMATION:
            check_document(self)

    return __init__


def start_automation_execution(self: Moto) -> ActionResult:
    """Execute a document."""
    for member in _NOT_MODELLED:
        if parameter(self, member) is not None:
            raise AwsError(NOT_IMPLEMENTED, f"the embedded AWS does not model {member}")
    if (parameter(self, "Mode") or "Auto") != "Auto":
        raise AwsError(NOT_IMPLEMENTED, "the embedded AWS does not model interactive executions")
    call: Call = self.normalized_request.environ[CALL]
    start = Start(
        parameter(self, "DocumentName"),
        parameter(self, "DocumentVersion"),
        parameter(self, "Parameters") or {},
        call.principal.arn,
        parameter(self, "Tags") or (),
    )
    made = run_automation(self.normalized_request.environ, call, start)
    return ActionResult({"AutomationExecutionId": made["AutomationExecutionId"]})


def run_automation(environ: Mapping[str, Any], call: Call, start: Start) -> dict[str, Any]:
    """Execute a document, and keep what became of it.

    Args:
        environ: of the request that it is done for.
        call: likewise.
        start: what to execute.

    Returns:
        The execution, as GetAutomationExecution shows it.

    Raises:
        AwsError: it could not be started.
    """
    account, region = call.principal.account, call.region
    backend = ssm_backends[account][region]
    document = find_document(backend, start.document, start.version)
    parameters = given(document.parameters, start.parameters)
    execution_id = str(uuid.uuid4())
    session = _session(document, parameters, execution_id, call)
    caller = Caller(environ[DISPATCH], session, region)
    started = time.time()
    run = execute(document, Execution(execution_id, account, region, parameters, caller))
    made = {
        "AutomationExecutionId": execution_id,
        "DocumentName": document.name,
        "DocumentVersion": document.version,
        "AutomationExecutionStatus": run.status,
        "ExecutionStartTime": _moment(started),
        "ExecutionEndTime": _moment(time.time()),
        "Parameters": {name: list(values) for name, values in start.parameters.items()},
        "Outputs": dict(run.outputs),
        "StepExecutions": [_step(one) for one in run.steps],
        "StepExecutionsTruncated": False,
        "Mode": "Auto",
        "ExecutedBy": start.by,
        "Tags": [dict(tag) for tag in start.tags],
        **({"FailureMessage": run.failure} if run.failure else {}),
    }
    _kept(backend)[execution_id] = made
    return made


def find_document(
    backend: SimpleSystemManagerBackend, name: str, version: str | None
) -> AutomationDocument:
    """An automation document.

    Args:
        backend: moto's Systems Manager of the account and region.
        name: of the document.
        version: of it; none for its default version.

    Raises:
        AwsError: there is none, or it is AWS's own, or that of another account or region.
    """
    own = name.rpartition("/")[2]
    prefix = f"arn:{backend.partition}:ssm:{backend.region_name}:{backend.account_id}:document/"
    if name not in (own, f"{prefix}{own}"):
        raise AwsError(
            NOT_IMPLEMENTED, f"the embedded AWS executes documents of its account only, not {name}"
        )
    documents = backend._documents.get(own)  # noqa: SLF001 - moto has no other way
    if documents is None:
        if own.startswith(("AWS-", "AWSConfigRemediation-", "AWSSupport-")):
            raise AwsError(NOT_IMPLEMENTED, f"the embedded AWS does not have AWS's document {own}")
        raise AwsError(
            "AutomationDefinitionNotFoundException", f"The automation document {own} is not found."
        )
    wanted = None if version in (None, "$DEFAULT") else version
    found = documents.find(document_version=wanted, strict=False)
    if found is None:
        raise AwsError(
            "AutomationDefinitionVersionNotFoundException",
            f"The automation document {own} has no version {version}.",
        )
    return read_document(found)


def _session(
    document: AutomationDocument, parameters: Mapping[str, Json], execution_id: str, call: Call
) -> Session:
    try:
        role = str(resolved(document.assume_role, parameters))
    except LookupError as error:
        raise AwsError(_INVALID, f"assumeRole: {error}") from error
    if not role:
        raise AwsError(
            NOT_IMPLEMENTED,
            "the embedded AWS executes automations as a role only, and the document names none in "
            "`assumeRole`",
        )
    partition = partition_of(call.region)
    source = (
        f"arn:{partition}:ssm:{call.region}:{call.principal.account}:"
        f"automation-execution/{execution_id}"
    )
    try:
        return assume_as_service(
            _SERVICE, role, f"Automation-{execution_id}", source, dt.datetime.now(dt.UTC)
        )
    except AwsError as error:
        raise AwsError(
            _INVALID, f"The defined assume role is unable to be assumed: {error.message}"
        ) from error


def get_automation_execution(self: Moto) -> ActionResult:
    """What became of an execution."""
    return ActionResult({"AutomationExecution": _one(self)})


def describe_automation_step_executions(self: Moto) -> ActionResult:
    """What became of its steps."""
    steps = _one(self)["StepExecutions"]
    if parameter(self, "ReverseOrder"):
        steps = steps[::-1]
    return ActionResult({"StepExecutions": steps})


def describe_automation_executions(self: Moto) -> ActionResult:
    """The executions, newest first."""
    found = list(_kept(self.ssm_backend).values())[::-1]
    for condition in parameter(self, "Filters") or ():
        member = _FILTERS.get(condition["Key"])
        if member is None:
            raise AwsError("InvalidFilterKey", f"The filter {condition['Key']} is not modelled.")
        holds = _PREFIX if condition["Key"].endswith("Prefix") else _EQUAL
        found = [
            one for one in found if any(holds(one[member], value) for value in condition["Values"])
        ]
    start = int(parameter(self, "NextToken") or 0)
    end = start + int(parameter(self, "MaxResults") or _MOST)
    shown = [{name: one[name] for name in one if name in _SHOWN} for one in found[start:end]]
    more = {"NextToken": str(end)} if end < len(found) else {}
    return ActionResult({"AutomationExecutionMetadataList": shown, **more})


_PREFIX, _EQUAL = str.startswith, str.__eq__
_FILTERS = {
    "DocumentNamePrefix": "DocumentName",
    "ExecutionId": "AutomationExecutionId",
    "ExecutionStatus": "AutomationExecutionStatus",
}
_SHOWN = (
    *("AutomationExecutionId", "DocumentName", "DocumentVersion", "AutomationExecutionStatus"),
    *("ExecutionStartTime", "ExecutionEndTime", "ExecutedBy", "Outputs", "Mode", "FailureMessage"),
)


def _one(response: Moto) -> dict[str, Any]:
    asked = parameter(response, "AutomationExecutionId")
    found = _kept(response.ssm_backend).get(asked)
    if found is None:
        raise AwsError(
            "AutomationExecutionNotFoundException", f"There is no automation execution {asked}."
        )
    return found


def _kept(backend: SimpleSystemManagerBackend) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = vars(backend).setdefault(_AUTOMATIONS, {})
    return found


def _step(run: StepRun) -> dict[str, Any]:
    return {
        "StepExecutionId": str(uuid.uuid4()),
        "StepName": run.name,
        "Action": run.action,
        "StepStatus": run.status,
        "ExecutionStartTime": _moment(run.started),
        "ExecutionEndTime": _moment(run.ended),
        "Inputs": dict(run.inputs),
        "Outputs": {name: as_texts(value) for name, value in run.outputs.items()},
        **({"FailureMessage": run.failure} if run.failure else {}),
    }


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
