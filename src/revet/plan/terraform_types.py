"""What there is to know of each Terraform type, in one table.

`types/<service>.toml` holds a row for each type; the service is AWS's, as boto3 names it. A type
without a row has the defaults of `TerraformType`. Rows are parsed when somebody asks for them, so
that a check reads no more of the table than its plan needs.

Source: the schema and the documentation of hashicorp/aws 5.100.0; rows with another source name it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from revet.model.errors import CatalogError

TABLES = Path(__file__).parent / "types"
_HEADER = re.compile(r"^\[(\w+)\]$", re.MULTILINE)


class Scope(StrEnum):
    """Where resources of a type live."""

    GLOBAL = "global"
    REGIONAL = "regional"


@dataclass(frozen=True, slots=True)
class Wait:
    """The provider's own wait for one type of resource.

    Args:
        create: seconds until it is created.
        destroy: seconds until it is deleted.
        fact: how it was measured.
    """

    create: float
    destroy: float
    fact: str


@dataclass(frozen=True, slots=True)
class Stays:
    """What a destroy leaves because AWS deletes it later, or not at all.

    Args:
        what: stays, and until when.
        source: AWS's word for it.
    """

    what: str
    source: str


@dataclass(frozen=True, slots=True)
class TerraformType:
    """One row.

    Args:
        type: the Terraform type.
        variant_of: the type that stands for the same thing of AWS's; empty for most.
        name: the argument that gives it its name; empty where names are not judged.
        identity: the attributes that tell it from others of its type and region, the state's `id`
            for most; those that are null do not count.
        known_by: the attributes by whose values others refer to it; `id`, `arn` and its name (or
            `name`) when left out.
        data_known_by: the same of the data source of this type; empty where rules ask for none.
        arn: its ARN, `{argument}` in it, where that follows from its arguments, `{partition}`,
            `{region}` and `{account}` alone.
        arn_prefix: what its ARNs have as service, and as resource before the name: `iam:role/`;
            empty where no text is taken for the ARN of one.
        id_prefix: what the ids that AWS makes up begin with, before the hyphen: `sg`.
        meant_by: names of attributes that mean one of this type in any resource, the usual one
            first.
        stands_for: the attribute that names what it is another name of.
        id_made_by_aws: whether AWS makes its id up, so that nothing else can be a part of it.
        filled: the blocks that the provider fills in where none is written, although its schema
            cannot say so (seen in real plans).
        scope: global, or regional.
        part_of: the attributes that name what it is attached to, each with the type of that.
        attaches: the attributes that name the managed policies that it gives to what it is attached
            to, or to itself; `*` stands for each block.
        policies: the attributes that hold policy documents, each with its kind: `identity`,
            `managed`, `resource`, `trust`, or `organization` where its `type` says it; `*` stands
            for each block.
        cloudformation: the CloudFormation type by which the IAM engine knows what a policy governs.
        made_from: the arguments of a database, a snapshot or a copy that name what it is made from.
        encrypted: the attribute that says whether a database, a snapshot or a copy is encrypted,
            of the data source too.
        grantee: the attribute that says whom it grants something to without a policy document.
        waits: the provider's own waits.
        stays: what a destroy leaves.
    """

    type: str
    variant_of: str = ""
    name: str = ""
    identity: tuple[str, ...] = ("id",)
    known_by: tuple[str, ...] = ()
    data_known_by: tuple[str, ...] = ()
    arn: str = ""
    arn_prefix: str = ""
    id_prefix: str = ""
    meant_by: tuple[str, ...] = ()
    stands_for: str = ""
    id_made_by_aws: bool = False
    filled: tuple[str, ...] = ()
    scope: Scope = Scope.REGIONAL
    part_of: Mapping[str, str] = field(default_factory=dict)
    attaches: tuple[str, ...] = ()
    policies: Mapping[str, str] = field(default_factory=dict)
    cloudformation: str = ""
    made_from: tuple[str, ...] = ()
    encrypted: str = ""
    grantee: str = ""
    waits: Wait | None = None
    stays: Stays | None = None

    def __post_init__(self) -> None:
        """Fill in the names that most types have."""
        if not self.known_by:
            names = dict.fromkeys(("id", "arn", self.name or "name"))
            object.__setattr__(self, "known_by", tuple(names))


FIELDS = (*(item.name for item in fields(TerraformType) if item.name != "type"), "read")
"""What a row may hold; `calls` parses `read` for those who read an account."""


@cache
def terraform_type(name: str) -> TerraformType:
    """The row of a type; the defaults where the table has none.

    Raises:
        CatalogError: the row is broken.
    """
    text = _texts().get(name, _Row()).text
    where = f"the row `[{name}]` in `plan/types`"
    try:
        row = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(
            "a row of the table of Terraform types is not valid TOML",
            where=where,
            got=str(error),
            expected="TOML 1.0, UTF-8",
            do="correct the row",
        ) from error
    return TerraformType(name, **{key: _read(key, value, where) for key, value in row.items()})


@cache
def types_with(key: str) -> tuple[str, ...]:
    """The types whose rows hold a field, sorted."""
    held = re.compile(rf"^{key}\s*=", re.MULTILINE)
    return tuple(
        sorted(
            name
            for name, row in _texts().items()
            if (row.read if key == "read" else held.search(row.text))
        )
    )


def read_text(name: str) -> tuple[str, str]:
    """The service of a type's file, and the tables of its row that say which calls read it.

    Args:
        name: the Terraform type.
    """
    row = _texts().get(name, _Row())
    return row.service, row.read


def all_types() -> tuple[str, ...]:
    """The types that have a row, sorted."""
    return tuple(sorted(_texts()))


@cache
def variants(name: str) -> tuple[str, ...]:
    """A type, and those that stand for the same thing of AWS's."""
    found = (kind for kind in types_with("variant_of") if terraform_type(kind).variant_of == name)
    return (name, *found)


@dataclass(frozen=True, slots=True)
class _Row:
    """The TOML of a row: below its header, and from its first table `[TYPE.read…]` on."""

    service: str = ""
    text: str = ""
    read: str = ""


@cache
def _texts() -> Mapping[str, _Row]:
    """Type to the TOML of its row.

    Raises:
        CatalogError: a type has two rows.
    """
    found: dict[str, _Row] = {}
    for path in sorted(TABLES.glob("*.toml")):
        _, *parts = _HEADER.split(path.read_text(encoding="utf-8"))
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            if name in found:
                raise CatalogError(
                    "a Terraform type has two rows",
                    where=f"`plan/types/{path.name}`",
                    got=f"a second `[{name}]`",
                    expected="one row for each type",
                    do="keep one of them",
                )
            head, read, rest = text.partition(f"\n[{name}.read")
            found[name] = _Row(path.stem, head, f"{read}{rest}")
    return found


_TEXTS = frozenset(
    {
        "variant_of",
        "name",
        "arn",
        "arn_prefix",
        "id_prefix",
        "stands_for",
        "cloudformation",
        "encrypted",
        "grantee",
    }
)
_LISTS = frozenset(
    ("identity", "known_by", "data_known_by", "meant_by", "filled", "attaches", "made_from")
)
_MAPS = frozenset({"part_of", "policies"})
_EXPECTED = {
    **dict.fromkeys(_TEXTS, "a text that is not empty"),
    **dict.fromkeys(_LISTS, "a list of texts, at least one"),
    **dict.fromkeys(_MAPS, "a table of attribute to text, at least one"),
    "id_made_by_aws": "`true`; leave it out otherwise",
    "scope": '`"global"`; leave it out for what is regional',
    "waits": "a table of `create` and `destroy`, seconds, and `fact`, a text",
    "stays": "a table of `what` and `source`, both texts",
}


def _read(key: str, value: object, where: str) -> Any:  # noqa: ANN401 - one value of a row
    """The value of a field.

    Raises:
        CatalogError: there is no such field, or it holds something else.
    """
    match value:
        case str() if value and key in _TEXTS:
            found: object = value
        case list() if value and key in _LISTS and all(map(_is_text, value)):
            found = tuple(value)
        case dict() if value and key in _MAPS and all(map(_is_text, value.values())):
            found = value
        case True if key == "id_made_by_aws":
            found = value
        case Scope.GLOBAL.value if key == "scope":
            found = Scope.GLOBAL
        case {"create": create, "destroy": destroy, "fact": str() as fact, **rest} if (
            key == "waits" and not rest and {type(create), type(destroy)} <= {int, float}
        ):
            found = Wait(create, destroy, fact)
        case {"what": str() as what, "source": str() as source, **rest} if (
            key == "stays" and not rest
        ):
            found = Stays(what, source)
        case _:
            found = None
    if found is not None:
        return found
    close = [] if key in _EXPECTED else difflib.get_close_matches(key, _EXPECTED, n=1)
    raise CatalogError(
        "a field of a Terraform type is unknown or of the wrong kind",
        where=where,
        got=f"`{key} = {value!r}`",
        expected=_EXPECTED.get(key, ", ".join(f"`{name}`" for name in _EXPECTED)),
        do=f"did you mean `{close[0]}`?" if close else "correct the row",
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
