"""`revet iam check-…`: the custom policy checks of IAM Access Analyzer, offline and proved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revet.cli.iam.files import read_bytes, read_object
from revet.cli.options import DataFormat, DataFormatName
from revet.cli.output import note, save, say, show
from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate.attached import Layer
from revet.model.errors import InputError
from revet.report.json import render_document

if TYPE_CHECKING:
    from revet.iam.prove.checks import Check

_EXIT = {"PASS": 0, "FAIL": 1, "UNKNOWN": 2}


class Kind(StrEnum):
    """AWS's `policyType`, as choices of an option."""

    IDENTITY = "identity"
    RESOURCE = "resource"


_LAYERS = {Kind.IDENTITY: Layer.IDENTITY, Kind.RESOURCE: Layer.RESOURCE}
_Kind = Annotated[
    Kind, typer.Option("--type", help="Whether the policies name principals (resource) or not.")
]
_Certificate = Annotated[
    Path | None,
    typer.Option("--certificate", metavar="FILE", help="Where to write the proof, when it passes."),
]
_Policy = Annotated[str, typer.Argument(metavar="POLICY", help="The policy (JSON); `-` is stdin.")]


def check_no_new_access(
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new policy; `-` is stdin.")],
    existing: Annotated[str, typer.Argument(metavar="OLD", help="The policy to compare with.")],
    *,
    kind: _Kind = Kind.IDENTITY,
    wanted: DataFormatName = DataFormat.TEXT,
    certificate: _Certificate = None,
) -> int:
    """Prove that a policy grants nothing that another one does not.

    The exit code is 0 for PASS, 1 for FAIL with a request, 2 for UNKNOWN.
    """
    from revet.iam.prove import checks  # noqa: PLC0415 - not needed to parse a call

    policies = _read(new), _read(existing)
    return _answered(checks.check_no_new_access(*policies, _LAYERS[kind]), wanted, certificate)


def check_access_not_granted(
    policy: _Policy,
    *,
    actions: Annotated[
        list[str] | None,
        typer.Option("--actions", metavar="ACTION[,ACTION…]", help="Actions, or patterns of them."),
    ] = None,
    resources: Annotated[
        list[str] | None,
        typer.Option("--resources", metavar="ARN[,ARN…]", help="ARNs, or patterns of them."),
    ] = None,
    kind: _Kind = Kind.IDENTITY,
    wanted: DataFormatName = DataFormat.TEXT,
    certificate: _Certificate = None,
) -> int:
    """Prove that a policy grants none of some actions on any of some resources.

    The exit code is 0 for PASS, 1 for FAIL with a request, 2 for UNKNOWN.
    """
    from revet.iam.prove import checks  # noqa: PLC0415 - not needed to parse a call

    found = checks.check_access_not_granted(
        _read(policy), _listed(actions), _listed(resources), _LAYERS[kind]
    )
    return _answered(found, wanted, certificate)


def check_no_public_access(
    policy: _Policy,
    *,
    resource_type: Annotated[
        str,
        typer.Option(
            "--resource-type",
            help="CloudFormation type, as AWS's check takes it; the answer does not depend on it.",
        ),
    ],
    wanted: DataFormatName = DataFormat.TEXT,
    certificate: _Certificate = None,
) -> int:
    """Prove that a resource policy lets nobody in who has no part in what it names.

    The exit code is 0 for PASS, 1 for FAIL with a request, 2 for UNKNOWN.
    """
    from revet.iam.prove import checks  # noqa: PLC0415 - not needed to parse a call

    if not resource_type.startswith("AWS::"):
        raise InputError(
            "no such resource type",
            where="--resource-type",
            got=f"`{resource_type}`",
            expected="a CloudFormation type, for example `AWS::S3::Bucket`",
            do="write it as CloudFormation does",
        )
    return _answered(checks.check_no_public_access(_read(policy)), wanted, certificate)


def check_certificate(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A certificate; `-` is stdin.")],
) -> int:
    """Check a proof from the policies in it alone: 0 when it is valid, 1 when it is not."""
    from revet.iam.certificate import check_certificate as faults_of  # noqa: PLC0415 - as above

    faults = faults_of(read_object(file))
    for fault in faults:
        say(fault)
    if not faults:
        say("the certificate is valid")
    return int(bool(faults))


def _read(name: str) -> PolicyDocument:
    data = read_bytes(name)
    try:
        return parse_policy(data)
    except InputError as error:
        where = f"{name}, {error.where}" if error.where else name
        raise InputError(
            error.what, where=where, got=error.got, expected=error.expected, do=error.do
        ) from error


def _listed(values: list[str] | None) -> list[str]:
    return [part for value in values or () for part in value.split(",") if part]


def _answered(found: Check, wanted: DataFormat, certificate: Path | None) -> int:
    if wanted is DataFormat.JSON:
        show(render_document("policy-check", found.as_json()))
    else:
        for line in lines_of(found):
            say(line)
    if certificate is not None:
        if found.certificate is None:
            note(f"not written: {certificate}; there is no certificate of this answer")
        else:
            save(certificate, found.certificate.text)
            note(f"written: {certificate}")
    return _EXIT[found.result.value]


def lines_of(found: Check) -> Iterator[str]:
    """A check as text.

    Args:
        found: what it found.
    """
    yield f"{found.result.value}  {found.message}"
    for reason in found.reasons:
        sid = f" (`{reason.statement_id}`)" if reason.statement_id else ""
        yield f"  {reason.description}{sid}"
    witness = found.witness
    if witness is not None:
        yield "  This request is allowed:"
        yield f"    principal  {witness.principal}"
        yield f"    action     {witness.action}"
        yield f"    resource   {witness.resource}"
        for key, value in sorted(witness.context.items()):
            shown = "(not there)" if value is None else json.dumps(value)
            yield f"    {key}  {shown}"
