"""Whether a policy lets a service of AWS make its calls, and what such calls carry.

A service does not call through a VPC endpoint, and is not a principal of an account: it belongs to
no organization and has neither tags nor MFA. What no guide says of its requests is not known.

Sources: IAM User Guide, "AWS global condition context keys" (which requests have which); Service
Authorization Reference, Amazon S3; AWS Security Blog, "TLS 1.2 to become the minimum TLS protocol
level for all AWS API endpoints".
"""

# ruff: noqa: PLC0415 - the evaluator is loaded where a policy needs it, which most do not

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from revet.iam.document import PolicyDocument
from revet.iam.glob_parts import ANY
from revet.iam.globs import Glob

if TYPE_CHECKING:
    from revet.iam.evaluate import Request
    from revet.iam.evaluate.context import Given, Partly

    Sent: TypeAlias = Mapping[str, Given | Partly]

_TLS = "s3:tlsversion"
_TLS_VERSIONS = ("1.2", "1.3")
_NETWORK = (
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
)
_OF_PEOPLE = (
    "aws:federatedprovider",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:rolesessionname",
    "aws:sourceidentity",
    "aws:tokenissuetime",
    "aws:username",
)
"""What a request of a service lacks, because the service is not a principal of an account."""
_TAGS = "aws:principaltag/"
ACL, ENCRYPTION, KEY = OF_PUTS = (
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
)
"""What only requests that write objects have."""
_NOT_BESIDE = ("s3:x-amz-grant-", "s3:x-amz-server-side-encryption-customer-")
"""What S3 refuses beside an ACL, and beside a key of KMS."""
_BY_ENGINE = (
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principaltype",
    "aws:resourceaccount",
    "aws:userid",
)
"""What follows from who asks, and for what."""


class Call(NamedTuple):
    """One call that must be allowed.

    Args:
        action: `service:Name`.
        resource: ARN.
        sent: condition keys in lower case to what the call carries; `None` for what it lacks.
    """

    action: str
    resource: str
    sent: Sent


class Caller(NamedTuple):
    """Who calls.

    Args:
        principal: a service's, or the ARN of a role.
        name: in words.
        resolve: by what else a policy can limit it, for messages.
    """

    principal: str
    name: str
    resolve: str = "limit it by `aws:SourceAccount`"

    @property
    def is_service(self) -> bool:
        """Whether a service calls as itself."""
        return not self.principal.startswith("arn:")


class Answer(NamedTuple):
    """What a policy says to calls.

    Args:
        refused: the call that it refuses; `None` for none.
        sid: of the statement that denies it; empty where it has none, or none denies it.
        explicit: whether a statement denies it.
        doubt: why it is not known; empty where it is.
    """

    refused: Call | None = None
    sid: str = ""
    explicit: bool = False
    doubt: str = ""

    @property
    def what(self) -> str:
        """What it is that does not let the caller in, in words."""
        if not self.explicit:
            return "its policy"
        return f"statement `{self.sid}` of its policy" if self.sid else "a statement of its policy"


def answer(document: PolicyDocument, caller: Caller, calls: Iterable[Call], owner: str) -> Answer:
    """What the policy of a resource says to calls: the first that it denies, or does not allow.

    Args:
        document: the policy, without references as far as they are known.
        caller: who calls.
        calls: all of which must be allowed.
        owner: id of the account of what is called.
    """
    from revet.iam.evaluate import Outcome, Policies, decide
    from revet.iam.evaluate.rules import keys_of

    policies = Policies(resource=document)
    statements = [one for place in policies.attached() for one in place.policy.statements]
    asked = sorted({key for statement in statements for key in keys_of(statement)})
    lacking: Call | None = None
    doubts: list[str] = []
    for call in calls:
        for request in _requests(caller, call, asked, owner):
            decision = decide(request, policies)
            if decision.outcome is Outcome.EXPLICITLY_DENIED:
                sid = next((one.sid for one in decision.by if one.sid), "")
                return Answer(call, sid, explicit=True)
            if decision.outcome is Outcome.IMPLICITLY_DENIED:
                lacking = lacking or call
            doubts += decision.reasons
    return Answer(lacking) if lacking else Answer(doubt="; ".join(dict.fromkeys(doubts)))


def agreed(answers: Sequence[tuple[str, Answer]]) -> Answer:
    """The answer that holds whatever may be meant.

    Args:
        answers: at least one, each with what else may be meant; empty where that is known.
    """
    first = answers[0][1]
    unsure = [one for _, one in answers if one.doubt]
    if len({one.refused is not None for _, one in answers}) == 1 and not unsure:
        return first
    supposing = [doubt for doubt, _ in answers if doubt]
    if unsure and len(unsure) == len(answers):
        return unsure[0]
    return Answer(doubt=supposing[0] if supposing else unsure[0].doubt)


def partly(starts: Iterable[str], why: str, resolve: str, *, absent: bool = False) -> Partly:
    """A value of which the start is known alone.

    Args:
        starts: what it may start with.
        why: what is not known.
        resolve: what makes it known.
        absent: whether it may be missing.
    """
    from revet.iam.evaluate.context import Partly

    among = [Glob.of((one, ANY) if one else (ANY,), text=f"{one}*") for one in starts]
    return Partly(tuple(among), why, resolve, absent=absent)


def _requests(caller: Caller, call: Call, asked: Sequence[str], owner: str) -> Iterator[Request]:
    from revet.iam.evaluate import Request

    context = dict(_context(caller, call, asked))
    for version in _TLS_VERSIONS if _TLS in asked else _TLS_VERSIONS[:1]:
        context[_TLS] = version
        yield Request(
            caller.principal, call.action, call.resource, dict(context), resource_account=owner
        )


def _context(
    caller: Caller, call: Call, asked: Sequence[str]
) -> Iterator[tuple[str, Given | Partly]]:
    """What a request carries, of all that policies ask for."""
    sent: dict[str, Given | Partly] = {"aws:securetransport": "true"}
    sent |= dict.fromkeys((*_NETWORK, *OF_PUTS, *(_OF_PEOPLE if caller.is_service else ())))
    sent |= call.sent
    for key in asked:
        if key in sent:
            yield key, sent[key]
        elif key.startswith(_NOT_BESIDE) or (key.startswith(_TAGS) and caller.is_service):
            yield key, None
        elif key not in _BY_ENGINE:
            why = f"whether {caller.name} meets it is not known"
            yield key, partly([""], why, caller.resolve, absent=True)
