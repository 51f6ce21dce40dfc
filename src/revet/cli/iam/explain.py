"""`revet iam explain`: why one request is allowed or denied."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from revet.cli.iam.files import read_object, read_text
from revet.cli.options import DataFormat, DataFormatName
from revet.cli.output import say, show
from revet.model.errors import UsageError
from revet.report.json import render_document

if TYPE_CHECKING:
    from revet.iam.evaluate import Decision

_EXIT = {"allowed": 0, "explicitly_denied": 1, "implicitly_denied": 1, "unknown": 2}


def explain(
    *,
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="FILE", help="The whole case as JSON; `-` is stdin."),
    ] = None,
    principal: Annotated[
        str | None,
        typer.Option(help="An ARN, a service name or `anonymous`; a session by its ARN."),
    ] = None,
    action: Annotated[str | None, typer.Option(help="For example s3:GetObject.")] = None,
    resource: Annotated[str, typer.Option(help="An ARN, or `*`.")] = "*",
    context: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="A condition key; again for more values."),
    ] = None,
    identity_policy: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="An identity policy; repeatable.")
    ] = None,
    resource_policy: Annotated[
        str | None, typer.Option(metavar="FILE", help="The resource's policy, or a trust policy.")
    ] = None,
    boundary: Annotated[
        str | None, typer.Option(metavar="FILE", help="The permissions boundary.")
    ] = None,
    session_policy: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="A session policy; repeatable.")
    ] = None,
    scp: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE[,FILE…]", help="The service control policies of a level, root first."
        ),
    ] = None,
    rcp: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE[,FILE…]", help="The resource control policies of a level, root first."
        ),
    ] = None,
    endpoint_policy: Annotated[
        str | None, typer.Option(metavar="FILE", help="The policy of the VPC endpoint.")
    ] = None,
    principal_account: Annotated[
        str, typer.Option(help="The principal's account, where its ARN does not say it.")
    ] = "",
    resource_account: Annotated[
        str, typer.Option(help="The account that owns the resource, where its ARN does not say it.")
    ] = "",
    wanted: DataFormatName = DataFormat.TEXT,
) -> int:
    """Explain why a request is allowed (exit code 0), denied (1) or unknown (2)."""
    from revet.iam.evaluate import decide, read_case  # noqa: PLC0415 - not needed to parse a call
    from revet.iam.evaluate.explain import explanation  # noqa: PLC0415 - same

    scps, rcps = list(map(_level, scp or [])), list(map(_level, rcp or []))
    files = _Files(
        {
            "identity policy": [identity_policy or []],
            "resource policy": [[resource_policy or ""]],
            "permissions boundary": [[boundary or ""]],
            "session policy": [session_policy or []],
            "service control policy": scps,
            "resource control policy": rcps,
            "VPC endpoint policy": [[endpoint_policy or ""]],
        }
    )
    if case is not None:
        files = _Files({})
        if principal or action:
            raise UsageError(
                "`--case` already contains the whole request",
                where="--case",
                got="`--case` with `--principal` or `--action`",
                expected="one of the two ways",
                do="leave one out",
            )
        content = read_object(case)
    else:
        content = {
            "name": "",
            "request": {
                "principal": _needed("principal", principal),
                "action": _needed("action", action),
                "resource": resource,
                "context": _context(context or []),
            },
            "principal_account": principal_account,
            "resource_account": resource_account,
            "identity_policies": [_policy(name) for name in identity_policy or []],
            "resource_policy": _policy(resource_policy),
            "permissions_boundary": _policy(boundary),
            "session_policies": [_policy(name) for name in session_policy or []],
            "service_control_policies": [list(map(_policy, level)) for level in scps],
            "resource_control_policies": [list(map(_policy, level)) for level in rcps],
            "vpc_endpoint_policy": _policy(endpoint_policy),
        }
    decision = decide(*read_case(content))
    if wanted is DataFormat.JSON:
        show(render_document("decision", explanation(str(content.get("name", "")), decision)))
    else:
        for line in lines_of(decision, files):
            say(line)
    return _EXIT[decision.outcome.value]


class _Files:
    """The files that the policies of a call come from.

    Args:
        names: name of a layer to the files of each level.
    """

    def __init__(self, names: Mapping[str, list[list[str]]]) -> None:
        self._names = names

    def name(self, layer: str, level: int, policy: int) -> str:
        """The file of a policy; its number in the layer where it does not come from a file."""
        levels = self._names.get(layer)
        return f"`{levels[level][policy]}`" if levels else f"policy {policy}"

    def layer(self, layer: str, level: int) -> str:
        """A layer with its files."""
        levels = self._names.get(layer, ())
        names = ", ".join(f"`{name}`" for name in levels[level] if name) if levels else ""
        place = f"{layer}, level {level}" if layer.endswith("control policy") else layer
        return f"{place} ({names})" if names else place


def lines_of(decision: Decision, files: _Files) -> list[str]:
    """A decision as lines of text."""
    from revet.iam.evaluate.explain import explain as views  # noqa: PLC0415 - as above

    request = decision.request
    outcome = decision.outcome.value.replace("_", " ")
    lines = [f"{outcome}: {request.principal} {request.action} {request.resource}"]
    for view in views(decision):
        blocks = f": {view.blocked.why}" if view.blocked and view.blocked.why else ""
        mark = f"  blocks{blocks}" if view.blocked else ""
        lines.append(f"  {files.layer(view.layer.value, view.level)}{mark}")
        for item in view.considered:
            statement = item.statement
            sid = f" `{statement.sid}`" if statement.sid else ""
            effect = "Deny" if statement.statement.deny else "Allow"
            name = files.name(view.layer.value, view.level, statement.policy)
            lines.append(
                f"    {effect} {item.standing.value}: {name}, statement "
                f"{statement.index}{sid}, line {statement.span.start.line}"
            )
            lines += [f"      {why}" for why in item.because]
        if not view.considered:
            lines.append("    no statement is about this action, resource and principal")
    lines += [f"  not known: {why}" for why in decision.reasons]
    if decision.missing_keys:
        lines.append(f"  keys that the request does not have: {', '.join(decision.missing_keys)}")
    return lines


def _needed(name: str, value: str | None) -> str:
    if not value:
        raise UsageError(
            f"no {name}",
            where=f"--{name}",
            expected="a whole case with `--case`, or `--principal` and `--action`",
            do=f"add `--{name}`",
        )
    return value


def _context(pairs: list[str]) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise UsageError(
                "no condition key with a value",
                where="--context",
                got=f"`{pair}`",
                expected="`KEY=VALUE`, for example `aws:SourceIp=203.0.113.7`",
                do="write it so",
            )
        found.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


def _policy(name: str | None) -> str | None:
    return None if name is None else read_text(name)


def _level(names: str) -> list[str]:
    """The files of one level; a file whose name has a comma is one file."""
    return [names] if Path(names).exists() else names.split(",")
