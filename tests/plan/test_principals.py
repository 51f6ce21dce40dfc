"""Who has which policies: one picture from a plan, a state and an account, and nothing lost."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.gate.case_plan import plan_json
from tests.gate.case_state import state_of

from revet.iam.account import AccountPicture, PrincipalPicture
from revet.model.errors import UnknownValueError
from revet.plan import Inventory, load_plan
from revet.plan.account import account_of
from revet.plan.observed import EVERY, Observed, account_inventory
from revet.plan.principals import PRINCIPALS, givers, policies_of
from revet.plan.state import load_state
from revet.plan.terraform_types import all_types
from revet.plan.unread_marks import NOT_READ

CASES = tomllib.loads((Path(__file__).parent / "principals.toml").read_text())["case"]
COVERAGE = {kind: frozenset({""}) for kind in all_types()}
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
ACCOUNT = "111122223333"


def document(effect: str, action: str, **more: object) -> str:
    statement = {"Effect": effect, "Action": action, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


READ = document("Allow", "s3:GetObject", Resource="*")
ALL = document("Allow", "*", Resource="*")
TRUST = document("Allow", "sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"})


def resources_of(case: Mapping[str, Any]) -> dict[str, Any]:
    text = json.dumps(case["resource"])
    for word, policy in (("READ", READ), ("TRUST", TRUST)):
        text = text.replace(f'"{word}"', json.dumps(policy))
    found: dict[str, Any] = json.loads(text)
    return found


def as_plan(resources: dict[str, Any]) -> Inventory:
    return load_plan(plan_json({"resource": resources}, "a test"))


def as_state(resources: dict[str, Any]) -> Inventory:
    return load_state(state_of({"resource": resources}))


def as_account(resources: dict[str, Any]) -> Inventory:
    nodes = state_of({"resource": resources})["values"]["root_module"]["resources"]
    observed = [Observed(node["type"], node["address"], node["values"]) for node in nodes]
    names = {(item.type, "", item.id): item.id for item in observed}
    return account_inventory(observed, account=ACCOUNT, coverage=COVERAGE, names=names)


def shown(principal: PrincipalPicture) -> dict[str, Any]:
    for policy in principal.policies:
        assert policy.document.statements
    assert len(principal.doubts) == len(set(principal.doubts))
    return {
        "policies": sorted(policy.name for policy in principal.policies),
        "boundary": principal.boundary.name if principal.boundary else "",
        "groups": sorted(principal.groups),
        "doubts": sorted(doubt.where for doubt in principal.doubts),
    }


EMPTY: dict[str, Any] = {"policies": [], "boundary": "", "groups": [], "doubts": []}
READINGS = (as_plan, as_state, as_account)


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.__name__)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_reading_gives_one_picture(
    case: Mapping[str, Any], reading: Callable[[dict[str, Any]], Inventory]
) -> None:
    picture = account_of(reading(resources_of(case)))
    found = {name: shown(principal) for name, principal in picture.principals.items()}
    assert found == {name: EMPTY | said for name, said in case["expect"].items()}


def test_every_type_that_gives_policies_is_in_a_case() -> None:
    used = {kind for case in CASES for kind in case["resource"]}
    assert {*givers(), *PRINCIPALS} <= used


# What apply forgets stays in effect, what it destroys does not.

HERE: dict[str, Any] = {
    "aws_iam_role": {"app": {"name": "app", "assume_role_policy": TRUST}},
    "aws_iam_user": {"ann": {"name": "ann"}},
    "aws_iam_group": {"people": {"name": "people"}},
    "aws_iam_group_policy": {"own": {"name": "own", "group": "people", "policy": READ}},
    "aws_iam_policy": {"kept": {"name": "kept", "policy": READ}},
    "aws_s3_bucket": {"data": {"bucket": "data"}},
}
LEFT: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "an inline policy of a role": (
        "aws_iam_role_policy", {"role": "app", "name": "x", "policy": ALL},
        "aws_iam_role.app", "aws_iam_role_policy.old",
    ),
    "an inline policy of a user": (
        "aws_iam_user_policy", {"user": "ann", "name": "x", "policy": ALL},
        "aws_iam_user.ann", "aws_iam_user_policy.old",
    ),
    "an attachment to a role": (
        "aws_iam_role_policy_attachment", {"role": "app", "policy_arn": ADMINISTRATOR},
        "aws_iam_role.app", ADMINISTRATOR,
    ),
    "an attachment to several": (
        "aws_iam_policy_attachment", {"roles": ["x", "app"], "policy_arn": ADMINISTRATOR},
        "aws_iam_role.app", ADMINISTRATOR,
    ),
    "an exclusive list": (
        "aws_iam_role_policy_attachments_exclusive",
        {"role_name": "app", "policy_arns": [ADMINISTRATOR]},
        "aws_iam_role.app", ADMINISTRATOR,
    ),
    "a membership": (
        "aws_iam_user_group_membership", {"user": "ann", "groups": ["people"]},
        "aws_iam_user.ann", "aws_iam_group_policy.own",
    ),
    "a membership, seen from the group": (
        "aws_iam_group_membership", {"users": ["ann"], "group": "people"},
        "aws_iam_user.ann", "aws_iam_group_policy.own",
    ),
}  # fmt: skip


def leaving(
    actions: list[str],
    kind: str,
    values: Mapping[str, Any],
    deposed: str = "",
    **more: Any,  # noqa: ANN401 - resources, as in a case
) -> Inventory:
    plan = plan_json({"resource": copy.deepcopy(HERE) | more}, "a test")
    plan["resource_changes"].append(
        {
            "address": f"{kind}.old",
            "mode": "managed",
            "type": kind,
            "name": "old",
            "change": {"actions": actions, "before": values, "after": None},
            **({"deposed": deposed} if deposed else {}),
        }
    )
    return load_plan(plan)


def names(picture: AccountPicture, principal: str) -> list[str]:
    return [policy.name for policy in picture.principal(principal).policies]


@pytest.mark.parametrize("case", LEFT.values(), ids=LEFT)
def test_what_is_forgotten_counts_and_what_is_destroyed_does_not(
    case: tuple[str, dict[str, Any], str, str],
) -> None:
    kind, values, principal, name = case
    assert name in names(account_of(leaving(["forget"], kind, values)), principal)
    assert name not in names(account_of(leaving(["delete"], kind, values)), principal)


def replacing(actions: list[str], kind: str, values: dict[str, Any]) -> Inventory:
    """What is there is replaced by the like of another name, and forgotten or destroyed."""
    here = copy.deepcopy(HERE)
    here.setdefault(kind, {})["old"] = {**values, "name": "new"} if "name" in values else values
    plan = plan_json({"resource": here}, "a test")
    (entry,) = (item for item in plan["resource_changes"] if item["address"] == f"{kind}.old")
    entry["change"] |= {"actions": actions, "before": values}
    return load_plan(plan)


@pytest.mark.parametrize("case", LEFT.values(), ids=LEFT)
def test_what_a_replacement_forgets_counts_beside_what_takes_its_place(
    case: tuple[str, dict[str, Any], str, str],
) -> None:
    kind, values, *_ = case
    name = f"{kind}.old"
    for actions in (["create", "forget"], ["forget", "create"]):
        replaced = replacing(actions, kind, values)
        assert list(replaced.deleted) == [f"{name} (as it is now)"]
        (old,) = replaced.deleted.values()
        assert (old.address, old.actions) == (name, ("forget",))
        assert {path: old.get(path) for path in values} == values
    for actions in (["create", "delete"], ["delete", "create"]):
        assert not replacing(actions, kind, values).deleted


def test_a_policy_that_a_replacement_forgets_stays_in_effect() -> None:
    kind, values = "aws_iam_role_policy", {"role": "app", "name": "x", "policy": ALL}
    kept = account_of(replacing(["create", "forget"], kind, values)).principal("aws_iam_role.app")
    assert len(kept.policies) == len(("old", "new"))
    gone = account_of(replacing(["create", "delete"], kind, values)).principal("aws_iam_role.app")
    assert len(gone.policies) == len(("new",))


def test_a_deposed_object_that_is_forgotten_counts() -> None:
    kind, values, principal, name = next(iter(LEFT.values()))
    assert name in names(account_of(leaving(["forget"], kind, values, "0a1b")), principal)
    gone = leaving(["delete"], kind, values, "0a1b")
    assert name not in names(account_of(gone), principal)


def test_a_forgotten_policy_is_still_what_an_attachment_names() -> None:
    arn = "arn:aws:iam::111122223333:policy/old"
    attached: dict[str, Any] = {
        "aws_iam_role_policy_attachment": {"old": {"role": "app", "policy_arn": arn}}
    }
    values = {"arn": arn, "id": arn, "policy": ALL}
    picture = account_of(leaving(["forget"], "aws_iam_policy", values, **attached))
    assert names(picture, "aws_iam_role.app") == ["aws_iam_policy.old"]
    gone = account_of(leaving(["delete"], "aws_iam_policy", values, **attached))
    assert [doubt.where for doubt in gone.principal("aws_iam_role.app").doubts] == [
        "aws_iam_role_policy_attachment.old.policy_arn"
    ]


def test_a_forgotten_bucket_policy_stays_where_nothing_replaces_it() -> None:
    kind, values = "aws_s3_bucket_policy", {"bucket": "data", "policy": ALL}
    policy = account_of(leaving(["forget"], kind, values)).resource("aws_s3_bucket.data").policy
    assert policy is not None
    assert policy.name == "aws_s3_bucket_policy.old"
    assert not account_of(leaving(["delete"], kind, values)).resource("aws_s3_bucket.data").policy
    new: dict[str, Any] = {kind: {"new": {"bucket": "data", "policy": READ}}}
    replaced = account_of(leaving(["forget"], kind, values, **new)).resource("aws_s3_bucket.data")
    assert replaced.policy is not None
    assert replaced.policy.name == "aws_s3_bucket_policy.new"


def test_a_policy_that_a_data_source_looked_up_is_known() -> None:
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    plan = plan_json({"resource": copy.deepcopy(HERE) | {
        "aws_iam_role_policy_attachment": {"read": {"role": "app", "policy_arn": arn}},
    }}, "a test")  # fmt: skip
    source = {
        "address": "data.aws_iam_policy.read",
        "mode": "data",
        "type": "aws_iam_policy",
        "name": "read",
        "values": {"arn": arn, "policy": READ},
    }
    plan["prior_state"] = {"values": {"root_module": {"resources": [source]}}}
    picture = account_of(load_plan(plan))
    assert names(picture, "aws_iam_role.app") == [arn]
    assert not picture.principal("aws_iam_role.app").doubts


def test_two_inline_policies_of_one_name_both_count() -> None:
    resources = copy.deepcopy(HERE) | {
        "aws_iam_role_policy": {
            "one": {"name": "own", "role": "app", "policy": READ},
            "two": {"name": "own", "role": "app", "policy": ALL},
        }
    }
    picture = account_of(as_plan(resources))
    assert len(names(picture, "aws_iam_role.app")) == len(resources["aws_iam_role_policy"])


# What was not read.


def account(*observed: Observed, without: tuple[str, ...] = ()) -> Inventory:
    coverage = {kind: places for kind, places in COVERAGE.items() if kind not in without}
    return account_inventory(observed, account=ACCOUNT, coverage=coverage)


ROLE = Observed(
    "aws_iam_role",
    "app",
    {"id": "app", "name": "app", "arn": f"arn:aws:iam::{ACCOUNT}:role/app", "inline_policy": [],
     "managed_policy_arns": [], "permissions_boundary": "", "assume_role_policy": TRUST},
)  # fmt: skip


def test_what_could_not_be_listed_is_a_doubt_with_its_remedy() -> None:
    lost = Observed("aws_iam_role_policy", EVERY, rest=NOT_READ)
    inventory = account(ROLE, lost)
    (role,) = inventory.of_type("aws_iam_role")
    found = policies_of(role, inventory)
    assert not found.held
    assert {doubt.resolve for doubt in found.unknown} == {NOT_READ.resolve}


@pytest.mark.parametrize("kind", [kind for kind in givers() if "role" in kind])
def test_a_type_that_was_not_listed_is_a_doubt(kind: str) -> None:
    inventory = account(ROLE, without=(kind,))
    (role,) = inventory.of_type("aws_iam_role")
    assert [doubt.path for doubt in policies_of(role, inventory).unknown] == [kind]


@pytest.mark.parametrize("kind", PRINCIPALS)
def test_principals_that_were_not_listed_are_a_doubt(kind: str) -> None:
    assert kind in [doubt.where for doubt in account_of(account(without=(kind,))).doubts]
    assert not account_of(account()).doubts


def test_a_sensitive_name_of_what_is_forgotten_is_a_doubt() -> None:
    plan = plan_json({"resource": copy.deepcopy(HERE)}, "a test")
    values = {"role": "app", "policy_arn": ADMINISTRATOR}
    plan["resource_changes"].append(
        {
            "address": "aws_iam_role_policy_attachment.old",
            "mode": "managed",
            "type": "aws_iam_role_policy_attachment",
            "name": "old",
            "change": {
                "actions": ["forget"],
                "before": values,
                "before_sensitive": {"role": True},
                "after": None,
            },
        }
    )
    inventory = load_plan(plan)
    found = policies_of(inventory.resources["aws_iam_role.app"], inventory)
    assert [type(doubt) for doubt in found.doubts] == [UnknownValueError]
    assert found.doubts[0].path == "aws_iam_role_policy_attachment.old.role"
