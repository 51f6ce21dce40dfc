"""Claims about all layers, made by hand: the false ones stay open whatever the tree says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.iam.certificate.accounts import ACCOUNT, ALICE, APP, BUCKET, KEY, LINKED, OTHER, SESSION
from tests.iam.certificate.certificates import open_leaves

from revet.iam.claim_layers import Problem
from revet.iam.claims import read_claim

Question = dict[str, Any]
PUT, READ, DECRYPT, ASSUME, RUN = (
    "s3:PutObject", "s3:GetObject", "kms:Decrypt", "sts:AssumeRole", "ec2:RunInstances",
)  # fmt: skip
OBJECTS, ROOT = f"{BUCKET}/*", f"arn:aws:iam::{ACCOUNT}:root"
IDENTITY, BOUNDARY, SESSION_POLICY, SCP, RCP = (
    "identity policy", "permissions boundary", "session policy", "service control policy",
    "resource control policy",
)  # fmt: skip


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str = "*", resource: str = "*", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str = "*", resource: str = "*", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {**allow(action, resource, **more), "Effect": "Deny"}


def at(layer: str, *statements: dict[str, Any], level: int = 0) -> dict[str, Any]:
    return {"layer": layer, "level": level, "policy": policy(*statements)}


def can(
    action: str,
    resource: str,
    *policies: dict[str, Any],
    who: Mapping[str, str] | None = None,
    resources: Mapping[str, str | None] | None = None,
) -> Question:
    """That a principal cannot do an action."""
    return {
        "kind": "principal",
        "account": ACCOUNT,
        **(who or {"principal": APP}),
        "policies": list(policies),
        "resources": [{"arn": arn, "policy": text} for arn, text in (resources or {}).items()],
        "about": [policy(allow(action, resource))],
    }


def anybody(
    action: str,
    arn: str,
    text: str | None,
    *policies: dict[str, Any],
    principals: tuple[dict[str, Any], ...] = (),
) -> Question:
    """That nobody can do an action on a resource."""
    return {
        "kind": "resource",
        "account": ACCOUNT,
        "partition": "aws",
        "arn": arn,
        "policy": text,
        "policies": list(policies),
        "principals": list(principals),
        "about": [policy(allow(action))],
    }


def public(text: str | None) -> Question:
    """That a policy lets no outsider in."""
    return {
        "kind": "public", "policy": text, "account": ACCOUNT, "organization": "o-abcdefghij",
        "partition": "aws", "about": [],
    }  # fmt: skip


ALL, TO_APP, TO_ACCOUNT = at(IDENTITY, allow()), {"AWS": APP}, {"AWS": ACCOUNT}
LINK, ROOT_USER, USER = {"principal": LINKED}, {"principal": ROOT}, {"principal": ALICE}
REGION = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
NOBODY = policy(deny(Principal="*"))

HOLDS: dict[str, Question] = {
    "no policy allows": can(PUT, OBJECTS, at(IDENTITY, allow(READ))),
    "a denial of its own": can(PUT, OBJECTS, at(IDENTITY, allow(), deny("s3:Put*"))),
    "the boundary does not allow": can(PUT, OBJECTS, ALL, at(BOUNDARY, allow(READ))),
    "the session policy does not allow": can(PUT, OBJECTS, ALL, at(SESSION_POLICY, allow(READ))),
    "a level does not allow": can(
        PUT, OBJECTS, ALL, at(SCP, allow()), at(SCP, allow(READ), level=1)
    ),
    "the organization denies": can(RUN, "*", ALL, at(SCP, allow(), deny(RUN))),
    "the organization denies resources": can(
        PUT, OBJECTS, ALL, at(RCP, deny(PUT, Principal="*")), resources={BUCKET: None}
    ),
    "the bucket denies": can(PUT, OBJECTS, ALL, resources={BUCKET: NOBODY}),
    "the bucket grants to the role, the boundary limits it": can(
        PUT, OBJECTS, at(BOUNDARY, allow(READ)),
        resources={BUCKET: policy(allow(Principal=TO_APP))},
    ),
    "the key's policy does not allow": can(
        DECRYPT, KEY, ALL, resources={KEY: policy(allow(Principal={"AWS": OTHER}))}
    ),
    "the trust policy does not allow": can(
        ASSUME, LINKED, ALL, resources={LINKED: policy(allow(Principal={"AWS": OTHER}))}
    ),
    "the root user is limited by the organization": can(
        PUT, OBJECTS, at(SCP, deny(PUT)), who=ROOT_USER
    ),
    "what a user is, a role is not": can(
        PUT, OBJECTS, at(IDENTITY, allow(Condition={"Null": {"aws:username": "false"}}))
    ),
    "no user of the account": can(
        PUT, OBJECTS, at(IDENTITY, allow(READ)), who={"unnamed": "user"}
    ),
    "a bucket that denies everybody": anybody(PUT, BUCKET, NOBODY),
    "no outsider without a policy": public(None),
    "no outsider from another network": public(
        policy(allow(Principal="*", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}))
    ),
    "no outsider where an account is named": public(policy(allow(Principal={"AWS": OTHER}))),
}  # fmt: skip
FAILS: dict[str, Question] = {
    "its own policy allows": can(PUT, OBJECTS, ALL),
    "a denial of less": can(PUT, OBJECTS, at(IDENTITY, allow(), deny(PUT, f"{BUCKET}/in/*"))),
    "a denial somewhere": can(PUT, OBJECTS, at(IDENTITY, allow(), deny(PUT, Condition=REGION))),
    "the boundary allows, too": can(PUT, OBJECTS, ALL, at(BOUNDARY, allow("s3:*"))),
    "each level allows": can(PUT, OBJECTS, ALL, at(SCP, allow()), at(SCP, allow(PUT), level=1)),
    "RCPs do not reach EC2": can(RUN, "*", ALL, at(RCP, deny(Principal="*"))),
    "RCPs do not reach linked roles": can(
        ASSUME, LINKED, ALL, at(RCP, deny(Principal="*")),
        resources={LINKED: policy(allow(Principal=TO_APP))},
    ),
    "SCPs do not reach linked roles": can(PUT, OBJECTS, ALL, at(SCP, deny()), who=LINK),
    "the bucket grants to the role": can(
        PUT, OBJECTS, resources={BUCKET: policy(allow(Principal=TO_APP))}
    ),
    "the bucket grants to everybody, whatever the boundary": can(
        PUT, OBJECTS, at(BOUNDARY, allow(READ)), resources={BUCKET: policy(allow(Principal="*"))}
    ),
    "the bucket grants to one session": can(
        PUT, OBJECTS, at(BOUNDARY, allow(READ)),
        resources={BUCKET: policy(allow(Principal={"AWS": SESSION}))},
    ),
    "a denial of one session": can(
        PUT, OBJECTS, ALL, resources={BUCKET: policy(deny(Principal={"AWS": SESSION}))}
    ),
    "the key's policy allows the account": can(
        DECRYPT, KEY, ALL, resources={KEY: policy(allow(Principal=TO_ACCOUNT))}
    ),
    "another bucket": can(PUT, "*", ALL, resources={BUCKET: NOBODY}),
    "a bucket of another account": can(
        PUT, "*", at(IDENTITY, allow(PUT, "arn:aws:s3:::other/*")), at(RCP, deny(Principal="*"))
    ),
    "the root user needs no policy": can(PUT, OBJECTS, who=ROOT_USER),
    "what a user is": can(
        PUT, OBJECTS, at(IDENTITY, allow(Condition={"Null": {"aws:username": "false"}})), who=USER
    ),
    "some user of the account": can(
        PUT, OBJECTS, at(IDENTITY, allow(Resource="*")), who={"unnamed": "user"}
    ),
    "a denial of a named one": can(
        PUT, OBJECTS, ALL, who={"unnamed": "user"},
        resources={BUCKET: policy(deny(Principal={"AWS": ALICE}))},
    ),
    "the root user reaches a bucket without a policy": anybody(PUT, BUCKET, None),
    "a service that no principal names": anybody(
        PUT, BUCKET,
        policy(
            deny(Principal="*", Condition={"StringNotEquals": {
                "aws:PrincipalServiceName": "config.amazonaws.com"}}),
            allow(Principal="*"),
        ),
    ),
    "a role that stands for itself alone": anybody(
        PUT, BUCKET, policy(deny(Principal="*", Condition={
            "ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:root", f"{APP}"]}})),
        principals=({"principal": APP, "policies": []},),
    ),
    "another account": anybody(
        PUT, BUCKET, policy(allow(Principal={"AWS": OTHER}), deny(Principal=TO_ACCOUNT))
    ),
    "an outsider": public(policy(allow(Principal="*"))),
    "an outsider but some": public(
        policy(allow(Principal="*"), deny(Principal={"AWS": [OTHER, "999999999999"]}))
    ),
    "the anonymous": public(
        policy(allow(Principal="*"), deny(Principal="*", Condition={
            "Null": {"aws:PrincipalArn": "false"}}))
    ),
    "outsiders from wide networks": public(
        policy(allow(Principal="*", Condition={"IpAddress": {"aws:SourceIp": "1.0.0.0/7"}}))
    ),
}  # fmt: skip


def trees(problem: Problem) -> Any:  # noqa: ANN401 - a tree
    """The tree that looks at everything, with leaves of no key."""
    rest: Any = ["closed", "?"]
    for name, one in problem.escaped.items():
        everything = any(glob.is_everything for glob in one.resources.globs)
        demands = len(one.conditions) + (not everything or one.resources.negated)
        rest = ["split", name, [rest] * (1 + demands)]
    for number, group in reversed(list(enumerate(problem.groups))):
        rest = ["choice", number, [rest] * len(group)]
    return rest


def keys_of(problem: Problem) -> Iterator[str]:
    """What leaves can be about."""
    yield from ("Action", "Resource")
    yield from (condition.key for condition in problem.carries)
    for group in (*problem.groups, problem.escaped):
        for one in group.values():
            yield from (condition.key for condition in one.conditions)


def left(question: Question) -> set[str]:
    """The leaves that stay open."""
    problems = read_claim(question).problems
    keys = {key for problem in problems for key in keys_of(problem)}
    claim = {
        "form": 2,
        "question": question,
        "universe": {"actions": 0, "sha256": ""},
        "proofs": [trees(problem) for problem in problems],
    }
    return open_leaves(claim, sorted(keys) or ["Action"])


@pytest.mark.parametrize("name", HOLDS)
def test_a_true_claim_can_be_shown(name: str) -> None:
    assert not left(HOLDS[name])


@pytest.mark.parametrize("name", FAILS)
def test_a_false_claim_stays_open(name: str) -> None:
    assert left(FAILS[name])
