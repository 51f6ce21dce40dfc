"""`revet iam prove` and `revet iam who-can`: what no request, and what some request, can do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from revet.cli.options import DataFormat, DataFormatName
from revet.cli.output import save, say, show
from revet.iam.evaluate import Request
from revet.report.json import render_document

if TYPE_CHECKING:
    from revet.gate.properties import Proofs, Property
    from revet.iam.prove.properties import Proved


_Plan = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN.json", help="A plan or a state, as `terraform show -json` writes it."
    ),
]


def prove(
    plan: _Plan,
    *,
    properties: Annotated[
        Path, typer.Option("--properties", metavar="FILE", help="What must hold (properties.toml).")
    ],
    wanted: DataFormatName = DataFormat.TEXT,
    certificates: Annotated[
        Path | None,
        typer.Option(
            "--certificates",
            metavar="FOLDER",
            help="Where to write the proofs, each as the SHA-256 of it with `.json`.",
        ),
    ] = None,
) -> int:
    """Prove properties of all requests over the policies of a plan or a state.

    The exit code is 0 when all hold, 1 when one fails (a request shows how), 2 when nothing fails
    and something is not known.
    """
    from revet.gate.properties import read_properties  # noqa: PLC0415 - not needed to parse a call

    asked = read_properties(properties)
    proofs = _proofs(plan)
    found = [(one, proofs.prove(one)) for one in asked]
    if wanted is DataFormat.JSON:
        rows = [_as_json(one, proved) for one, proved in found]
        show(render_document("proofs", {"properties": rows}))
    else:
        for one, proved in found:
            _show(one, proved)
    for proof in (proved.certificate for _, proved in found):
        if certificates is not None and proof is not None:
            save(certificates / f"{proof.digest()}.json", proof.text)
    answers = {proved.holds.value for _, proved in found}
    return 1 if "fails" in answers else 2 if "unknown" in answers else 0


def who_can(
    action: Annotated[str, typer.Argument(metavar="ACTION", help="For example s3:GetObject.")],
    resource: Annotated[str, typer.Argument(metavar="RESOURCE", help="An ARN, or a pattern.")],
    *,
    plan: Annotated[Path, typer.Option("--plan", metavar="PLAN.json", help="A plan or a state.")],
    wanted: DataFormatName = DataFormat.TEXT,
) -> int:
    """Tell which principals of a plan or a state can do an action, with a request for each.

    The exit code is 2 when it is not known of one of them, else 0.
    """
    from revet.iam.prove.asked import Asked  # noqa: PLC0415 - not needed to parse a call
    from revet.iam.prove.requests import (  # noqa: PLC0415 - same
        require_actions,
        require_resources,
    )

    require_actions([action], "ACTION")
    require_resources([resource], "RESOURCE")
    found = _proofs(plan).who_can(Asked((action,), (), (resource,)))
    if wanted is DataFormat.JSON:
        rows = [{"principal": name, **_answer(proved)} for name, proved in found]
        show(render_document("principals", {"principals": rows}))
    else:
        words = {"holds": "can", "fails": "cannot", "unknown": "unknown"}
        for name, proved in found:
            say(f"{words[proved.holds.value]:8} {name}")
            _show_witness(proved.witness)
            for doubt in proved.doubts:
                say(f"    not known: {doubt}")
    return 2 if any(proved.holds.value == "unknown" for _, proved in found) else 0


def _proofs(plan: Path) -> Proofs:
    from revet.gate.properties import Proofs  # noqa: PLC0415 - not needed to parse a call
    from revet.plan.state import load_plan_or_state  # noqa: PLC0415 - same

    return Proofs(load_plan_or_state(plan))


def _show(one: Property, proved: Proved) -> None:
    say(f"{proved.holds.value.upper():8} {one.id}  {one.text}")
    if proved.why:
        say(f"    {proved.why}")
    _show_witness(proved.witness)
    for doubt in proved.doubts:
        say(f"    not known: {doubt}")
    if proved.certificate is not None:
        say(f"    certificate {proved.certificate.digest()}")
    elif proved.uncertified and proved.witness is None:
        say(f"    no certificate: {proved.uncertified}")


def _show_witness(witness: Request | None) -> None:
    if witness is None:
        return
    say(f"    {witness.principal}")
    say(f"    {witness.action} on {witness.resource}")
    for key, value in sorted(witness.context.items()):
        if value is not None:
            say(f"      {key} = {json.dumps(value)}")


def _as_json(one: Property, proved: Proved) -> dict[str, Any]:
    return {"id": one.id, "requirement": one.requirement, "text": one.text, **_answer(proved)}


def _answer(proved: Proved) -> dict[str, Any]:
    witness = proved.witness
    return {
        "result": proved.holds.value,
        "reasons": [*([proved.why] if proved.why else []), *proved.doubts],
        "witness": None
        if witness is None
        else {
            "principal": witness.principal,
            "action": witness.action,
            "resource": witness.resource,
            "context": dict(witness.context),
        },
        "certificate": None if proved.certificate is None else proved.certificate.digest(),
        "uncertified": proved.uncertified or None,
    }
