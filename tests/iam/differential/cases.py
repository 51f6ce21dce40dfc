"""Random cases of the JSON form of `revet iam authorize --cases`: the same for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from tests.iam.differential.case_conditions import as_json
from tests.iam.differential.case_policies import Author
from tests.iam.differential.naive_statements import request_of
from tests.iam.differential.vocabulary import (
    ACCOUNTS,
    KEYS,
    ODD_WORDS,
    SERVICE_CALLERS,
    SERVICES,
    WORDS,
    Key,
    Service,
)

T = TypeVar("T")

# Whether an empty text is a value for a variable is not said.
READ_BY_VARIABLES = {
    "aws:PrincipalTag/team", "aws:PrincipalTag/Project", "aws:ResourceTag/team",
    "aws:SourceAccount", "sts:SourceIdentity",
}  # fmt: skip
WITHOUT_ACCOUNT = {"service", "provider", "anonymous"}

PRINCIPAL_ARN = "aws:PrincipalArn"

KINDS = {
    "role session": 40, "user": 26, "federated user": 12, "service": 11, "anonymous": 6, "root": 5,
    "provider": 4,
}  # fmt: skip
# How often a layer allows, denies, says nothing, or does not exist, for callers it is about.
STATES = ("allow", "deny", "silent", "absent")
IDENTITY = (70, 4, 20, 6)
RESOURCE_SAME = (34, 5, 21, 40)
RESOURCE_CROSS = (76, 5, 14, 5)
RESOURCE_NEEDED = (78, 5, 17, 0)
BOUNDARY = (34, 5, 9, 52)
SESSION = (40, 6, 12, 42)
SERVICE_CONTROL = (42, 6, 9, 43)
RESOURCE_CONTROL = (38, 6, 8, 48)
ENDPOINT = (30, 5, 8, 57)


class Draw(random.Random):
    """Python's generator with a quicker choice, which is the same in every version of Python."""

    def choice(self, seq: Sequence[T]) -> T:  # type: ignore[override]
        return seq[int(self.random() * len(seq))]


def cases(
    seed: int, count: int, *, unused: frozenset[str] = frozenset()
) -> Iterator[dict[str, Any]]:
    """That many cases, each from the seed and its number alone."""
    for number in range(count):
        yield case(seed, number, unused=unused)


def case(seed: int, number: int, *, unused: frozenset[str] = frozenset()) -> dict[str, Any]:
    """One case, without the given keys."""
    return _made(Draw(f"{seed}/{number}"), f"{seed}/{number}", unused)[0]


def family(seed: int, number: int) -> list[dict[str, Any]]:
    """A case, and two more requests to the very same policies."""
    draw = Draw(f"{seed}/{number}")
    made, service, keys = _made(draw, f"{seed}/{number}", frozenset())
    found = [made]
    for again in (1, 2):
        request = dict(made["request"])
        before, drawn = request["context"], _context(draw, keys)
        request["context"] = _with_role(_mixed(draw, before, drawn), request["principal"], before)
        if again == 2:
            request["action"] = f"{service.prefix}:{draw.choice(service.actions)}"
            if draw.random() < 0.5:
                request["resource"] = _resource(draw, service, made["resource_account"])
        found.append(made | {"name": f"{made['name']}/{again}", "request": request})
    return found


def _mixed(draw: random.Random, *contexts: dict[str, Any]) -> dict[str, Any]:
    """Some keys of each context, none twice."""
    mixed: dict[str, tuple[str, Any]] = {}
    for context in contexts:
        for name, values in context.items():
            if draw.random() < 0.5:
                mixed[name.lower()] = name, values
    return dict(mixed.values())


def _with_role(context: dict[str, Any], principal: str, before: dict[str, Any]) -> dict[str, Any]:
    """A context that says which role a session is of: the ARN of a session leaves out its path."""
    if ":assumed-role/" not in principal:
        return context
    kept = {name: value for name, value in context.items() if name.lower() != PRINCIPAL_ARN.lower()}
    return kept | {PRINCIPAL_ARN: before[PRINCIPAL_ARN]}


def _role(draw: random.Random, principal: str) -> dict[str, Any]:
    found = re.fullmatch(r"arn:aws:sts::(.*):assumed-role/(.*)/.*", principal)
    if found is None:
        return {}
    account, name = found.groups()
    path = draw.choice(("", "", "team/", "division/team/"))
    if name.startswith("AWSServiceRoleFor"):
        path = draw.choice(("aws-service-role/autoscaling.amazonaws.com/", path))
    return {PRINCIPAL_ARN: f"arn:aws:iam::{account}:role/{path}{name}"}


def _made(
    draw: random.Random, name: str, unused: frozenset[str]
) -> tuple[dict[str, Any], Service, list[Key]]:
    kind = draw.choices(list(KINDS), weights=list(KINDS.values()))[0]
    account = draw.choice(ACCOUNTS)
    has_account = kind not in WITHOUT_ACCOUNT
    cross = has_account and draw.random() < 0.25
    service = _service(draw, kind, cross=cross)
    others = [item for item in ACCOUNTS if item != account]
    owner = draw.choice(others) if cross else account
    keys = [
        key
        for key in KEYS.values()
        if key.name not in unused
        and (not key.service or key.name in service.keys)
        # What follows from the request of an identity provider is not said.
        and not (key.derived and kind == "provider")
    ]
    principal = _principal(draw, kind, account, service.provider)
    made: dict[str, Any] = {
        "name": name,
        "request": {
            "principal": principal,
            "action": f"{service.prefix}:{draw.choice(service.actions)}",
            "resource": _resource(draw, service, owner),
            "context": _with_role(_context(draw, keys), principal, _role(draw, principal)),
        },
        "principal_account": account if has_account else None,
        "resource_account": owner,
    }
    _add_policies(draw, made, kind, service, keys, cross=cross)
    return made, service, keys


def _service(draw: random.Random, kind: str, *, cross: bool) -> Service:
    services = [
        service
        for service in SERVICES
        if (service.policy or not (cross or kind in WITHOUT_ACCOUNT))
        and (kind == "provider") == bool(service.provider)
        # "AssumeRole" (AWS STS API Reference): not with the credentials of a root user.
        and not (service.prefix == "sts" and kind in {"root", "anonymous", "federated user"})
    ]
    weights = [service.weight for service in services]
    return draw.choices(services, weights=weights)[0]


def _principal(draw: random.Random, kind: str, account: str, provider: str) -> str:
    word, session = draw.choice(WORDS), draw.choice(WORDS)
    path = draw.choice(("", "division/"))
    role = "AWSServiceRoleForAutoScaling" if draw.random() < 0.03 else word
    return {
        "anonymous": "anonymous",
        "service": draw.choice(SERVICE_CALLERS),
        "provider": f"arn:aws:iam::{account}:{provider}",
        "root": f"arn:aws:iam::{account}:root",
        "user": f"arn:aws:iam::{account}:user/{path}{word}",
        "federated user": f"arn:aws:sts::{account}:federated-user/{word}",
        "role session": f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
    }[kind]


def _resource(draw: random.Random, service: Service, account: str) -> str:
    text = draw.choice(service.resources)
    while "{word}" in text:
        text = text.replace("{word}", draw.choice(WORDS), 1)
    odd = draw.choice(WORDS * 2 + ODD_WORDS)
    region = draw.choice(KEYS["aws:RequestedRegion"].values)
    return text.replace("{odd}", odd).replace("{account}", account).replace("{region}", region)


def _context(draw: random.Random, keys: list[Key]) -> dict[str, Any]:
    context: dict[str, Any] = {}
    for key in keys:
        if draw.random() < (0.97 if key.derived else 0.45):
            continue
        name = key.name
        if draw.random() < 0.05:  # names of keys are not case-sensitive
            prefix, slash, tag = name.partition("/")
            name = prefix.upper() + slash + tag
        if key.many:
            least = 0 if key.empty else 1
            context[name] = draw.sample(key.values, draw.randint(least, len(key.values)))
        else:
            context[name] = as_json(draw, key, draw.choice(key.values))
        if key.type == "String" and key.name not in READ_BY_VARIABLES and draw.random() < 0.03:
            context[name] = [""] if key.many else ""  # to some rules a value, to some none
    return context


def _add_policies(
    draw: random.Random,
    made: dict[str, Any],
    kind: str,
    service: Service,
    keys: list[Key],
    *,
    cross: bool,
) -> None:
    def state(weights: tuple[int, ...]) -> str:
        return draw.choices(STATES, weights=weights)[0]

    has_account = kind not in WITHOUT_ACCOUNT
    boundary = state(BOUNDARY) if kind in {"user", "role session", "federated user"} else "absent"
    made["permissions_boundary"] = {} if boundary != "absent" else None
    request = request_of(made | {"permissions_boundary": boundary != "absent"})
    author = Author(draw, request, service, keys)
    if boundary != "absent":
        made["permissions_boundary"] = author.policy("boundary", boundary)
    if has_account and kind != "root":
        identity = state(IDENTITY)
        states = [] if identity == "absent" else [identity, *draw.choice(([], [], ["silent"]))]
        made["identity_policies"] = [author.policy("identity", item) for item in states]
    if kind in {"role session", "federated user"}:
        session = state(SESSION)
        made["session_policies"] = (
            [] if session == "absent" else [author.policy("session", session)]
        )
    made["resource_policy"] = None
    needed = author.needs_policy
    if service.policy:
        often = cross or not has_account
        weights = RESOURCE_NEEDED if needed else RESOURCE_CROSS if often else RESOURCE_SAME
        resource = state(weights)
        if resource != "absent":
            made["resource_policy"] = author.policy("resource", resource)
    if has_account and (control := state(SERVICE_CONTROL)) != "absent":
        made["service_control_policies"] = author.levels("service_control", control)
    if service.rcp and (control := state(RESOURCE_CONTROL)) != "absent":
        made["resource_control_policies"] = author.levels("resource_control", control)
    if kind not in {"service", "provider"} and (endpoint := state(ENDPOINT)) != "absent":
        made["vpc_endpoint_policy"] = author.policy("endpoint", endpoint)
