"""Whether a resource policy lets somebody in whom the owner of the resource does not trust.

Looked for are requests of other accounts, of members of other organizations, of the tokens of
identity providers that are not the account's own, and of services on behalf of other accounts and
organizations that the policy names. That a service can be made to act for anybody where a policy
fixes nothing (the confused deputy) is not looked at. What a policy grants to everybody behind a
fixed network (an endpoint, a VPC, a range of addresses) is not granted to anybody foreign; what it
grants to a named account there is.

Source: IAM User Guide, "AWS global condition context keys" (which keys say whose a request is) and
"Identity providers and federation into AWS"; IAM Access Analyzer User Guide, "How IAM Access
Analyzer findings work" (external principals).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.policy import CompiledStatement
from revet.iam.compiled.principals import PrincipalKind, PrincipalTerm
from revet.iam.document import PolicyDocument
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.request import CallerKind, read_caller
from revet.iam.evaluate.services.s3 import is_fixed
from revet.iam.operators import Kind
from revet.iam.prove.callers import Asker, askers
from revet.iam.prove.checks import Check, CheckResult, Reason, check_of
from revet.iam.prove.literals import Literal
from revet.iam.prove.patterns import Pattern
from revet.iam.prove.policies import Subject, ask_about
from revet.iam.prove.public import at_home, fixed_values, outside_of, pattern_of
from revet.iam.prove.trusted import (
    BY_SOURCE,
    Of,
    Reader,
    Trusted,
    is_trusted,
    itself,
    names_only_trusted,
    of_arn,
    of_id,
    of_path,
)

_NO_ACCOUNT = "000000000000"
"""The owner where nobody says who that is; no policy names it."""
_BY_CALLER: dict[str, tuple[str, Reader]] = {
    "aws:principalorgid": (Of.ORGANIZATION, itself),
    "aws:principalorgpaths": (Of.ORGANIZATION, of_path),
    "kms:calleraccount": (Of.ACCOUNT, itself),
}
_BY_NETWORK: dict[str, tuple[str, Reader]] = {
    "aws:vpceaccount": (Of.ACCOUNT, itself),
    "aws:sourcevpcarn": (Of.ACCOUNT, of_arn),
    "aws:vpceorgid": (Of.ORGANIZATION, itself),
    "aws:vpceorgpaths": (Of.ORGANIZATION, of_path),
    "s3:dataaccesspointaccount": (Of.ACCOUNT, itself),
    "s3:dataaccesspointarn": (Of.ACCOUNT, of_arn),
}
"""Keys that say by which way a request comes."""
_BY_ID: dict[str, tuple[str, Reader]] = {"aws:userid": (Of.ACCOUNT, of_id)}
_BY_POOL: dict[str, tuple[str, Reader]] = {"cognito-identity.amazonaws.com:aud": (Of.POOL, itself)}
"""What says of which identity pool a token of Cognito is: all pools are one provider."""
_OF_ANYBODY = _BY_CALLER | BY_SOURCE | _BY_NETWORK | _BY_ID
_OF_ACCOUNTS = _BY_CALLER | BY_SOURCE
_OF_THE_CALLER = ("aws:principalarn", "aws:principalaccount")
SAYING_WHOSE = frozenset((*_OF_ANYBODY, *_OF_THE_CALLER, *_BY_POOL))
"""The keys, in lower case, whose values say whose a request is."""

_UNDECIDED: dict[str, Any] = {
    "result": CheckResult.UNKNOWN,
    "message": "It cannot be decided.",
    "witness": None,
}


def check_no_foreign_access(policy: PolicyDocument, trusted: Trusted) -> Check:
    """Whether a resource policy lets nobody in whom the owner does not trust.

    It passes, or fails, only when that does not depend on who is not known.

    Args:
        policy: the policy of a resource.
        trusted: whom the owner trusts.
    """
    passed = "The resource policy lets in nobody foreign."
    if names_only_trusted(policy, trusted):
        return Check(CheckResult.PASS, passed)
    subject = Subject("policy", policy, Layer.RESOURCE)
    check = _Foreign(subject, trusted)
    failed = "The resource policy lets somebody foreign in."
    sure = True
    found = check_of(
        subject, ask_about(subject, callers=list(check.askers(sure=True))), passed, failed
    )
    if found.result is CheckResult.PASS and check.doubtful:
        sure = False
        callers = list(check.askers(sure=False))
        found = check_of(subject, ask_about(subject, callers=callers), passed, failed)
    if found.result is CheckResult.PASS:
        unread = tuple(check.unread())
        return replace(found, **_UNDECIDED, reasons=unread) if unread else found
    if sure or found.result is not CheckResult.FAIL:
        return found
    said = str(found.witness)
    among = [text for text in check.doubtful if text in said] or check.doubtful
    names = ", ".join(f"`{text}`" for text in dict.fromkeys(among))
    why = Reason(f"It is not known whether the owner trusts {names}.")
    return replace(found, **_UNDECIDED, reasons=(why,))


def _nobodys(term: PrincipalTerm, statement: CompiledStatement) -> str:
    """Why nobody can say whose a principal is that is let in: a unique id, whoever it is of."""
    negated = statement.principals is not None and statement.principals.negated
    if term.kind is not PrincipalKind.GONE or negated:
        return ""
    return f"`{term.text}` is an id that does not say whose account it is of"


class _Foreign:
    """The question about one policy.

    Args:
        subject: the policy.
        trusted: whom the owner trusts.
    """

    def __init__(self, subject: Subject, trusted: Trusted) -> None:
        self._subject = subject
        self._statements = statements = subject.statements
        self._trusted = trusted
        terms = [term for one in statements if one.principals for term in one.principals.terms]
        self._named = {term.text for term in terms}
        self._providers = {one.text for one in terms if one.kind is PrincipalKind.PROVIDER}
        self.doubtful: list[str] = []
        """Of whom it is not known whether they are trusted, as far as that was looked at."""

    def unread(self) -> Iterator[Reason]:
        """The principals that are allowed something and that nobody can ask for."""
        for statement in self._statements:
            for term in statement.principals.terms if statement.principals else ():
                problem = term.problem or _nobodys(term, statement)
                if problem and not statement.deny and not is_trusted(term, self._trusted):
                    yield Reason(f"{problem}.", statement.number, statement.sid)

    def askers(self, *, sure: bool) -> Iterator[Asker]:
        """Everybody who is not trusted, with what their requests carry.

        Args:
            sure: without those of whom it is not known whether they are trusted.
        """
        owner = self._trusted.account or _NO_ACCOUNT
        home = tuple(at_home(self._statements, self._trusted.account))
        anybody = (*home, *self._unlike(_OF_ANYBODY, sure=sure), *self._networks())
        named = (*home, *self._unlike(_OF_ACCOUNTS, sure=sure))
        for asker in askers(self._statements, owner):
            caller = read_caller(asker.text)
            if asker.outside:
                extra = anybody
            elif asker.text not in self._providers and caller.kind is CallerKind.SERVICE:
                yield from self._on_behalf(asker, named, sure=sure)
                continue
            elif asker.text in self._providers or caller.kind is CallerKind.PROVIDER:
                trusted = asker.text not in self._named or self._trusted.has_provider(asker.text)
                if self._stays_out(asker.text, trusted, sure=sure):
                    continue
                extra = (*home, *self._unlike(_BY_POOL, sure=sure))
            else:
                trusted = caller.account == owner or self._trusted.has_account(caller.account)
                if self._stays_out(caller.account, trusted, sure=sure):
                    continue
                extra = named
            demands = tuple(dict.fromkeys((*asker.demands, *extra)))
            yield replace(asker, demands=demands)

    def _stays_out(self, text: str, trusted: bool | None, *, sure: bool) -> bool:  # noqa: FBT001 - an answer
        """Whether somebody is not asked about."""
        if trusted is None:
            self.doubtful.append(text)
            return sure
        return trusted

    def _conditions(self, *keys: str) -> Iterator[CompiledCondition]:
        for statement in self._statements:
            for condition in statement.conditions:
                used = condition.used
                if condition.key in keys and used is not None and used.kind is not Kind.NULL:
                    yield condition

    def _unlike(self, keys: dict[str, tuple[str, Reader]], *, sure: bool) -> Iterator[Literal]:
        """That a request has none of the values that only those have who are trusted."""
        values: dict[str, list[Pattern]] = {}
        for condition in self._conditions(*keys):
            of, read = keys[condition.key]
            for value in condition.values:
                named = read(value.typed)
                if named is None or named.several:
                    # One bucket, say: the request is fixed to it, and whose it is is not said.
                    stays_out = keys is _OF_ANYBODY and read is of_arn and is_fixed(value.typed)
                else:
                    trusted = self._trusted.has(of, named)
                    stays_out = self._stays_out(named.text, trusted, sure=sure)
                if stays_out:
                    values.setdefault(condition.key, []).append(pattern_of(value.typed))
        for key, patterns in values.items():
            yield outside_of(key, frozenset(patterns))

    def _networks(self) -> Iterator[Literal]:
        """That a request comes by none of the ways that a policy fixes."""
        for statement in self._statements:
            for condition in statement.conditions:
                if condition.key not in _OF_ANYBODY and condition.key not in _OF_THE_CALLER:
                    yield from fixed_values(condition)

    def _on_behalf(
        self, asker: Asker, extra: tuple[Literal, ...], *, sure: bool
    ) -> Iterator[Asker]:
        """A service on behalf of each account and organization that what allows it names."""
        allowed = self._subject.access(asker).ways
        for statement in (one.statement for way in allowed for group in way for one in group):
            for condition in statement.conditions:
                used = condition.used
                if condition.key not in BY_SOURCE or used is None or used.negated:
                    continue
                of, read = BY_SOURCE[condition.key]
                for value in condition.values:
                    named = read(value.typed)
                    if named is None or self._stays_out(
                        named.text, self._trusted.has(of, named), sure=sure
                    ):
                        continue
                    behalf = outside_of(condition.key, frozenset((pattern_of(value.typed),)))
                    demands = dict.fromkeys((*asker.demands, *extra, behalf.negation()))
                    yield replace(asker, demands=tuple(demands))
