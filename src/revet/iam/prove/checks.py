"""The custom policy checks of IAM Access Analyzer, offline, with AWS's answers and one more.

Source: IAM Access Analyzer API Reference, `CheckNoNewAccess`, `CheckAccessNotGranted` and
`CheckNoPublicAccess`: `PASS` or `FAIL` with reasons, each with a statement. `UNKNOWN` is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Request
from revet.iam.evaluate.attached import Layer
from revet.iam.prove.ask import Result
from revet.iam.prove.callers import partition_of
from revet.iam.prove.certificates import Certificate, certificate
from revet.iam.prove.policies import Subject, Verdict, ask_about, comparison
from revet.iam.prove.public import (
    OWNER,
    OWNERS_ORGANIZATION,
    outside_callers,
    outside_demands,
)
from revet.iam.prove.requests import about, require_actions, require_resources
from revet.model.errors import InputError

MOST_ACTIONS = MOST_RESOURCES = 100
"""How many of each `CheckAccessNotGranted` takes.

Source: IAM Access Analyzer API Reference, `Access`.
"""


_NOTHING = parse_policy({"Version": "2012-10-17", "Statement": []})


class CheckResult(StrEnum):
    """What a check says."""

    PASS = "PASS"  # noqa: S105 - no password
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a check does not pass.

    Args:
        description: in words.
        statement_index: the statement of the checked policy that allows the request, from 0;
            `None` when none is to be named.
        statement_id: its `Sid`, empty without one.
    """

    description: str
    statement_index: int | None = None
    statement_id: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found.

    Args:
        result: the answer.
        message: the answer in a sentence.
        reasons: why it is not `PASS`.
        witness: for `FAIL`, a request that the policy allows.
        certificate: for `PASS`, the proof, where there is one.
    """

    result: CheckResult
    message: str
    reasons: tuple[Reason, ...] = ()
    witness: Request | None = None
    certificate: Certificate | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, Any]:
        """The check as its schema says."""
        witness = self.witness
        return {
            "result": self.result.value,
            "message": self.message,
            "reasons": [
                {
                    "description": reason.description,
                    "statementIndex": reason.statement_index,
                    "statementId": reason.statement_id,
                }
                for reason in self.reasons
            ],
            "witness": None
            if witness is None
            else {
                "principal": witness.principal,
                "action": witness.action,
                "resource": witness.resource,
                "context": dict(witness.context),
            },
            "certificate": None if self.certificate is None else self.certificate.digest(),
        }


def check_no_new_access(
    new: PolicyDocument, existing: PolicyDocument, layer: Layer = Layer.IDENTITY
) -> Check:
    """Whether a policy allows nothing that the existing one does not.

    Args:
        new: the new policy.
        existing: the policy to compare with.
        layer: `Layer.IDENTITY`, or `Layer.RESOURCE` for policies with principals.
    """
    subject = Subject("new", new, layer)
    other = Subject("existing", existing, layer)
    verdict = ask_about(subject, other)
    return check_of(
        subject,
        verdict,
        "The new policy grants no new access.",
        "The new policy grants access that the existing policy does not.",
        comparison(subject, other, (), verdict),
    )


def check_access_not_granted(
    policy: PolicyDocument,
    actions: Sequence[str] = (),
    resources: Sequence[str] = (),
    layer: Layer = Layer.IDENTITY,
) -> Check:
    """Whether a policy allows none of some actions on any of some resources.

    Args:
        policy: the policy.
        actions: patterns of actions; none for all actions.
        resources: patterns of ARNs; none for all resources.
        layer: `Layer.IDENTITY`, or `Layer.RESOURCE` for a policy with principals.

    Raises:
        InputError: neither is given, more than AWS takes, an action that AWS does not know, or a
            resource that is not an ARN.
    """
    for what, given, most in (
        ("actions", actions, MOST_ACTIONS), ("resources", resources, MOST_RESOURCES)
    ):  # fmt: skip
        if len(given) > most:
            raise InputError(
                f"too many {what}",
                got=f"{len(given)}",
                expected=f"at most {most}, as AWS's check takes",
                do="ask in several calls",
            )
    if not actions and not resources:
        raise InputError(
            "a check without actions and resources",
            expected="at least one action or one resource",
            do="name the access that the policy must not grant",
        )
    require_actions(actions, "actions")
    require_resources(resources, "resources")
    subject = Subject("policy", policy, layer)
    asked = about(list(actions) or ["*"], list(resources) or ["*"])
    verdict = ask_about(subject, about=(asked,))
    return check_of(
        subject,
        verdict,
        "The policy grants none of the specified access.",
        "The policy grants access that it must not.",
        comparison(subject, None, (asked,), verdict),
    )


def check_no_public_access(policy: PolicyDocument | None) -> Check:
    """Whether a resource policy keeps everybody out who has no part in what it names.

    Args:
        policy: the policy of a resource; `None` where it has none, which lets nobody in.
    """
    subject = Subject("policy", _NOTHING if policy is None else policy, Layer.RESOURCE)
    statements = subject.statements
    verdict = ask_about(
        subject, callers=outside_callers(statements), literals=outside_demands(statements)
    )
    proof = None
    if verdict.answer.result is Result.NONE:
        question: dict[str, Any] = {
            "kind": "public",
            "policy": None if policy is None else policy.text,
            "account": OWNER,
            "organization": OWNERS_ORGANIZATION,
            "partition": partition_of(statements),
            "about": [],
        }
        proof = certificate(question, [one.actions for one in statements], verdict.proofs)
    return check_of(
        subject,
        verdict,
        "The resource policy grants no public access.",
        "The resource policy grants public access.",
        proof,
    )


def check_of(
    subject: Subject, verdict: Verdict, passed: str, failed: str, proof: Certificate | None = None
) -> Check:
    """The check that an answer makes.

    Args:
        subject: the policy that was asked about.
        verdict: the answer.
        passed: what is said when there is no such request.
        failed: what is said when there is one.
        proof: that there is no such request, where it has a certificate.
    """
    answer = verdict.answer
    if answer.result is Result.NONE:
        return Check(CheckResult.PASS, passed, certificate=proof)
    if answer.result is Result.UNKNOWN or answer.witness is None:
        reasons = (
            *(
                Reason(f"{one.problem}.", one.number, one.sid)
                for one in subject.statements
                if one.problem
            ),
            *(Reason(f"It is not known {doubt}.") for doubt in answer.doubts),
        )
        return Check(CheckResult.UNKNOWN, "It cannot be decided.", reasons)
    found = answer.witness
    request = Request(verdict.caller, found.action, found.resource, found.context)
    reasons = tuple(
        Reason(f"Statement {index} allows the request.", index, sid)
        for index, sid in subject.allowing(request)
    )
    return Check(CheckResult.FAIL, failed, reasons, request)
