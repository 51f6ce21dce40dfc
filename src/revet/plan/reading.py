"""Reading a plan file: what is not a complete plan is refused, with what it looks like instead."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from revet.files import read_given
from revet.model.errors import InputError
from revet.plan.form import check_form
from revet.plan.shape import Form, kind_of
from revet.plan.strict_json import parse_json

_ZIP = b"PK\x03\x04"
_SHOW = "run `terraform show -json plan.bin > plan.json` and pass that file"
_VERSION = re.compile(r"(?:0|[1-9][0-9]{0,3})\.(?:0|[1-9][0-9]{0,3})", re.ASCII)
_MAJOR = "1"
_EXPECTED = "the JSON that `terraform show -json` writes for a saved plan"


def read_plan(source: Path | bytes | Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Read and check a plan.

    Args:
        source: a path, the JSON bytes, or the parsed JSON.

    Returns:
        the plan and the SHA-256 of its bytes, in hex; for parsed JSON that of its compact form.

    Raises:
        InputError: not there, not JSON, no plan, an unknown format, not complete, empty, or of a
            form that no plan has.
    """
    where = str(source) if isinstance(source, Path) else "the given plan"
    data = read_source(source, where, "plan")
    digest = hashlib.sha256(data).hexdigest()
    return checked_plan(parse_plan(data, where), where), digest


def checked_plan(plan: Any, where: str) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """A plan whose form was checked.

    Args:
        plan: parsed JSON.
        where: it comes from, for messages.

    Raises:
        InputError: no plan, an unknown format, not complete, empty, or of a form that no plan has.
    """
    check_plan(plan, where)
    check_form(plan, Form("plan", where, "terraform show -json"))
    found: dict[str, Any] = plan
    return found


def read_source(source: Path | bytes | Mapping[str, Any], where: str, what: str) -> bytes:
    """The bytes of a file, or of parsed JSON in its compact form.

    Raises:
        InputError: it cannot be read, or holds what JSON does not have.
    """
    if not isinstance(source, Mapping):
        return read_bytes(source, where, what)
    try:
        return json.dumps(source, separators=(",", ":"), sort_keys=True).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(
            f"the {what} is not JSON",
            where=where,
            got=str(error),
            expected="objects, lists, text, numbers, truth values and null",
            do="pass what the JSON of Terraform parses to",
        ) from error


def read_bytes(source: Path | bytes, where: str, what: str) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: it cannot be read.
    """
    if isinstance(source, bytes):
        return source
    try:
        return read_given(source)
    except OSError as error:
        raise InputError(
            f"the {what} cannot be read",
            where=where,
            got=error.strerror or str(error),
            expected="a readable file",
            do="check the path",
        ) from error


def _refused(what: str, where: str, got: str, do: str, expected: str = _EXPECTED) -> InputError:
    return InputError(what, where=where, got=got, expected=expected, do=do)


def parse_plan(data: bytes, where: str) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON of what should be a plan, before its form is checked.

    Raises:
        InputError: it is empty, a binary plan, or not JSON.
    """
    if not data.strip():
        raise _refused("the plan is empty", where, f"{len(data)} bytes", _SHOW)
    if data.startswith(_ZIP):
        raise _refused("this is a binary plan, not its JSON", where, "a zip archive", _SHOW)
    return parse_json(data, partial(_not_json, where))


def _not_json(where: str, what: str, got: str) -> NoReturn:
    raise _refused(f"the plan {what}", where, got, _SHOW)


def check_plan(plan: object, where: str) -> None:
    """Refuse what is not a complete plan.

    Raises:
        InputError: no plan, an unknown format, not complete, or empty.
    """
    if not isinstance(plan, Mapping):
        raise _refused("this is not a plan", where, f"a JSON {type(plan).__name__}", _SHOW)
    _check_kind(plan, where)
    version = plan["format_version"]
    if not (isinstance(version, str) and _VERSION.fullmatch(version)):
        raise _refused(
            "the plan has a format version that is not one",
            where,
            f"`format_version` {kind_of(version)}",
            _SHOW,
            "two numbers with a dot, as text: `1.2`",
        )
    if version.split(".", 1)[0] != _MAJOR:
        raise _refused(
            "the plan has a format that is not known here",
            where,
            f"`format_version` `{version}`",
            "use a Terraform or OpenTofu release that writes format 1.x, or update revet",
            "`format_version` `1.x`",
        )
    if plan.get("errored") is True:
        raise _refused(
            "the plan failed half-way",
            where,
            "`errored` is true",
            "correct the errors that `terraform plan` reported and plan again",
            "a plan that ran to its end",
        )
    if plan.get("complete") is False:
        raise _refused(
            "the plan is not complete",
            where,
            "`complete` is false: changes are deferred or targeted",
            "plan again without `-target`, or apply what it defers on first",
            "a plan of everything",
        )
    if plan.get("resource_changes") in (None, []):
        raise _refused(
            "there is nothing to judge",
            where,
            "a plan without `resource_changes`",
            "check that the configuration has resources and that the plan was made in its folder",
            "a plan with at least one resource",
        )
    if "configuration" not in plan:
        raise _refused("the plan has lost its configuration", where, "no `configuration`", _SHOW)


def _check_kind(plan: Mapping[str, Any], where: str) -> None:
    if "format_version" in plan and ("resource_changes" in plan or "planned_values" in plan):
        return
    if "serial" in plan and "lineage" in plan:
        got = "a Terraform state file"
        do = "run `terraform show -json > state.json` in its folder, or plan; pass that file"
    elif "format_version" in plan and "values" in plan:
        got, do = "the JSON of a state (`terraform show -json` without a plan)", _SHOW
    elif {"terraform", "resource", "//", "provider"} & plan.keys():
        got, do = "synthesized configuration (`cdk.tf.json`)", f"plan it first; {_SHOW}"
    elif "@level" in plan or "@message" in plan:
        got, do = "the event log of `terraform plan -json`", _SHOW
    elif "format_version" in plan:
        got, do = "a JSON object with `format_version` but without `resource_changes`", _SHOW
    else:
        names = ", ".join(f"`{name}`" for name in list(plan)[:5])
        got, do = f"a JSON object with {names}" if names else "an empty JSON object", _SHOW
    raise _refused("this is not a plan", where, got, do)
