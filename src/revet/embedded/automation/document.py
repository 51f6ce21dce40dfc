"""What an automation document says: its parameters, its role, its steps.

Source: AWS Systems Manager User Guide, "Schemas, features and examples", "Data elements and
parameters", "Automation actions shared properties".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from revet.embedded.call import Json, Moto
from revet.embedded.wire_error import AwsError

_REFERENCE = re.compile(r"\{\{\s*([\w.:-]+)\s*\}\}")
_SCHEMA = "0.3"
_ON_FAILURE = ("Abort", "Continue")
_INVALID = "InvalidAutomationExecutionParametersException"


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
    parameters: Mapping[str, Mapping[str, Json]]
    steps: tuple[Step, ...]
    outputs: tuple[str, ...] = ()

    def given(self, asked: Mapping[str, Sequence[str]]) -> dict[str, Json]:
        """The values of all parameters, as steps read them.

        Args:
            asked: a list of texts for each parameter, as the API takes them.

        Raises:
            AwsError: one is missing, unknown or not allowed.
        """
        unknown = sorted(set(asked) - set(self.parameters))
        if unknown:
            raise AwsError(_INVALID, f"Parameters {', '.join(unknown)} are not in the document.")
        found = {}
        for name, declared in self.parameters.items():
            if name in asked:
                _check(name, declared, asked[name])
                kind = str(declared.get("type", "String"))
                try:
                    found[name] = _typed(kind, asked[name])
                except (ValueError, KeyError) as error:
                    raise AwsError(_INVALID, f"Parameter {name} is not of type {kind}.") from error
            elif "default" in declared:
                found[name] = declared["default"]
            else:
                raise AwsError(_INVALID, f"Parameter {name} is required.")
        return found


def _check(name: str, declared: Mapping[str, Json], values: Sequence[str]) -> None:
    allowed, pattern = declared.get("allowedValues"), declared.get("allowedPattern")
    for value in values:
        if allowed is not None and value not in [str(one) for one in allowed]:
            raise AwsError(_INVALID, f"Parameter {name}: {value} is not among the allowed values.")
        if pattern is not None and not re.search(str(pattern), value):
            raise AwsError(_INVALID, f"Parameter {name}: {value} does not match {pattern}.")


def _typed(kind: str, values: Sequence[str]) -> Json:
    """The value of a parameter.

    Raises:
        ValueError: it is not of its type.
    """
    if kind == "StringList":
        return list(values)
    if kind == "MapList":
        return [json.loads(one) for one in values]
    (first,) = values
    if kind == "Integer":
        return int(first)
    if kind == "Boolean":
        return {"true": True, "false": False}[first.lower()]
    return json.loads(first) if kind == "StringMap" else first


def read_document(document: Moto) -> AutomationDocument:
    """Read a document.

    Args:
        document: moto's version of one.

    Raises:
        AwsError: it is not an automation of schema 0.3, or not a valid one.
    """
    content = document.content_json
    if document.document_type != "Automation" or str(content.get("schemaVersion")) != _SCHEMA:
        raise AwsError(
            "AutomationDefinitionNotFoundException",
            f"{document.name} is not an automation document of schema version {_SCHEMA}.",
        )
    steps = tuple(_step(one) for one in content.get("mainSteps") or ())
    wrong = _wrong(steps)
    if wrong:
        raise AwsError("InvalidDocumentContent", f"{document.name} is not valid: {wrong}.")
    return AutomationDocument(
        document.name,
        str(document.document_version),
        str(content.get("assumeRole") or ""),
        content.get("parameters") or {},
        steps,
        tuple(str(one) for one in content.get("outputs") or ()),
    )


def _wrong(steps: Sequence[Step]) -> str:
    """What makes steps that they cannot be executed; empty without anything."""
    names = [step.name for step in steps]
    if not steps:
        return "`mainSteps` has no step"
    if not all(step.name and step.action for step in steps):
        return "a step has no name, or no action"
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return f"more than one step has the name {', '.join(twice)}"
    return next(filter(None, (_wrong_in(step, names) for step in steps)), "")


def _wrong_in(step: Step, names: Sequence[str]) -> str:
    failing = step.on_failure
    jumps = failing.startswith("step:") and failing.removeprefix("step:") in names
    if step.next and step.next not in names:
        return f"nextStep of {step.name} names no step: {step.next}"
    if failing not in _ON_FAILURE and not jumps:
        return f"onFailure of {step.name} names no step: {failing}"
    if any(not one.get("Name") or not one.get("Selector") for one in step.outputs):
        return f"an output of {step.name} has no name, or no selector"
    return ""


def _step(written: Mapping[str, Json]) -> Step:
    return Step(
        str(written.get("name") or ""),
        str(written.get("action") or ""),
        written.get("inputs") or {},
        tuple(written.get("outputs") or ()),
        str(written.get("onFailure") or "Abort"),
        str(written.get("nextStep") or ""),
        _truth(written.get("isEnd"), otherwise=False),
        _truth(written.get("isCritical"), otherwise=True),
    )


def _truth(value: Json, *, otherwise: bool) -> bool:
    return otherwise if value is None else str(value).lower() == "true"


def resolved(value: Json, known: Mapping[str, Json]) -> Json:
    """A value with its references replaced.

    A text that is nothing but a reference becomes what it refers to, of whatever type.

    Args:
        value: as written.
        known: what can be referred to.

    Raises:
        LookupError: something is referred to that is not known.
    """
    if isinstance(value, Mapping):
        return {key: resolved(one, known) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, known) for one in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value.strip())
    if whole:
        return _known(whole[1], known)
    return _REFERENCE.sub(lambda found: as_text(_known(found[1], known)), value)


def _known(name: str, known: Mapping[str, Any]) -> Json:
    if name not in known:
        raise LookupError(f"`{name}` is not known")
    return known[name]


def as_text(value: Json) -> str:
    """A value as answers and texts show it."""
    return value if isinstance(value, str) else json.dumps(value, default=str)
