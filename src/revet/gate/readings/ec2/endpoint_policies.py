"""What may pass a VPC endpoint, held against the widest policy that lets nothing of value out.

That policy lets through own principals on own resources, the services of AWS, and for reading what
is listed one by one. A policy is safe where it allows no request that this one does not.

Sources: AWS, "Establishing a data perimeter on AWS", endpoint policies; AWS PrivateLink Guide,
"Control access to VPC endpoints using endpoint policies"; IAM User Guide, "AWS global condition
context keys".
"""

# ruff: noqa: PLC0415 - the prover is loaded where a policy needs a proof, which most do not

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from revet.gate.readings.iam.owner import own_organizations, some_account
from revet.gate.readings.needed import refuse_unread
from revet.iam.document import Condition, PolicyDocument, Statement, parse_policy
from revet.iam.reference.actions import match_actions
from revet.iam.symbol import is_exact, replace_symbols, symbols
from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts

if TYPE_CHECKING:
    from revet.iam.prove.checks import Check
    from revet.iam.prove.grounded import Ground

_CALLER = re.compile(r"(?:module\..+\.)?data\.aws_caller_identity\.[^.]+\.(?:account_id|id)")
_KNOWN_ATTRIBUTE = re.compile(r"(?:module\..+\.)?(?:data\.)?aws_[a-z0-9_]+\.")
_OWN_ORGANIZATION = re.compile(r"(?:^|\.)aws_organizations_organization\.[^.]+\.id$")
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")
_ACCOUNT = re.compile(r"[0-9]{12}")
_ACCOUNT_KEYS = ("aws:principalaccount", "aws:resourceaccount")
_ORGANIZATION_KEYS = (
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
)
_OWN_ARN = re.compile(r"\$\{[^{}]*\.arn\}(?:[/:].*)?")
_BY_NAME = re.compile(r"arn:[^:]*:s3:::\$\{([^{}]+)\.(?:bucket|id)\}(?:/.*)?")
_STAND_IN = "symbol"
_READS = re.compile(r"(?:batch(?:check|get)|describe|get|head|list|lookup|search)")
_STARTS = ("ec2:runinstances", "ec2:createfleet")
"""Actions that use an image and leave it as it is."""
_IMAGE = "image/"
# Under these names, without an account, is only what AWS owns; of images also what anybody shares.
_OF_AWS = {"ec2": (_IMAGE,), "ssm": ("document/", "parameter/aws/")}
_OF_AWS_ACCOUNT = "aws"
_BUCKET = "aws_s3_bucket"
_FIELDS = 6


@dataclass(frozen=True, slots=True)
class Passing:
    """What a policy of an endpoint lets through.

    Args:
        fault: what passes and must not, in words; empty where nothing does.
        doubt: why it is not known whether something does; `None` where it is.
    """

    fault: str = ""
    doubt: UnknownValueError | None = None


@dataclass(frozen=True, slots=True)
class _Own:
    """Whose principals and resources are own ones.

    Args:
        accounts: ids; one that is taken for the own one where no other is known.
        organizations: ids.
        known: whether the own account is known, or named.
        organization_known: whether the own organization is.
    """

    accounts: tuple[str, ...]
    organizations: tuple[str, ...]
    known: bool
    organization_known: bool


def passing(
    resource: Resource,
    path: str,
    document: PolicyDocument,
    inventory: Inventory,
    accounts: Collection[str] = (),
    organizations: Collection[str] = (),
) -> Passing:
    """What a policy lets through beyond own principals on own resources and what is listed.

    Args:
        resource: that holds the policy.
        path: of the attribute that holds it.
        document: the policy.
        inventory: it belongs to; its account is own, and its organization.
        accounts: further own ones.
        organizations: own ones that the inventory does not show.
    """
    from revet.iam.account import AccountPicture
    from revet.iam.prove.checks import CheckResult
    from revet.iam.prove.grounded import Ground

    known = tuple(filter(None, (inventory.account_of(resource), *accounts)))
    own_accounts = known or (some_account(document),)
    written = _with_account(document, own_accounts[0])
    hidden = next(_hidden(written), None)
    if hidden is not None:
        why = f"the plan does not show what `{hidden.key}` is compared with"
        return Passing(doubt=resource.doubt(path, why, "write the account or organization out"))
    ground = Ground(AccountPicture(own_accounts[0]))
    found = own_organizations(written, ground, inventory, Doubts())
    ids = tuple(dict.fromkeys((*organizations, *found)))
    own = _Own(own_accounts, ids, known=bool(known), organization_known=bool(ids))
    assumed = _assumed(written, own)
    trusted = replace(
        own,
        accounts=(*own.accounts, *filter(_ACCOUNT.fullmatch, assumed)),
        organizations=(*own.organizations, *filter(_ORGANIZATION.fullmatch, assumed)),
    )
    widest = json.dumps(_widest(written, trusted, ground, inventory))
    check = _beyond(ground.document(written).text, widest)
    if check.result is CheckResult.FAIL:
        try:
            _refuse_unread_bucket(check, written, inventory)
        except UnknownValueError as error:
            return Passing(doubt=error)
        return Passing(_fault(check, trusted, ground))
    if check.result is CheckResult.UNKNOWN:
        why = "; ".join(ground.shown(reason.description) for reason in check.reasons)
        return Passing(
            doubt=resource.doubt(path, why, "write the policy so that it can be decided")
        )
    if assumed:
        kind = "account" if _ACCOUNT.fullmatch(assumed[0]) else "organization"
        why = f"whether `{assumed[0]}` is the own {kind} is not known"
        return Passing(
            doubt=resource.doubt(path, why, f"name it in the setting `{kind}s` of this control")
        )
    return Passing()


@lru_cache(maxsize=256)
def _beyond(policy: str, widest: str) -> Check:
    """Whether a policy lets nothing through that the widest one does not.

    Args:
        policy: its text, which endpoints of a stack may share.
        widest: that of the widest one.
    """
    from revet.iam.evaluate.attached import Layer
    from revet.iam.prove.checks import check_no_new_access

    return check_no_new_access(parse_policy(policy), parse_policy(widest), Layer.RESOURCE)


def _with_account(document: PolicyDocument, account: str) -> PolicyDocument:
    """A policy with the own account in place of references to whoever calls."""

    def word(inner: str) -> str:
        return account if _CALLER.fullmatch(inner) else f"${{{inner}}}"

    text = replace_symbols(document.text, word)
    return document if text == document.text else parse_policy(text)


def _conditions(document: PolicyDocument) -> Iterator[Condition]:
    return (one for statement in document.statements for one in statement.conditions)


def _hidden(document: PolicyDocument) -> Iterator[Condition]:
    """The conditions on whose principals or resources these are, with a value that is not known."""
    for one in _conditions(document):
        inner = [name for value in one.values for name in symbols(value)]
        if one.key.lower() in _ORGANIZATION_KEYS:
            inner = [x for x in inner if not (is_exact(x) and _OWN_ORGANIZATION.search(x))]
        elif one.key.lower() not in _ACCOUNT_KEYS:
            continue
        if inner:
            yield one


def _assumed(document: PolicyDocument, own: _Own) -> tuple[str, ...]:
    """The accounts and organizations that may be own ones: nothing says which are."""
    found: dict[str, None] = {}
    for one in _conditions(document):
        key, values = one.key.lower(), one.values
        if key in _ACCOUNT_KEYS and not own.known:
            found |= dict.fromkeys(filter(_ACCOUNT.fullmatch, values))
        if key in _ORGANIZATION_KEYS and not own.organization_known:
            ids = (value.partition("/")[0] for value in values)
            found |= dict.fromkeys(filter(_ORGANIZATION.fullmatch, ids))
    return tuple(found)


def _widest(document: PolicyDocument, own: _Own, ground: Ground, inventory: Inventory) -> Any:  # noqa: ANN401 - JSON
    """The widest policy that lets nothing of value out, with what a policy lists."""
    statements = [
        _allow(conditions=_both(principals, resources))
        for principals in _whose("Principal", own)
        for resources in _whose("Resource", own)
    ]
    statements.append(_allow(conditions={"Bool": {"aws:PrincipalIsAWSService": "true"}}))
    for statement in document.statements:
        if statement.effect != "Deny":
            statements += _listed(statement, own, ground, inventory)
    return {"Version": "2012-10-17", "Statement": statements}


def _allow(
    actions: Sequence[str] = ("*",),
    resources: Sequence[str] = ("*",),
    conditions: Mapping[str, Mapping[str, object]] | None = None,
) -> dict[str, Any]:
    allowed = {"Effect": "Allow", "Principal": "*", "Action": [*actions], "Resource": [*resources]}
    return {**allowed, "Condition": conditions} if conditions else allowed


def _whose(subject: str, own: _Own) -> Iterator[tuple[str, str, list[str]]]:
    """The conditions by which principals, or resources, are own ones."""
    yield "StringEquals", f"aws:{subject}Account", [*own.accounts]
    if own.organizations:
        yield "StringEquals", f"aws:{subject}OrgID", [*own.organizations]
        paths = [f"{name}/*" for name in own.organizations]
        yield "ForAnyValue:StringLike", f"aws:{subject}OrgPaths", paths


def _both(*conditions: tuple[str, str, list[str]]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for operator, key, values in conditions:
        found.setdefault(operator, {})[key] = values
    return found


def _listed(
    statement: Statement, own: _Own, ground: Ground, inventory: Inventory
) -> Iterator[dict[str, Any]]:
    """What of a statement passes because of the resources that it lists."""
    resources = {text: ground.text(text) for text in statement.resources}
    mine = [made for text, made in resources.items() if _is_own(text, own, inventory)]
    if mine:
        for principals in _whose("Principal", own):
            yield _allow(resources=mine, conditions=_both(principals))
    named = [made for text, made in resources.items() if _is_named(text, made)]
    services = frozenset(made.split(":")[2] for made in named)
    reading = _reading(statement.actions, services)
    if named and reading:
        yield _allow(reading, named)
    images = [made for made in named if made.split(":", _FIELDS - 1)[5].startswith(_IMAGE)]
    starting = [one for one in statement.actions if one.lower() in _STARTS]
    if images and starting:
        for principals in _whose("Principal", own):
            yield _allow(starting, images, _both(principals))


@lru_cache(maxsize=128)
def _reading(patterns: tuple[str, ...], services: frozenset[str]) -> tuple[str, ...]:
    """The actions that patterns cover which read in some services, in order."""
    found = {
        str(action)
        for pattern in patterns
        for service in services
        for action in match_actions(_within(pattern, service))
        if action.service == service and _READS.match(action.name.lower())
    }
    return tuple(sorted(found))


def _within(pattern: str, service: str) -> str:
    """A pattern of actions, for those of one service alone where it covers many services."""
    prefix, colon, name = pattern.partition(":")
    if prefix and not prefix.strip("*"):
        return f"{service}:{name if colon else '*'}"
    return pattern


def _is_own(pattern: str, own: _Own, inventory: Inventory) -> bool:
    """Whether a pattern of resources is about one of the inventory, or about an own account."""
    inner = symbols(pattern)
    if not all(map(is_exact, inner)):
        return False
    fields = replace_symbols(pattern, lambda _: _STAND_IN).split(":", _FIELDS - 1)
    if len(fields) == _FIELDS and fields[4] in own.accounts:
        return True
    if bucket := _BY_NAME.fullmatch(pattern):
        named = inventory.symbol(f"${{{bucket[1]}.arn}}")
        return named is not None and named.type == _BUCKET
    if inner and not (len(inner) == 1 and _OWN_ARN.fullmatch(pattern)):
        return False
    return inventory.symbol(pattern) is not None


def _is_named(pattern: str, made: str) -> bool:
    """Whether the bucket, or the account, of a pattern of resources is one that it names."""
    if not all(is_exact(inner) and _KNOWN_ATTRIBUTE.match(inner) for inner in symbols(pattern)):
        return False
    fields = made.split(":", _FIELDS - 1)
    if len(fields) != _FIELDS or fields[0] != "arn" or _is_open(fields[2]):
        return False
    service, account, name = fields[2], fields[4], fields[5]
    if account:
        return account == _OF_AWS_ACCOUNT or _ACCOUNT.fullmatch(account) is not None
    if service == "s3":
        bucket = name.partition("/")[0]
        return bool(bucket) and not _is_open(bucket)
    return name.startswith(_OF_AWS.get(service, ())) or not _is_open(name)


def _bucket_of(arn: str) -> str:
    return arn.partition(":s3:::")[2].partition("/")[0]


def _is_open(text: str) -> bool:
    return any(sign in text for sign in "*?$")


def _refuse_unread_bucket(check: Check, document: PolicyDocument, inventory: Inventory) -> None:
    """Refuse to call a bucket another's that a policy names: its ARN does not say whose it is.

    Raises:
        UnreadError: not all own buckets, or not all their names, could be read.
    """
    made = check.witness.resource if check.witness else ""
    bucket = _bucket_of(made)
    texts = (text for statement in document.statements for text in statement.resources)
    if bucket and bucket in map(_bucket_of, texts):
        refuse_unread(inventory, (_BUCKET,))


def _fault(check: Check, own: _Own, ground: Ground) -> str:
    witness = check.witness
    if witness is None:
        return check.message
    places = [reason.statement_id or f"number {reason.statement_index}" for reason in check.reasons]
    account, organization = (
        witness.context.get(key) for key in ("aws:principalaccount", "aws:principalorgid")
    )
    mine = account in own.accounts or organization in own.organizations
    who = "a principal of its own" if mine else f"`{witness.principal}`"
    owner = witness.context.get("aws:resourceaccount")
    whose = "" if owner in own.accounts else " of another account"
    return (
        f"statement {', '.join(places)} lets `{witness.action}` on "
        f"`{ground.shown(witness.resource)}`{whose} pass for {who}"
    )
