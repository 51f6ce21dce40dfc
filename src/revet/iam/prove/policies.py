"""Questions about policies by themselves: does one allow what another does not?

Source: IAM Access Analyzer API Reference, `CheckNoNewAccess`, `CheckAccessNotGranted` and
`CheckNoPublicAccess`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from revet.iam.compiled.policy import CompiledStatement, compile_policy
from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Policies, Request
from revet.iam.evaluate.alone import allowed_by, allows_alone, holding_alone
from revet.iam.evaluate.attached import FORMS, KINDS, Layer
from revet.iam.evaluate.authorize import is_arn
from revet.iam.evaluate.request import read_caller
from revet.iam.prove.access import Access, Group, Named, Question
from revet.iam.prove.ask import Answer, Result, ask
from revet.iam.prove.callers import Asker, askers, partition_of
from revet.iam.prove.certificates import Certificate, certificate
from revet.iam.prove.literals import Literal
from revet.iam.prove.requests import ANYBODY, is_about
from revet.iam.prove.search import Proof
from revet.iam.prove.witness import Witness

_PRINCIPAL_ARN, _PRINCIPAL_ACCOUNT = "aws:principalarn", "aws:principalaccount"
_SERVICE_NAME, _OF_ARNS = "aws:principalservicename", re.compile(r"arn:[a-z-]+:(iam|sts):")


class Subject:
    """One policy that is asked about.

    Args:
        name: what its statements are called in proofs, for example `new`.
        document: the policy.
        layer: `Layer.IDENTITY` or `Layer.RESOURCE`.
    """

    def __init__(self, name: str, document: PolicyDocument, layer: Layer) -> None:
        self.name = name
        self.document = document
        self.layer = layer
        if layer is Layer.RESOURCE:
            self.statements = self.policies.attached()[0].policy.statements
        else:
            self.statements = compile_policy(document, KINDS[layer], FORMS[layer]).statements

    @cached_property
    def policies(self) -> Policies:
        """The policy at its place, alone."""
        if self.layer is Layer.RESOURCE:
            return Policies(resource=self.document)
        return Policies(identity=(self.document,))

    def access(self, asker: Asker | None) -> Access:
        """What it allows a caller; without one, whoever it is attached to."""
        named = named_statements(self.name, self.statements)
        if asker is not None:
            found = self.policies.rules.callers.find(read_caller(asker.text))
            named = [
                Named(one.name, one.statement, sure=bool((found.all & ~found.maybe) >> at & 1))
                for at, one in enumerate(named)
                if (found.all | found.maybe) >> at & 1
            ]
        return access_of(named)

    def allows(self, request: Request) -> bool | None:
        """Whether it allows a request; `None` when that is not known."""
        if self.layer is Layer.IDENTITY and is_arn(request.resource):
            return allowed_by(request, self.statements)
        return allows_alone(request, self.policies)

    def allowing(self, request: Request) -> list[tuple[int, str]]:
        """The place and `Sid` of the statements that allow a request."""
        holding = holding_alone(request, self.policies)
        return [
            (statement.number, statement.sid)
            for at, statement in enumerate(self.statements)
            if holding.allows >> at & 1
        ]


def named_statements(name: str, statements: Iterable[CompiledStatement]) -> list[Named]:
    """Statements with their names in proofs."""
    return [Named(f"{name}.{statement.number}", statement) for statement in statements]


def groups_of(name: str, documents: Sequence[PolicyDocument]) -> tuple[Group, ...]:
    """The statements of policies that say what a question is about, a group a policy."""
    return tuple([_group_of(f"{name}{at}", one.text) for at, one in enumerate(documents)])


@lru_cache(maxsize=2048)
def _group_of(name: str, text: str) -> Group:
    subject = Subject(name, parse_policy(text), Layer.IDENTITY)
    return tuple(named_statements(subject.name, subject.statements))


def access_of(named: Iterable[Named]) -> Access:
    """What statements of one policy allow; one with neither effect may allow and deny."""
    allows: list[Named] = []
    denies: list[Named] = []
    for one in named:
        effect = one.statement.source.effect
        if effect != "Deny":
            allows.append(one)
        if effect != "Allow":
            denies.append(one)
    return Access(((tuple(allows),),), tuple(denies))


class Verdict(NamedTuple):
    """The answer to a question about policies.

    Args:
        answer: the answer for the caller that decided.
        caller: the principal of the request that was found; empty when none was.
        proofs: for all callers, when there is no request.
    """

    answer: Answer
    caller: str = ""
    proofs: tuple[Proof, ...] = ()


def ask_about(
    new: Subject,
    old: Subject | None = None,
    about: Sequence[PolicyDocument] = (),
    callers: Sequence[Asker] | None = None,
    literals: tuple[Literal, ...] = (),
) -> Verdict:
    """Whether a policy allows a request that another one does not.

    Args:
        new: the policy that must allow it.
        old: the policy that must not; without one, every request counts.
        about: policies whose statements say what the question is about, whatever their effect.
        callers: who may make the request; by default all that the policies tell apart.
        literals: what the request must meet beside.
    """
    groups = groups_of("about", about)
    who: Sequence[Asker | None] = (None,)
    if new.layer is Layer.RESOURCE:
        both = [*new.statements, *(old.statements if old else ())]
        who = askers(both) if callers is None else callers
    unknown: Answer | None = None
    answer = Answer(Result.NONE)
    proofs: list[Proof] = []
    for asker in who:
        demands = (*literals, *(asker.demands if asker else ()))
        allowed = new.access(asker)
        if asker is not None and not any(all(way) for way in allowed.ways):
            continue  # no statement allows this caller anything
        question = Question(allowed, old.access(asker) if old else None, groups, literals=demands)
        answer = ask(question, _confirming(new, old, about, asker))
        if answer.result is Result.SOME and answer.witness is not None:
            return Verdict(answer, _request(answer.witness, asker).principal)
        if answer.result is Result.UNKNOWN:
            unknown = unknown or answer
        if asker is None or not asker.example:
            proofs += answer.proofs
    if unknown is not None:
        return Verdict(unknown)
    return Verdict(Answer(Result.NONE), proofs=tuple(proofs))


def comparison(
    new: Subject, old: Subject | None, about: Sequence[PolicyDocument], verdict: Verdict
) -> Certificate | None:
    """The certificate of an answer to a question about policies; `None` when it is not *none*.

    Args:
        new: as in `ask_about`.
        old: as in `ask_about`.
        about: as in `ask_about`.
        verdict: the answer.
    """
    if verdict.answer.result is not Result.NONE:
        return None
    statements = [*new.statements, *(old.statements if old else ())]
    question: dict[str, Any] = {
        "kind": "policy",
        "allowed": _policy(new),
        "beyond": None if old is None else _policy(old),
        "about": [one.text for one in about],
    }
    if new.layer is Layer.RESOURCE:
        question["partition"] = partition_of(statements)
    asked = (named.statement for group in groups_of("about", about) for named in group)
    actions = [one.actions for one in (*statements, *asked)]
    return certificate(question, actions, verdict.proofs)


def _confirming(
    new: Subject, old: Subject | None, about: Sequence[PolicyDocument], asker: Asker | None
) -> Callable[[Witness], str]:
    """Tries a request on the evaluator, policy by policy."""

    def confirm(witness: Witness) -> str:
        request = _request(witness, asker)
        account = witness.context.get(_PRINCIPAL_ACCOUNT)
        if asker is not None and account not in (None, read_caller(request.principal).account):
            return "whether a caller has such an ARN and such an account"
        if not all(is_about(request, one) for one in about):
            return f"whether {_shown(request)} is asked about"
        if new.allows(request) is not True:
            return f"whether `{new.name}` allows {_shown(request)}"
        if old is not None and old.allows(request) is not False:
            return f"whether `{old.name}` allows {_shown(request)}"
        return ""

    return confirm


def _request(witness: Witness, asker: Asker | None) -> Request:
    principal = asker.text if asker else ANYBODY
    key = _PRINCIPAL_ARN if _OF_ARNS.match(principal) else _SERVICE_NAME
    given = witness.context.get(key)
    if asker is not None and isinstance(given, str) and ":assumed-role/" not in principal:
        principal = given
    return Request(principal, witness.action, witness.resource, witness.context)


def _shown(request: Request) -> str:
    return f"`{request.action}` on `{request.resource}`"


def _policy(subject: Subject) -> dict[str, Any]:
    return {
        "name": subject.name,
        "layer": subject.layer.value,
        "policy": subject.document.text,
    }


def new_access(new: PolicyDocument, old: PolicyDocument, layer: Layer = Layer.IDENTITY) -> Answer:
    """Whether a policy allows a request that another one does not; see `ask_about`."""
    return ask_about(Subject("new", new, layer), Subject("old", old, layer)).answer
