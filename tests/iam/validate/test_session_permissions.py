"""What a caller passes when it assumes a role is guarded by any key of that request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from revet.iam.reference.conditions import condition_key
from revet.iam.reference.services import service
from revet.iam.validate import validate_policy

CODE = "UNSUPPORTED_ACTION_FOR_CONDITION_KEY"
PASSED = ["sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"]
ASSUMING = ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")
PLACEHOLDER = re.compile(r"\$\{[^{}]*\}")
CLAIMS = (
    "token.actions.githubusercontent.com:aud",
    "token.actions.githubusercontent.com:sub",
    "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE:sub",
    "app.terraform.io:aud",
)


def keys() -> Iterator[tuple[str, str]]:
    """Each action that assumes a role, with each key that its requests carry."""
    sts = service("sts")
    assert sts is not None
    for name in ASSUMING:
        action = sts.actions[name.lower()]
        for key in sorted(action.condition_keys):
            found = condition_key(key)
            if found is not None and not key.startswith("aws:"):
                yield f"sts:{name}", PLACEHOLDER.sub("x", found.name)
    yield from (("sts:AssumeRoleWithWebIdentity", claim) for claim in CLAIMS)


KEYS = list(keys())


def codes(kind: str, actions: list[str], key: str) -> set[str]:
    """The codes on a policy that allows actions under a condition."""
    whom = (
        {"Resource": "arn:aws:iam::111122223333:role/app"}
        if kind == "identity"
        else {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}
    )
    condition = {"StringEquals": {key: "x"}}
    statement = {"Effect": "Allow", **whom, "Action": actions, "Condition": condition}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {finding.code for finding in validate_policy(json.dumps(policy), kind)}


@pytest.mark.parametrize("kind", ["trust", "identity"])
@pytest.mark.parametrize(("action", "key"), KEYS, ids=[f"{action} {key}" for action, key in KEYS])
def test_such_permissions_stand_beside_every_key_of_the_request(
    kind: str, action: str, key: str
) -> None:
    assert CODE not in codes(kind, [action, *PASSED], key)
    assert CODE not in codes(kind, PASSED, key)


def test_the_keys_are_many() -> None:
    assert len(KEYS) > 50


@pytest.mark.parametrize("action", ["sts:GetSessionToken", "sts:AssumeRoot"])
def test_other_requests_do_not_carry_them(action: str) -> None:
    assert CODE in codes("identity", [action, *PASSED], "sts:ExternalId")
