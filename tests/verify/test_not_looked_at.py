"""What no reader reads is named in the verdict, whatever its type."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from revet.gate.catalog import load_catalog
from revet.model.finding import Origin
from revet.plan.kinds import attribute_kinds
from revet.plan.state import load_state
from revet.plan.terraform_types import all_types
from revet.verify.api import Api
from revet.verify.audit import AuditInput, audit, unread_types
from revet.verify.deployed import judge_deployed
from revet.verify.operations import iam_action
from revet.verify.read_only import ReadDeniedError
from revet.verify.readers import load_readers

READ = {kind for reader in load_readers() for kind in reader.types}
ACCOUNT, REGION = "123456789012", "us-west-2"


class Denied:
    """Answers nothing."""

    def call(self, service: str, operation: str, **_asked: object) -> dict[str, Any]:
        raise ReadDeniedError(iam_action(service, operation), where=operation, got="AccessDenied")


def node(kind: str) -> dict[str, Any]:
    kinds = attribute_kinds(kind)
    assert isinstance(kinds, dict)
    empty: dict[str, Any] = {
        name: [] if isinstance(one, tuple) and one[0] == "[" else None
        for name, one in kinds.items()
    }
    return {
        "address": f"{kind}.one",
        "mode": "managed",
        "type": kind,
        "name": "one",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "schema_version": 0,
        "values": {**empty, "id": "one"},
        "sensitive_values": {},
    }


def test_of_a_deployed_stack() -> None:
    nodes = [node(kind) for kind in all_types()]
    state = {
        "format_version": "1.0",
        "terraform_version": "1.11.4",
        "values": {"root_module": {"resources": nodes}},
    }
    verdict = judge_deployed(
        Api(Denied(), ACCOUNT, REGION),
        load_state(state),
        AuditInput(load_catalog(), today=dt.date(2026, 1, 1)),
        stack="stack",
        regions={},
        origin=Origin.EMULATED,
    )
    named = set(verdict.not_looked_at or {})
    assert set(unread_types()) <= named
    judged = {finding.address.partition(".")[0] for finding in verdict.findings}
    assert set(all_types()) <= named | judged


@pytest.mark.parametrize("kind", unread_types())
def test_what_is_unread_has_no_reader_of_any_form_of_it(kind: str) -> None:
    assert kind not in READ


def test_of_an_account() -> None:
    verdict = audit(
        Api(Denied(), ACCOUNT, REGION),
        AuditInput(load_catalog(), today=dt.date(2026, 1, 1)),
        readers=load_readers(),
        regions=[REGION],
        origin=Origin.EMULATED,
    )
    said = verdict.provenance.notes["no reader for"]
    assert said == ", ".join(unread_types())
