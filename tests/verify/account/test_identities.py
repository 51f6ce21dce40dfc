"""Whatever a reader reads is found again by the identity that a state gives it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from revet.gate.catalog import load_catalog
from revet.model.finding import Origin
from revet.plan.observed import EVERY
from revet.plan.state import load_state
from revet.verify.api import Api
from revet.verify.audit import AuditInput
from revet.verify.deployed import judge_deployed
from revet.verify.identity import identities_observed, identities_of

Audit = Any  # of conftest.py
Recording = Any


def test_identities_tell_resources_apart(whole: Audit) -> None:
    found = Counter(
        (item.region, identity)
        for item in {(o.type, o.region, o.id): o for o in whole.seen.observed}.values()
        if item.mode == "managed" and item.id != EVERY
        for identity in identities_observed(item)
    )
    assert [one for one, times in found.items() if times > 1] == []


def test_identities_do_not_rest_on_the_readers_ids(whole: Audit) -> None:
    for item in whole.seen.observed:
        if item.mode == "managed" and item.id != EVERY:
            assert identities_of(item.type, item.values), item.address


def test_a_state_of_everything_is_found(whole: Audit, everything: Recording) -> None:
    resources = [
        {
            "address": f"{item.type}.x{number}",
            "mode": "managed",
            "type": item.type,
            "name": f"x{number}",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "values": dict(item.values) | ({"region": item.region} if item.region else {}),
        }
        for number, item in enumerate(
            {(o.type, o.region, o.id): o for o in whole.seen.observed}.values()
        )
        if item.mode == "managed" and item.id != EVERY
    ]
    state = {
        "format_version": "1.0",
        "terraform_version": "1.11.4",
        "values": {"root_module": {"resources": resources}},
    }
    verdict = judge_deployed(
        Api(everything, "123456789012", "us-west-2"),
        load_state(state),
        AuditInput(load_catalog()),
        stack="all",
        regions={},
        origin=Origin.EMULATED,
    )
    assert verdict.problems == ()
    gone = [f for f in verdict.findings if "does not exist in the account" in f.implemented]
    assert gone == []
    named = {resource["address"] for resource in resources}
    looked = {a for names in (verdict.not_looked_at or {}).values() for a in names}
    assert named <= looked | {finding.address for finding in verdict.findings}
