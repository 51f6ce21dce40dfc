"""Accounts drawn at random, the certificates about them, and the requests that these are about."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from revet.iam.account import (
    AccountPicture,
    NamedPolicy,
    Organization,
    OrganizationNode,
    PrincipalKind,
    PrincipalPicture,
    ResourcePicture,
)
from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Outcome, Policies, Request, decide
from revet.iam.evaluate.alone import allows_alone
from revet.iam.evaluate.attached import Layer
from revet.iam.prove.asked import Asked
from revet.iam.prove.properties import Account, Proved
from revet.iam.prove.requests import is_about

Certificate = dict[str, Any]
Statement = dict[str, Any]

ACCOUNT, OTHER = "111122223333", "444455556666"
APP, LINKED = (
    f"arn:aws:iam::{ACCOUNT}:role/{name}"
    for name in ("team/app", "aws-service-role/x.amazonaws.com/AWSServiceRoleForX")
)
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/bob"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/carol"
BUCKET, KEY = "arn:aws:s3:::data", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"
SUBJECTS = ("app", "alice", "people", "linked", "bucket", "key")
ACTIONS = ("s3:GetObject", "s3:PutObject", "kms:Decrypt", "sts:AssumeRole", "ec2:RunInstances")
PATTERNS = (*ACTIONS, "s3:*", "kms:*", "*", "s3:*Object", "sts:*")
RESOURCES = ("*", f"{BUCKET}/*", f"{BUCKET}/in/*", KEY, "arn:aws:s3:::other/*", APP, LINKED)
REQUESTED = (
    f"{BUCKET}/in/a", f"{BUCKET}/out", BUCKET, KEY, "arn:aws:s3:::other/a", APP, LINKED, "*",
    f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i", f"arn:aws:iam::{OTHER}:role/x",
)  # fmt: skip
PRINCIPALS: tuple[Any, ...] = (
    "*", {"AWS": "*"}, {"AWS": ACCOUNT}, {"AWS": OTHER}, {"AWS": APP}, {"AWS": ALICE},
    {"AWS": SESSION}, {"AWS": FEDERATED}, {"Service": "cloudtrail.amazonaws.com"},
    {"AWS": [APP, SESSION, ACCOUNT]}, {"Federated": "accounts.google.com"},
    {"AWS": f"arn:aws:iam::{OTHER}:role/theirs"}, {"AWS": "AROAEXAMPLEEXAMPLE"},
    {"CanonicalUser": "abc"}, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/unnamed"},
)  # fmt: skip
CALLERS = (
    APP, ALICE, LINKED, SESSION, FEDERATED, f"arn:aws:iam::{ACCOUNT}:root",
    f"arn:aws:iam::{ACCOUNT}:role/dave", f"arn:aws:iam::{OTHER}:role/theirs",
    f"arn:aws:iam::{OTHER}:user/eve", f"arn:aws:iam::{OTHER}:root",
    "arn:aws:iam::777788889999:root",
    "arn:aws:sts::777788889999:federated-user/mallory", "arn:aws:iam::777788889999:role/unnamed",
    "cloudtrail.amazonaws.com", "config.amazonaws.com", "accounts.google.com", "anonymous",
)  # fmt: skip
CONDITIONS: tuple[dict[str, Any], ...] = (
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
    {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    {"StringNotEquals": {"aws:PrincipalAccount": [ACCOUNT, OTHER]}},
    {"StringLike": {"aws:PrincipalAccount": "7*"}},
    {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/team/*"}},
    {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:sts::*:federated-user/*"}},
    {"StringEquals": {"aws:PrincipalType": ["User", "Account"]}},
    {"StringNotLike": {"aws:userid": "AROA*"}},
    {"Null": {"aws:username": "false"}},
    {"StringEquals": {"aws:PrincipalServiceName": "cloudtrail.amazonaws.com"}},
    {"StringNotEquals": {"aws:PrincipalServiceName": "config.amazonaws.com"}},
    {"Bool": {"aws:PrincipalIsAWSService": "true"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/*"}},
)
CONTEXTS: tuple[dict[str, Any], ...] = (
    {}, {"aws:RequestedRegion": "eu-west-1"}, {"aws:RequestedRegion": "us-west-2"},
    {"aws:SecureTransport": "false"}, {"aws:SourceIp": "10.1.2.3"},
)  # fmt: skip


def _contexts(condition: dict[str, Any]) -> Iterator[tuple[dict[str, Any], ...]]:
    """What requests carry of which a condition holds, where a property can say so."""
    if not condition:
        yield ()
    for operator, keys in condition.items():
        for key, values in keys.items():
            if operator in ("StringEquals", "Bool", "IpAddress"):
                yield ({"key": key, "values": [values] if isinstance(values, str) else values},)
            elif operator == "StringNotEquals":
                other = [values] if isinstance(values, str) else values
                yield ({"key": key, "other_than": other},)


class Drawn:
    """One account.

    Args:
        seed: of its policies.
    """

    def __init__(self, seed: int | str) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a seed
        self._denied: list[Asked] = []
        self.picture = self._picture()
        self.subject = self.random.choice(SUBJECTS)
        self.asked = self._asked()

    def statement(self, *, named: bool, deny: float = 0.35) -> Statement:
        """A statement."""
        draw = self.random
        found: Statement = {"Effect": "Deny" if draw.random() < deny else "Allow"}
        found["NotAction" if draw.random() < 0.1 else "Action"] = draw.choice(PATTERNS)
        found["NotResource" if draw.random() < 0.1 else "Resource"] = draw.choice(RESOURCES)
        if draw.random() < 0.45:
            found["Condition"] = draw.choice(CONDITIONS)
        if found["Effect"] == "Deny" and "Action" in found and "Resource" in found:
            asked = (found["Action"],), (), (found["Resource"],)
            condition = found.get("Condition", {})
            self._denied += [Asked(*asked, one) for one in _contexts(condition)]
        if named:
            negated = found["Effect"] == "Deny" and draw.random() < 0.2
            found["NotPrincipal" if negated else "Principal"] = draw.choice(PRINCIPALS)
        return found

    def policy(self, *, named: bool = False, everything: float = 0.0) -> NamedPolicy:
        """A policy of some statements."""
        draw = self.random
        statements = [self.statement(named=named) for _ in range(draw.randrange(1, 4))]
        if draw.random() < everything:
            whole: Statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
            statements.append({**whole, "Principal": "*"} if named else whole)
        document = parse_policy({"Version": "2012-10-17", "Statement": statements})
        return NamedPolicy("drawn", document)

    def _picture(self) -> AccountPicture:
        draw = self.random
        role, group = PrincipalKind.ROLE, PrincipalKind.GROUP
        entries = (
            ("app", APP, role), ("alice", ALICE, PrincipalKind.USER), ("linked", LINKED, role),
            ("people", f"arn:aws:iam::{ACCOUNT}:group/people", group),
        )  # fmt: skip
        principals = {
            name: PrincipalPicture(
                name,
                arn,
                kind,
                tuple(self.policy(everything=0.5) for _ in range(draw.randrange(3))),
                boundary=self.policy(everything=0.5) if draw.random() < 0.4 else None,
                trust=self.policy(named=True) if kind is role and draw.random() < 0.5 else None,
            )
            for name, arn, kind in entries
        }
        resources = {
            name: ResourcePicture(
                name, arn, kind, self.policy(named=True) if draw.random() < 0.8 else None
            )
            for name, arn, kind in (
                ("bucket", BUCKET, "AWS::S3::Bucket"),
                ("key", KEY, "AWS::KMS::Key"),
            )
        }
        return AccountPicture(ACCOUNT, principals, resources, self._organization())

    def _organization(self) -> Organization | None:
        draw = self.random
        if draw.random() < 0.4:
            return None
        nodes = {}
        for name, parent, account in (("root", "", ""), ("account", "root", ACCOUNT)):
            scps = [self.policy(everything=0.8)] if draw.random() < 0.5 else []
            rcps = [self.policy(named=True, everything=0.3)] if draw.random() < 0.5 else []
            nodes[name] = OrganizationNode(name, parent, account, tuple(scps), tuple(rcps))
        return Organization(nodes)

    def _asked(self) -> Asked:
        draw = self.random
        if self._denied and draw.random() < 0.7:
            return draw.choice(self._denied)
        context: tuple[dict[str, Any], ...] = ()
        if draw.random() < 0.4:
            context = ({"key": "aws:RequestedRegion", "other_than": ["eu-west-1"]},)
        resource = draw.choice((*RESOURCES, "*", "*"))
        return Asked((draw.choice(PATTERNS),), (), (resource,), context)

    def proved(self) -> Proved:
        """What is known of one property of the account."""
        account = Account(self.picture)
        if self.subject in ("bucket", "key") and self.random.random() < 0.4:
            return account.not_public(self.subject)
        return account.never(self.subject, self.asked)


def certificates(start: int) -> Iterator[tuple[Drawn, Certificate]]:
    """Drawn accounts of which something holds, each with its certificate as it comes from JSON.

    Args:
        start: the first seed.
    """
    seed = start
    while True:
        drawn = Drawn(seed)
        found = drawn.proved()
        if found.certificate is not None:
            yield drawn, json.loads(found.certificate.text)
        seed += 1


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, with which policies, by resource of the certificate or `""` for others."""

    principal: str
    policies: Policies
    resources: tuple[tuple[str, PolicyDocument | None], ...]
    elsewhere: bool = True


def counterexample(certificate: Certificate) -> Request | None:
    """A request that a certificate says is not allowed, and that the evaluator allows."""
    question = certificate["question"]
    about = [parse_policy(text) for text in question["about"]]
    if question["kind"] == "public":
        return _public(question)
    for asking in _askings(question):
        for action in ACTIONS:
            for resource in REQUESTED:
                bearing, owner = _bearing(asking, action, resource)
                if bearing is None:
                    continue
                for context in CONTEXTS:
                    request = Request(
                        asking.principal, action, resource, context, resource_account=owner
                    )
                    if decide(request, bearing).outcome is Outcome.ALLOWED and all(
                        is_about(request, one) for one in about
                    ):
                        return request
    return None


def _public(question: dict[str, Any]) -> Request | None:
    policies = Policies(resource=_document(question["policy"]))
    outside = [one for one in CALLERS if "777788889999" in one or one == "anonymous"]
    for principal in outside:
        for action in ACTIONS:
            for resource in REQUESTED:
                request = Request(principal, action, resource, {"aws:SourceIp": "198.51.100.1"})
                if allows_alone(request, policies) and not _fixed(question["policy"]):
                    return request
    return None


def _fixed(policy: str) -> bool:
    """Whether a policy fixes something that a plain request may happen to carry."""
    return any(word in policy for word in ("PrincipalAccount", "PrincipalArn", "userid"))


def _askings(question: dict[str, Any]) -> Iterator[Asking]:
    if question["kind"] == "principal":
        policies = _policies(question["policies"])
        resources = tuple((one["arn"], _document(one["policy"])) for one in question["resources"])
        principal = question.get("principal", f"arn:aws:iam::{ACCOUNT}:user/frank")
        yield Asking(principal, policies, resources)
        if principal == APP and any(
            SESSION in str(one.get("policy")) for one in question["resources"]
        ):
            yield Asking(SESSION, policies, resources)
        return
    resources = ((question["arn"], _document(question["policy"])),)
    known = {one.get("principal"): one["policies"] for one in question["principals"]}
    anything = parse_policy(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    )
    shared = question["policies"]
    for principal in CALLERS:
        if principal in known:
            yield Asking(principal, _policies([*known[principal], *shared]), resources, False)
            continue
        inside = f":{ACCOUNT}:" in principal
        bearing = _policies([one for one in shared if inside or "resource" in one["layer"]])
        if not (inside and principal.endswith(":root")) and principal.startswith("arn:"):
            bearing = replace(bearing, identity=(anything,))
        yield Asking(principal, bearing, resources, False)


def _document(text: str | None) -> PolicyDocument | None:
    return None if text is None else parse_policy(text)


def _policies(entries: list[dict[str, Any]]) -> Policies:
    def at(layer: Layer) -> dict[int, list[PolicyDocument]]:
        found: dict[int, list[PolicyDocument]] = {}
        for one in entries:
            if one["layer"] == layer.value:
                found.setdefault(one["level"], []).append(parse_policy(one["policy"]))
        return found

    def levels(layer: Layer) -> tuple[tuple[PolicyDocument, ...], ...]:
        return tuple(tuple(one) for _, one in sorted(at(layer).items()))

    [boundary] = at(Layer.BOUNDARY).get(0, [None])[:1] or [None]
    return Policies(
        tuple(at(Layer.IDENTITY).get(0, ())),
        boundary=boundary,
        scps=levels(Layer.SCP),
        rcps=levels(Layer.RCP),
    )


def _bearing(asking: Asking, action: str, resource: str) -> tuple[Policies | None, str]:
    for arn, document in asking.resources:
        service = "sts" if ":role/" in arn else arn.split(":")[2]
        if action.startswith(f"{service}:") and (
            resource == arn or resource.startswith((f"{arn}/", f"{arn}:"))
        ):
            return replace(asking.policies, resource=document), ACCOUNT
    if not asking.elsewhere:
        return None, ""
    return asking.policies, ACCOUNT
