"""A bucket's policy with names and ids in place of references, so that requests can be made to it.

Where nothing says which account it is, or what the bucket will be called, each one that the policy
writes out may be it, and one that no policy names.
"""

# ruff: noqa: PLC0415 - the evaluator is loaded where a policy needs it, which most do not

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from revet.gate.readings.iam.owner import some_account
from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.reference.regions import partition_of
from revet.iam.symbol import is_exact, replace_symbols, symbols
from revet.plan import Inventory, Resource
from revet.plan.address import without_indices
from revet.plan.arns import expected_arns
from revet.plan.configuration import ONE_OF_SEVERAL
from revet.plan.doubts import Doubts
from revet.plan.own_account import has_several_callers
from revet.plan.values import Symbolic

if TYPE_CHECKING:
    from revet.iam.prove.grounded import Ground

_CALLER = re.compile(
    r"((?:.+\.)?data\.aws_caller_identity\.[\w-]+(?:\[[^\]]*\])?)\.(account_id|id)"
)
_PARTITION = re.compile(r"(?:.+\.)?data\.aws_partition\.[\w-]+(?:\[[^\]]*\])?\.(?:partition|id)")
_REGION = re.compile(r"(?:.+\.)?data\.aws_region\.[\w-]+(?:\[[^\]]*\])?\.(?:name|region|id)")
_ORGANIZATION = re.compile(
    r"(?:.+\.)?(?:data\.)?aws_organizations_organization\.[\w-]+(?:\[[^\]]*\])?\.id"
)
_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_BUCKET_NAME = re.compile(r"arn:[^:]*:s3:::([^/${}]+)")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BUCKET = "aws_s3_bucket"
_NAMING = ("bucket", "id")
_SOME_BUCKET = "this-bucket-has-no-name-yet"


class Place(NamedTuple):
    """What is supposed where nothing says it.

    Args:
        region: of all that has none of its own; empty for none.
        organization: id of the organization that references mean; empty for none.
    """

    region: str = ""
    organization: str = ""


_SAID_ALONE = Place()


@dataclass(frozen=True, slots=True)
class Supposed:
    """A policy as it is where some account is the own one, and the bucket has some name.

    Args:
        account: id of the own account.
        name: of the bucket.
        partition: id of the partition.
        document: the policy; what nothing is known of is a reference in it still.
        doubt: what else it may be that was supposed, in words; empty where all of it is known.
    """

    account: str
    name: str
    partition: str
    document: PolicyDocument
    doubt: str = ""
    _words: _Words | None = field(default=None, repr=False)

    @property
    def bucket_arn(self) -> str:
        """ARN of the bucket."""
        return f"arn:{self.partition}:s3:::{self.name}"

    def text(self, value: object) -> str:
        """A value beside the policy with the same texts in place of references.

        Args:
            value: of an attribute; what is not known, and not made of attributes, gives nothing.
        """
        text = value.template if isinstance(value, Symbolic) and value.strong else value
        if not isinstance(text, str) or self._words is None:
            return ""
        return replace_symbols(text, self._words)


def supposed(
    document: PolicyDocument, bucket: Resource, inventory: Inventory, place: Place = _SAID_ALONE
) -> tuple[Supposed, ...]:
    """A policy, once for all that may be the own account and the bucket's name.

    Args:
        document: a policy of the bucket.
        bucket: an `aws_s3_bucket`, or another resource whose policy names it by no reference.
        inventory: it belongs to.
        place: what is supposed beside these.
    """
    found = []
    for account in _accounts(document, bucket, inventory):
        first = _Words(account, "", bucket, inventory, place)
        known = _name(bucket, first) if bucket.type == _BUCKET else _SOME_BUCKET
        for name in (known,) if known else _names(document, first):
            words = _Words(account, name, bucket, inventory, place)
            text = _replaced(document.text, words)
            written = document if text == document.text else parse_policy(text)
            doubt = "" if known else "the name of the bucket is not known"
            if not inventory.account_of(bucket):
                doubt = "the account is not known"
            found.append(Supposed(account, name, words.partition, written, doubt, words))
    return tuple(found)


def _replaced(text: str, words: _Words) -> str:
    """A JSON text with the same in place of references; keys of instances in them are quoted."""

    def literal(match: re.Match[str]) -> str:
        said = match[0]
        if "${" not in said:
            return said
        return json.dumps(replace_symbols(json.loads(said, strict=False), words))

    return _LITERAL.sub(literal, text)


class _Words:
    """The texts of references.

    Args:
        account: id of the own account.
        name: of the bucket.
        bucket: whose policy it is.
        inventory: it belongs to.
        place: what is supposed beside these.
    """

    def __init__(
        self, account: str, name: str, bucket: Resource, inventory: Inventory, place: Place
    ) -> None:
        self._account, self._name, self._bucket, self._inventory = account, name, bucket, inventory
        self._place = place
        found = partition_of(bucket.provider_region or place.region)
        self.partition = found.id if found else "aws"
        self._ground: Ground | None = None

    def __call__(self, inner: str) -> str:
        """The text of a reference, which stays where nothing says what it will be."""
        symbol = f"${{{inner}}}"
        if not is_exact(inner):
            return symbol
        if looked_up := self._looked_up(inner):
            return looked_up
        address, _, attribute = inner.rpartition(".")
        named = self._named(symbol, address)
        if named is not None and named.type == _BUCKET and attribute in (*_NAMING, "arn"):
            return self._of_bucket(named, attribute) or symbol
        return self._grounded(symbol) if named is not None and attribute == "arn" else symbol

    def _looked_up(self, inner: str) -> str:
        """What a data source says of account, partition, region or organization, if it is one."""
        if caller := _CALLER.fullmatch(inner):
            return self._account if self._is_own(caller[1]) else ""
        if _PARTITION.fullmatch(inner):
            return self.partition
        if _REGION.fullmatch(inner):
            return self._region(inner)
        return self._place.organization if _ORGANIZATION.fullmatch(inner) else ""

    def _of_bucket(self, bucket: Resource, attribute: str) -> str:
        name = self._name if bucket.address == self._bucket.address else self._of_other(bucket)
        return f"arn:{self.partition}:s3:::{name}" if name and attribute == "arn" else name

    def _is_own(self, address: str) -> bool:
        """Whether who calls, by a data source, is of the bucket's account."""
        if not has_several_callers(self._inventory):
            return True
        source = self._inventory.data.get(address)
        own = self._bucket.identity
        known = bool(own) and not own.endswith(ONE_OF_SEVERAL)
        return known and source is not None and source.identity == own

    def _region(self, inner: str) -> str:
        """The region that a data source says, where it is there, or that is supposed."""
        source = self._inventory.data.get(inner.rpartition(".")[0])
        return (source.provider_region if source is not None else "") or self._place.region

    def _named(self, symbol: str, address: str) -> Resource | None:
        """The resource whose attribute a reference is, certainly."""
        named: Resource | None = None
        with Doubts():  # what stays a reference is not known to whoever looks at it
            named = self._inventory.symbol(symbol)
        if named is None or without_indices(named.address) != without_indices(address):
            return None
        return named

    def _of_other(self, other: Resource) -> str:
        return _name(other, self) or re.sub(r"[^a-z0-9]+", "-", f"another {other.address}".lower())

    def _grounded(self, symbol: str) -> str:
        from revet.iam.account import AccountPicture
        from revet.iam.prove.grounded import Ground

        if self._ground is None:
            sole = not has_several_callers(self._inventory)
            expected = expected_arns(
                self._inventory,
                account=self._account if sole else "",
                region=self._place.region,
                partition=self.partition,
            )
            self._ground = Ground(AccountPicture(self._account, expected=expected))
        return self._ground.text(symbol)


def _name(bucket: Resource, words: _Words) -> str:
    """The name of a bucket, where all that it is made of is known; otherwise nothing."""
    for path in _NAMING:
        value = bucket.get(path)
        if isinstance(value, str):
            return value
        if isinstance(value, Symbolic) and value.strong and value.template:
            text = replace_symbols(value.template, words)
            return "" if symbols(text) else text
    return ""


def _accounts(document: PolicyDocument, bucket: Resource, inventory: Inventory) -> Iterator[str]:
    known = inventory.account_of(bucket)
    if known:
        yield known
        return
    yield some_account(document)
    yield from dict.fromkeys(_ACCOUNT.findall(document.text))


def _names(document: PolicyDocument, words: _Words) -> Iterator[str]:
    """What a bucket may be called of which nothing says that: each name that its policy has."""
    yield _SOME_BUCKET
    found: dict[str, None] = {}
    for statement in document.statements:
        for pattern in (*statement.resources, *statement.not_resources):
            match = _BUCKET_NAME.match(replace_symbols(pattern, words))
            if match and match[1].strip("*?"):
                found[match[1].replace("*", "x").replace("?", "x")] = None
    yield from found
