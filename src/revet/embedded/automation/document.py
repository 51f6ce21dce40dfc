"""What an automation document says: its parameters, its role, its steps.

Source: AWS Systems Manager User Guide, "Schemas, features and examples", "Data elements and
parameters", "Properties shared by all actions".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from revet.embedded.automation.parameters import TYPES, Declared, wrong_in_parameters
from revet.embedded.call import Json, Moto
from revet.embedded.wire_error import AwsError

AUTOMATION = "Automation"
"""The type of documents that are automations."""
_SCHEMA = "0.3"
_ON_FAILURE = ("Abort", "Continue")
JUMP = "step:"
"""How an `onFailure` begins that names a step."""
_MEMBERS = {
    *("name", "action", "description", "inputs", "outputs", "onFailure", "onCancel"),
    *("isCritical", "isEnd", "nextStep", "maxAttempts", "timeoutSeconds"),
}
_TEXTS = ("name", "action", "onFailure", "nextStep")
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Args:
        name: in its document.
        action: for example `aws:executeAwsApi`.
        inputs: as written, with references.
        outputs: as written: `Name`, `Selector`, `Type`.
        on_failure: `Abort`, `Continue` or `step:NAME`.
        next: name of the next step; empty for the one that follows.
        is_end: whether the automation ends after it.
        is_critical: whether its failure makes the automation fail.
    """

    name: str
    action: str
    inputs: Mapping[str, Json] = field(default_factory=dict)
    outputs: Sequence[Mapping[str, str]] = ()
    on_failure: str = "Abort"
    next: str = ""
    is_end: bool = False
    is_critical: bool = True


@dataclass(frozen=True, slots=True)
class AutomationDocument:
    """One version of a document.

    Args:
        name: of the document.
        version: of it.
        assume_role: as written, with references; empty without one.
        parameters: by name, as written: `type`, `default`, `allowedValues`, `allowedPattern`.
        steps: in their order.
        outputs: as written, for example `step.Name`.
    """

    name: str
    version: str
    assume_role: str
    parameters: Declared
    steps: tuple[Step, ...]
    outputs: tuple[str, ...] = ()


def read_document(document: Moto) -> AutomationDocument:
    """Read a document.

    Args:
        document: moto's version of one.

    Raises:
        AwsError: it is not an automation.
    """
    content = document.content_json
    if document.document_type != AUTOMATION:
        raise AwsError(
            "AutomationDefinitionNotFoundException",
            f"{document.name} is not an automation document.",
        )
    check_document(document)
    return AutomationDocument(
        document.name,
        str(document.document_version),
        content.get("assumeRole") or "",
        content.get("parameters") or {},
        tuple(_step(one) for one in content["mainSteps"]),
        tuple(content.get("outputs") or ()),
    )


def check_document(document: Moto) -> None:
    """Refuse an automation that cannot be executed.

    Args:
        document: moto's version of one.

    Raises:
        AwsError: it is not of schema 0.3, or not valid.
    """
    wrong = _wrong(document.content_json)
    if wrong:
        raise AwsError("InvalidDocumentContent", f"{document.name} is not valid: {wrong}.")


def _wrong(content: Mapping[str, Any]) -> str:
    """What makes a document that it cannot be executed; empty without anything."""
    if str(content.get("schemaVersion")) != _SCHEMA:
        return f"its schema version is not {_SCHEMA}"
    steps, outputs = content.get("mainSteps") or [], content.get("outputs") or []
    if not isinstance(steps, list) or not all(isinstance(one, Mapping) for one in steps):
        return "`mainSteps` is not a list of steps"
    if not isinstance(content.get("assumeRole") or "", str):
        return "`assumeRole` is not a text"
    if not isinstance(outputs, list) or not all(isinstance(one, str) for one in outputs):
        return "`outputs` is not a list of texts"
    wrong = next(filter(None, (_wrong_in(step) for step in steps)), "")
    return (
        wrong
        or _wrong_names([step["name"] for step in steps], outputs)
        or next(filter(None, (_wrong_jump(step, steps) for step in steps)), "")
        or wrong_in_parameters(content.get("parameters") or {})
    )


def _wrong_names(names: Sequence[str], outputs: Sequence[str]) -> str:
    if not names:
        return "`mainSteps` has no step"
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return f"more than one step has the name {', '.join(twice)}"
    of_none = [one for one in outputs if one.partition(".")[0] not in names]
    return f"an output names no step: {of_none[0]}" if of_none else ""


def _wrong_in(step: Mapping[str, Any]) -> str:
    """What is not valid in a step by itself."""
    if not all(isinstance(step.get(one, ""), str) for one in _TEXTS):
        return f"one of {', '.join(_TEXTS)} of a step is not a text"
    name = step.get("name")
    if not name or not step.get("action"):
        return "a step has no name, or no action"
    unknown = sorted(map(str, set(step) - _MEMBERS))
    if unknown:
        return f"step {name} has the unknown property {unknown[0]}"
    for truth in ("isEnd", "isCritical"):
        if str(step.get(truth, "true")).lower() not in _TRUTHS:
            return f"{truth} of {name} is neither true nor false"
    if not isinstance(step.get("inputs") or {}, Mapping):
        return f"inputs of {name} is not an object"
    return _wrong_outputs(str(name), step.get("outputs") or [])


def _wrong_outputs(name: str, outputs: Json) -> str:
    if not isinstance(outputs, list) or not all(isinstance(one, Mapping) for one in outputs):
        return f"outputs of {name} is not a list of objects"
    for one in outputs:
        if not all(one.get(part) and isinstance(one[part], str) for part in ("Name", "Selector")):
            return f"an output of {name} has no name, or no selector"
        if one.get("Type", "String") not in TYPES:
            return f"an output of {name} has the unknown type {one['Type']}"
    return ""


def _wrong_jump(step: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> str:
    names = [one["name"] for one in steps]
    after, failing = step.get("nextStep"), step.get("onFailure") or "Abort"
    if after and after not in names:
        return f"nextStep of {step['name']} names no step: {after}"
    jumps = failing.startswith(JUMP) and failing.removeprefix(JUMP) in names
    if failing not in _ON_FAILURE and not jumps:
        return f"onFailure of {step['name']} names no step: {failing}"
    return ""


def _step(written: Mapping[str, Any]) -> Step:
    return Step(
        written["name"],
        written["action"],
        written.get("inputs") or {},
        tuple(written.get("outputs") or ()),
        written.get("onFailure") or "Abort",
        written.get("nextStep") or "",
        _TRUTHS[str(written.get("isEnd", "false")).lower()],
        _TRUTHS[str(written.get("isCritical", "true")).lower()],
    )
