"""Cases: small plans, written down as data, with the answer that a control must give.

A case file is TOML, one for each control, `cases/<service>/<name>.toml`:

    [[case]]
    name = "every version is kept"
    kind = "compliant"                                # or "noncompliant", "unknown"
    [case.resource.aws_s3_bucket.data]                # Terraform's own JSON syntax, as TOML
    bucket = "data"
    [case.resource.aws_s3_bucket_versioning.data]
    bucket = "${aws_s3_bucket.data.id}"               # a reference, as in a configuration
    versioning_configuration = [{ status = "Enabled" }]      # a block: a list of tables

    [[case]]
    name = "whether versions are kept is decided during apply"
    kind = "unknown"
    unknown = ["aws_s3_bucket_versioning.data.versioning_configuration.0.status"]
    …

Fields of a case: `name`; `kind`; `resource.TYPE.NAME`, its `depends_on` among the arguments;
`output.NAME.value`; `provider.aws`
(`region`, `default_tags = [{ tags = {…} }]`); `backend.TYPE`, which gives the plan a synthesis
with this backend (`backend = {}`: with none); `account`, which the plan has read with
`data.aws_caller_identity.current`; `unknown`, attribute paths whose value is not known before apply
and does not name a resource of the plan; `settings`, of the rule; `expect`, address to
kind, where the judged resources differ from `kind`; `why`, words that the explanation must hold.

A file may leave a kind out with a reason: `[omitted]` `unknown = "outputs are always known"`.

The case becomes the JSON of a plan that creates everything, as the real Terraform would write it:
references to values that the provider fills in are unknown and kept as expressions (and so is all
that is more than a reference, `${… ? … : …}`), attributes nobody set are null or known after apply,
tags are merged with the default tags. The real `load_plan` reads it, and the one control judges it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.gate.case_plan import plan_json, synthesis_json

from revet.files import read_toml
from revet.gate.baseline import Baseline
from revet.gate.catalog import Control, catalog_of, control_id
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.errors import CatalogError
from revet.model.fields import check_fields
from revet.model.finding import Status
from revet.plan import load_plan

KINDS = {"compliant": Status.PASS, "noncompliant": Status.FAIL, "unknown": Status.UNKNOWN}
WHOLE_PLAN = "plan"
_FIELDS: dict[str, type] = {
    "name": str,
    "kind": str,
    "resource": dict,
    "output": dict,
    "provider": dict,
    "backend": dict,
    "account": str,
    "unknown": list,
    "settings": dict,
    "expect": dict,
    "why": str,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One small plan with the answer that a control must give.

    Args:
        control: id of the control.
        name: what is special about it.
        kind: `compliant`, `noncompliant` or `unknown`.
        plan: the JSON of the plan, parsed.
        settings: of the rule.
        expect: address to kind; empty when every judged resource is of the case's kind.
        why: words that every explanation of the case's kind must hold.
        synthesis: the JSON of the synthesis, parsed; None without one.
    """

    control: str
    name: str
    kind: str
    plan: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    synthesis: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one control.

    Args:
        control: id of the control.
        cases: in the file's order.
        omitted: kind to the reason why there is no case of it.
        path: the file.
    """

    control: str
    cases: tuple[Case, ...]
    omitted: Mapping[str, str]
    path: Path

    @property
    def lacking(self) -> tuple[str, ...]:
        """Kinds without a case and without a reason for that."""
        there = {case.kind for case in self.cases}
        return tuple(k for k in KINDS if k not in there and not self.omitted.get(k, "").strip())


@cache
def load_cases(path: Path) -> CaseFile:
    """Read a case file.

    Args:
        path: `<service>/<name>.toml`; gives the id of the control.

    Raises:
        ConfigError: no TOML, or a field is unknown, missing or of the wrong type.
        CatalogError: an unknown kind, a name that stands twice, a reference or an unknown path
            that leads nowhere.
    """
    data = read_toml(path, "a case file")
    check_fields(str(path), "a case file", data, {"case": list, "omitted": dict}, ("case",))
    cases: list[Case] = []
    for number, raw in enumerate(data["case"], start=1):
        where = f"{path}, case {number}"
        check_fields(where, "a case", raw, _FIELDS, ("name", "kind"))
        for kind in (raw["kind"], *raw.get("expect", {}).values()):
            if kind not in KINDS:
                raise _broken(where, f"kind `{kind}`", ", ".join(f"`{known}`" for known in KINDS))
        if raw["name"] in {case.name for case in cases}:
            raise _broken(where, f"`{raw['name']}` a second time", "every name once")
        cases.append(
            Case(
                control_id(path),
                raw["name"],
                raw["kind"],
                plan_json(raw, where),
                raw.get("settings", {}),
                raw.get("expect", {}),
                raw.get("why", ""),
                synthesis_json(raw),
            )
        )
    return CaseFile(control_id(path), tuple(cases), data.get("omitted", {}), path)


def run_case(control: Control, case: Case) -> tuple[str, ...]:
    """Let a control judge a case.

    Returns:
        What is not as expected, one line each; empty when all is.

    Raises:
        ConfigError: the case's settings do not fit the rule.
        InputError: the case makes a plan that cannot be read.
    """
    catalog = catalog_of((control,))
    named = Baseline(
        case.name, controls=(control.meta.id,), settings={control.meta.id: case.settings}
    )
    inventory = load_plan(case.plan, case.synthesis)
    judged = run_controls(inventory, select(catalog, named, None), subject=WHOLE_PLAN)
    wrong = [f"problem: {problem}" for problem in judged.problems]
    if not judged.findings:
        wrong.append("nothing was judged: no resource is in the control's scope")
    found = {finding.address: finding for finding in judged.findings}
    expected = case.expect or dict.fromkeys(found, case.kind)
    for address in sorted(expected.keys() | found.keys()):
        finding = found.get(address)
        kind = expected.get(address, "")
        if finding is None or not kind:
            wrong.append(f"{address}: {'judged' if finding else 'not judged'}, unexpectedly")
        elif finding.status is not KINDS[kind]:
            wrong.append(
                f"{address}: {finding.status.value} instead of {KINDS[kind].value}:"
                f" {finding.implemented}"
            )
        elif kind == case.kind and case.why not in finding.implemented:
            wrong.append(f"{address}: explained with: {finding.implemented}")
    if case.kind not in expected.values():
        wrong.append(f"no finding is {case.kind}")
    return tuple(wrong)


def _broken(where: str, got: str, expected: str) -> CatalogError:
    return CatalogError(
        "a case breaks the rules of the catalogue",
        where=where,
        got=got,
        expected=expected,
        do="correct the case",
    )
