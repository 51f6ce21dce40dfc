"""What AWS's flow charts say for every combination of layers: the table, and its requests.

Sources: "How AWS enforcement code logic evaluates requests to allow or deny access" (order of the
steps; which implicit denies limit a resource-based policy), "Cross-account policy evaluation
logic", "Key policies in AWS KMS". Nothing of either evaluator is used.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LAYERS = ("session", "identity", "boundary", "service_control", "resource_control", "resource")
HOME, ABROAD = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{HOME}:role/examplerole"
ROLE_SESSION = f"arn:aws:sts::{HOME}:assumed-role/examplerole/examplerolesessionname"
USER = f"arn:aws:iam::{HOME}:user/exampleuser"
FEDERATED_USER = f"arn:aws:sts::{HOME}:federated-user/exampleuser"
ACCOUNT = f"arn:aws:iam::{HOME}:root"

# Within an account, an Allow of the resource-based policy, by the principal it names: the layers
# whose implicit deny still counts. To name the account only lets its own policies decide.
STILL_COUNT: Mapping[str, tuple[str, ...]] = {
    USER: (),
    ROLE_SESSION: (),
    FEDERATED_USER: (),
    "*": (),
    ROLE: ("boundary", "session"),
    ACCOUNT: ("identity", "boundary", "session"),
}
CALLERS = {"role session": (ROLE_SESSION,), "user": (USER, FEDERATED_USER)}
# Every control that exists has to allow, whatever the policies say.
CONTROLS = ("service_control", "resource_control")
LIMITS = ("boundary", "session")


@dataclass(frozen=True, slots=True)
class Row:
    """A state for each layer: allow, deny, none (it is there and does not match) or absent."""

    kind: str
    caller: str
    service: str
    cross: bool
    named: str
    states: Mapping[str, str]

    def __str__(self) -> str:
        where = "cross-account" if self.cross else "same account"
        layers = " ".join(f"{layer}={self.states[layer]}" for layer in LAYERS)
        return f"{self.service} {self.kind} {where} naming {self.named}: {layers}"


def rows(service: str, nothing: str, *, forms: int = 4) -> Iterator[Row]:
    """All combinations; `nothing` is how a layer that neither allows nor denies looks.

    The resource-based policy names the caller in up to four forms: itself, its role, its account,
    everyone.

    A user has a session policy only as a federated user: no other session of a user takes one. One
    that is given for the user itself limits it in the same way.
    """
    for combination in itertools.product(("allow", "deny", nothing), repeat=len(LAYERS)):
        states = dict(zip(LAYERS, combination, strict=True))
        for (kind, callers), cross in itertools.product(CALLERS.items(), (False, True)):
            for caller in callers:
                if caller == FEDERATED_USER and states["session"] == "absent":
                    continue  # such a session has no permissions; documented.toml has that rule
                named_as = [caller, *([ROLE] if caller == ROLE_SESSION else []), ACCOUNT, "*"]
                for named in named_as[:forms] if states["resource"] == "allow" else ["*"]:
                    yield Row(kind, caller, service, cross, named, states)


def expected(row: Row) -> str:
    """The decision of the flow charts."""
    passes = {layer: state in {"allow", "absent"} for layer, state in row.states.items()}
    allows = {layer: state == "allow" for layer, state in row.states.items()}
    if "deny" in row.states.values():
        return "explicitly_denied"
    if not all(passes[layer] for layer in CONTROLS):
        return "implicitly_denied"
    own = allows["identity"] and all(passes[layer] for layer in LIMITS)
    if row.cross:
        return "allowed" if own and allows["resource"] else "implicitly_denied"
    if allows["resource"]:
        counting = STILL_COUNT[row.named]
        enough = all(allows[layer] if layer == "identity" else passes[layer] for layer in counting)
        if enough:
            return "allowed"
    if row.service == "kms":
        return "implicitly_denied"  # IAM policies need a key policy that lets them decide
    return "allowed" if own else "implicitly_denied"


RESOURCES = {
    "s3": "arn:aws:s3:::amzn-s3-demo-bucket/key",
    "kms": "arn:aws:kms:us-east-1:{}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
}
ACTIONS = {"s3": "s3:GetObject", "kms": "kms:Decrypt"}


def case_of(row: Row) -> dict[str, Any]:
    """The request with its policies, as a case."""
    owner = ABROAD if row.cross else HOME
    resource = RESOURCES[row.service].format(owner)
    action = ACTIONS[row.service]

    def policy(layer: str) -> dict[str, Any] | None:
        state = row.states[layer]
        if state == "absent":
            return None
        statement: dict[str, Any] = {
            "Effect": "Deny" if state == "deny" else "Allow",
            "Action": "sqs:*" if state == "none" else action,
            "Resource": resource,
        }
        if layer == "resource_control" or (layer == "resource" and row.named == "*"):
            statement["Principal"] = "*"
        elif layer == "resource":
            statement["Principal"] = {"AWS": row.named}
        return {"Version": "2012-10-17", "Statement": [statement]}

    def levels(layer: str) -> list[list[dict[str, Any]]]:
        found = policy(layer)
        return [[found]] if found else []

    return {
        "name": str(row),
        "request": {
            "principal": row.caller, "action": action, "resource": resource, "context": {},
        },
        "principal_account": HOME,
        "resource_account": owner,
        "identity_policies": [found] if (found := policy("identity")) else [],
        "session_policies": [found] if (found := policy("session")) else [],
        "permissions_boundary": policy("boundary"),
        "resource_policy": policy("resource"),
        "service_control_policies": levels("service_control"),
        "resource_control_policies": levels("resource_control"),
    }  # fmt: skip
