"""The values that a key of a request can have.

Source: AWS Service Authorization Reference and IAM User Guide, "AWS global condition context keys":
types of condition keys, and which of them have several values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from revet.iam.operators import Kind
from revet.iam.prove.patterns import Pattern, Wild, letters
from revet.iam.reference.conditions import condition_key

_ANY, _FIELD = Wild.ANY, Wild.ANY_IN_FIELD
ARN = Pattern((*"arn:", _FIELD, ":", _FIELD, ":", _FIELD, ":", _FIELD, ":", _ANY))
"""What an ARN looks like: six fields."""
USUAL_ARN = Pattern(
    (*"arn:aws:", Wild.ONE_IN_FIELD, _FIELD, ":", _FIELD, ":", _FIELD, ":", Wild.ONE, _ANY)
)
RESOURCES = frozenset((letters("*"), ARN))
"""What a request's resource is: an ARN, or `*` for an action without resource."""
_TRUTHS = frozenset((letters("true"), letters("false")))
_TYPES = {
    Kind.ARN: "ARN",
    Kind.BOOL: "Bool",
    Kind.NUMERIC: "Numeric",
    Kind.DATE: "Date",
    Kind.IP_ADDRESS: "IPAddress",
    Kind.BINARY: "Binary",
}


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of one key.

    Args:
        types: names of the types that AWS gives it; none for a key that AWS does not know.
        several: whether a request can have several values of it.
        patterns: what its values look like as texts; `None` for any text.
        empty: whether its value can be the empty text.
    """

    types: tuple[str, ...]
    several: bool
    patterns: frozenset[Pattern] | None
    empty: bool

    def takes(self, kind: Kind) -> bool:
        """Whether its values are of a kind, as far as is known."""
        return not self.types or _TYPES[kind] in self.types

    @property
    def arns(self) -> bool:
        """Whether its values are ARNs."""
        return self.takes(Kind.ARN)


@lru_cache(maxsize=4096)
def domain_of(key: str) -> Domain:
    """The values that a condition key can have.

    Args:
        key: in lower case.
    """
    found = condition_key(key)
    if found is None:
        return Domain((), several=False, patterns=None, empty=True)
    patterns = None
    if found.type == "Bool":
        patterns = _TRUTHS
    elif found.type == "ARN":
        patterns = frozenset((ARN,))
    return Domain(found.types, found.multivalued, patterns, empty=found.type == "String")
