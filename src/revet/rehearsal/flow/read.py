"""Flows as data; `docs/schemas/flow.schema.json` describes the fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from revet.files import read_toml
from revet.model.errors import ConfigError
from revet.model.fields import Kind, check_fields
from revet.rehearsal.flow.definition import (
    Action,
    Call,
    Expect,
    Field,
    Flow,
    Log,
    Objects,
    Samples,
    Send,
    Step,
    Wait,
)
from revet.rehearsal.flow.templates import names_in

FIELDS: Mapping[str, Kind] = {"step": list, "samples": dict, "not_exercised": list[str]}
STEP_FIELDS: Mapping[str, Kind] = {
    "name": str, "send": dict, "call": dict, "wait": str, "objects": dict, "log": dict,
    "expect": dict, "capture": dict, "always": bool,
}  # fmt: skip
SEND_FIELDS: Mapping[str, Kind] = {
    "method": str, "url": str, "headers": dict, "body": object, "text": str, "samples": str,
    "count": int, "together": int, "each": str,
}  # fmt: skip
CALL_FIELDS: Mapping[str, Kind] = {"service": str, "operation": str, "parameters": dict}
OBJECT_FIELDS: Mapping[str, Kind] = {
    "bucket": str, "prefix": str, "each": str, "key": str, "contains": list[str],
}  # fmt: skip
LOG_FIELDS: Mapping[str, Kind] = {"group": str, "contains": list[str]}
EXPECT_FIELDS: Mapping[str, Kind] = {
    "status": int | list, "seen": list, "at_least": int | float, "reason": str, "values": dict,
    "error": str,
}  # fmt: skip
SAMPLE_FIELDS: Mapping[str, Kind] = {"seed": int, "fields": dict}
FIELD_FIELDS: Mapping[str, Kind] = {
    "choice": list, "walk": dict, "by": str, "volatility": int | float, "digits": int, "lots": int,
    "most": int, "start": str, "every": int | float,
}  # fmt: skip
_ACTIONS = ("send", "call", "wait", "objects", "log")
_MAKES = ("choice", "walk", "lots", "start")
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_MOST_REQUESTS = 100_000
_MOST_TOGETHER = 64


def read_flow(path: Path) -> Flow:
    """Read a flow.

    Raises:
        ConfigError: it cannot be read, is not one, or a step uses what nothing gives.
    """
    data = read_toml(path, "a flow")
    check_fields(str(path), "a flow", data, FIELDS, {"step"})
    samples = {
        name: _samples(f"{path}, samples.{name}", raw)
        for name, raw in data.get("samples", {}).items()
    }
    steps: list[Step] = []
    known: set[str] = set()
    for at, raw in enumerate(data["step"], 1):
        step = _step(f"{path}, step {at}", raw, samples, known)
        if step.name in {one.name for one in steps}:
            raise _wrong(f"{path}, step {at}", f"`{step.name}` twice", "a name of its own")
        steps.append(step)
        known |= set(step.capture)
    return Flow(tuple(steps), samples, tuple(data.get("not_exercised", ())))


def _wrong(where: str, got: str, expected: str) -> ConfigError:
    return ConfigError(
        "a flow has a step that cannot be sent",
        where=where,
        got=got,
        expected=expected,
        do="correct it; `docs/schemas/flow.schema.json` describes the fields",
    )


def _samples(where: str, raw: Any) -> Samples:  # noqa: ANN401 - as parsed
    check_fields(where, "a kind of sample", raw, SAMPLE_FIELDS, {"seed", "fields"})
    fields: dict[str, Field] = {}
    for name, one in raw["fields"].items():
        fields[name] = _field(f"{where}.fields.{name}", one, fields)
    return Samples(raw["seed"], fields)


def _field(where: str, raw: Any, before: Mapping[str, Field]) -> Field:  # noqa: ANN401 - as parsed
    check_fields(where, "a field of a sample", raw, FIELD_FIELDS)
    made = [name for name in _MAKES if raw.get(name)]
    if len(made) != 1:
        named = ", ".join(f"`{name}`" for name in made)
        raise _wrong(where, named or "none", "exactly one of `choice`, `walk`, `lots` and `start`")
    walk = {str(name): float(value) for name, value in raw.get("walk", {}).items()}
    by = raw.get("by", "")
    if walk:
        values = before[by].choice if by in before else ()
        if not values or {str(one) for one in values} != set(walk) or min(walk.values()) <= 0:
            raise _wrong(where, f"`by = {by!r}`", "a start above 0 for each `choice` of that field")
    if raw.get("start"):
        _check_time(where, raw["start"])
    numbers = {"most": raw.get("most", 1), "every": raw.get("every", 1)}
    numbers |= {"lots": raw["lots"]} if "lots" in raw else {}
    for name, number in numbers.items():
        if number <= 0:
            raise _wrong(where, f"`{name} = {number}`", "a number above 0")
    return Field(
        tuple(raw.get("choice", ())),
        walk,
        by,
        float(raw.get("volatility", 0.001)),
        raw.get("digits", 2),
        raw.get("lots", 0),
        raw.get("most", 1),
        raw.get("start", ""),
        float(raw.get("every", 1)),
    )


def _check_time(where: str, text: str) -> None:
    expected = "a time with its zone, `2026-01-30T14:30:00Z`"
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise _wrong(where, f"`start = {text!r}`", expected) from None
    if found.tzinfo is None:
        raise _wrong(where, f"`start = {text!r}`", expected)


def _step(where: str, raw: Any, samples: Mapping[str, Samples], known: set[str]) -> Step:  # noqa: ANN401 - as parsed
    check_fields(where, "a step of a flow", raw, STEP_FIELDS, {"name"})
    given = [name for name in _ACTIONS if name in raw]
    if len(given) != 1:
        named = ", ".join(f"`{name}`" for name in given)
        expected = f"exactly one of {', '.join(f'`{name}`' for name in _ACTIONS)}"
        raise _wrong(where, named or "none", expected)
    action = _READ[given[0]](f"{where}, {given[0]}", raw[given[0]])
    if isinstance(action, Send) and action.samples and action.samples not in samples:
        raise _wrong(where, f"`samples = {action.samples!r}`", "a kind in `[samples]`")
    expect = _expect(f"{where}, expect", raw.get("expect", {}), action)
    capture = raw.get("capture", {})
    for name, path in capture.items():
        if not isinstance(path, str) or not path or not name.isidentifier():
            raise _wrong(where, f"`capture.{name}`", "a name and the path of a value, as text")
    each = action.each if isinstance(action, Send | Objects) else ""
    used = names_in(raw[given[0]]) | names_in(raw.get("expect", {})) | ({each} if each else set())
    allowed = known | ({"each"} if each else set()) | {"account_id", "region"}
    missing = sorted(name for name in used - allowed if not name.startswith("output."))
    if missing:
        raise _wrong(where, f"`{missing[0]}`", "`output.…`, or what an earlier step captures")
    return Step(raw["name"], action, expect, capture, raw.get("always", False))


def _send(where: str, raw: Any) -> Send:  # noqa: ANN401 - as parsed
    check_fields(where, "a request", raw, SEND_FIELDS, {"method", "url"})
    if raw["method"] not in _METHODS:
        raise _wrong(where, f"`{raw['method']}`", ", ".join(_METHODS))
    bodies = [name for name in ("body", "text", "samples") if name in raw]
    if len(bodies) > 1:
        raise _wrong(where, ", ".join(bodies), "one of `body`, `text` and `samples`")
    for name, most in (("count", _MOST_REQUESTS), ("together", _MOST_TOGETHER)):
        if not 1 <= raw.get(name, 1) <= most:
            raise _wrong(where, f"`{name} = {raw[name]}`", f"1 to {most}")
    if "each" in raw and "count" in raw:
        raise _wrong(where, "`each` and `count`", "one of them")
    headers = raw.get("headers", {})
    if not all(isinstance(value, str) for value in headers.values()):
        raise _wrong(where, "a header that is not a text", "a text for each header")
    return Send(**{**raw, "headers": headers})


def _call(where: str, raw: Any) -> Call:  # noqa: ANN401 - as parsed
    check_fields(where, "a call of AWS's API", raw, CALL_FIELDS, {"service", "operation"})
    return Call(**raw)


def _wait(where: str, raw: Any) -> Wait:  # noqa: ANN401 - as parsed
    if raw != "quiet":
        raise _wrong(where, f"`{raw}`", '`"quiet"`: until everything is done that was set off')
    return Wait()


def _objects(where: str, raw: Any) -> Objects:  # noqa: ANN401 - as parsed
    check_fields(where, "a look at objects", raw, OBJECT_FIELDS, {"bucket"})
    if ("each" in raw) is not ("key" in raw) or ("each" in raw) is ("contains" in raw):
        raise _wrong(where, ", ".join(raw), "`each` with `key`, or `contains`")
    return Objects(**{**raw, "contains": tuple(raw.get("contains", ()))})


def _log(where: str, raw: Any) -> Log:  # noqa: ANN401 - as parsed
    check_fields(where, "a look at a log", raw, LOG_FIELDS, {"group", "contains"})
    return Log(raw["group"], tuple(raw["contains"]))


_READ: Mapping[str, Callable[[str, Any], Action]] = {
    "send": _send,
    "call": _call,
    "wait": _wait,
    "objects": _objects,
    "log": _log,
}


def _expect(where: str, raw: Any, action: Action) -> Expect:  # noqa: ANN401 - as parsed
    check_fields(where, "an expectation", raw, EXPECT_FIELDS)
    fits = {
        Send: ("status", "seen", "at_least", "reason", "values"),
        Call: ("values", "error"),
        Log: ("values",),
    }.get(type(action), ())
    wrong = [name for name in raw if name not in fits]
    if wrong:
        raise _wrong(where, f"`{wrong[0]}`", ", ".join(f"`{one}`" for one in fits) or "nothing")
    status = raw.get("status", [])
    codes = status if isinstance(status, list) else [status]
    for code in (*codes, *raw.get("seen", ())):
        if isinstance(code, bool) or not isinstance(code, int) or not 100 <= code <= 599:  # noqa: PLR2004 - HTTP's codes
            raise _wrong(where, f"`{code}`", "status codes of HTTP")
    share = raw.get("at_least", 1)
    if not 0 <= share <= 1:
        raise _wrong(where, f"`at_least = {share}`", "a share, 0 to 1")
    return Expect(
        tuple(codes),
        tuple(raw.get("seen", ())),
        float(share),
        raw.get("reason", ""),
        raw.get("values", {}),
        raw.get("error", ""),
    )
