"""The table of Terraform types is whole, and says nothing that the provider's schema does not."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from revet.model.errors import CatalogError
from revet.plan import terraform_types
from revet.plan.kinds import Kind, attribute_kinds
from revet.plan.state import load_state
from revet.plan.terraform_types import (
    FIELDS,
    TABLES,
    Scope,
    TerraformType,
    all_types,
    terraform_type,
    types_with,
    variants,
)

ROWS = [terraform_type(name) for name in all_types()]
PARSED = [
    (path, name, row)
    for path in sorted(TABLES.glob("*.toml"))
    for name, row in tomllib.loads(path.read_text(encoding="utf-8")).items()
]


# Tables by type that are not the type's own facts, but what one reading or rule makes of it.
READINGS = {
    "plan/account.py": {"_PRINCIPALS"},  # what the IAM engine calls them
    "verify/matching.py": {"_RULES"},  # which way a rule of a group is, in its type's own name
    "verify/identity.py": {"_FORMS"},  # the functions that say what else a type stands for
}


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty table, which a test writes."""
    monkeypatch.setattr(terraform_types, "TABLES", tmp_path)
    cached = (terraform_types._texts, terraform_type, types_with, variants)
    for function in cached:
        function.cache_clear()
    yield tmp_path / "s3.toml"
    for function in cached:
        function.cache_clear()


def paths_of(row: TerraformType) -> Iterator[str]:
    yield from filter(None, (row.name, row.stands_for))
    yield from (
        *row.identity,
        *row.part_of,
        *row.policies,
        *row.attaches,
        *row.made_from,
        *row.filled,
    )
    place = ("partition", "region", "account")
    yield from (name for name in re.findall(r"\{(\w+)\}", row.arn) if name not in place)
    if row.known_by != TerraformType(row.type, name=row.name).known_by:
        yield from row.known_by


def has(kind: Kind, path: str) -> bool:
    """Whether a schema has an attribute; `*` and numbers are elements."""
    for word in path.split("."):
        if word == "*" or word.isdigit():
            if not isinstance(kind, tuple):
                return False
            kind = kind[1]
        elif not isinstance(kind, dict) or word not in kind:
            return False
        else:
            kind = kind[word]
    return True


def test_what_is_read_row_by_row_is_what_the_files_hold() -> None:
    assert all_types() == tuple(sorted(name for _, name, _ in PARSED))
    for key in FIELDS:
        assert types_with(key) == tuple(sorted(name for _, name, row in PARSED if key in row)), key
    assert {key for _, _, row in PARSED for key in row} == set(FIELDS)


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.toml")), ids=lambda path: path.stem)
def test_rows_are_in_order(path: Path) -> None:
    names = [name for file, name, _ in PARSED if file == path]
    assert names == sorted(names)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.type)
def test_the_provider_has_the_type_and_every_attribute(row: TerraformType) -> None:
    kinds = attribute_kinds(row.type)
    assert kinds is not None
    for path in paths_of(row):
        assert has(kinds, path), path
    said = [attribute_kinds(row.type), attribute_kinds(f"data.{row.type}")]
    assert not row.encrypted or any(has(kind, row.encrypted) for kind in said)
    for path in row.data_known_by:
        assert has(said[1], path), path


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.type)
def test_a_row_names_rows(row: TerraformType) -> None:
    for name in (*row.part_of.values(), row.variant_of):
        assert not name or name in all_types()
    for name in row.part_of.values():
        assert not terraform_type(name).variant_of, "attached to the type, not to its variant"


def tables_by_type(path: Path) -> Iterator[str]:
    """The names of a module's tables that have Terraform types as keys."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            keys = {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
            if keys & set(all_types()):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                yield ast.unparse(target)


def test_no_other_table_holds_facts_of_types() -> None:
    root = TABLES.parents[1]
    found = {
        str(path.relative_to(root)): names
        for path in sorted(root.rglob("*.py"))
        if (names := set(tables_by_type(path)))
    }
    assert found == READINGS


def test_an_attribute_means_one_type() -> None:
    meant = [name for row in ROWS for name in row.meant_by]
    assert len(meant) == len(set(meant)) > 0


def test_whatever_a_resource_policy_governs_has_its_cloudformation_type() -> None:
    for row in ROWS:
        if "resource" in row.policies.values():
            governed = next(map(terraform_type, row.part_of.values()), row)
            assert governed.cloudformation, row.type


def test_what_the_provider_waits_for_was_measured() -> None:
    waits = [terraform_type(name).waits for name in types_with("waits")]
    assert all(row and "measured" in row.fact for row in waits)


def test_what_aws_keeps_has_its_source() -> None:
    stays = [terraform_type(name).stays for name in types_with("stays")]
    assert all(row and row.source.startswith("https://docs.aws.amazon.com/") for row in stays)


def test_a_type_without_a_row_has_the_defaults() -> None:
    row = terraform_type("aws_not_in_the_table")
    assert (row.identity, row.known_by, row.scope) == (
        ("id",),
        ("id", "arn", "name"),
        Scope.REGIONAL,
    )


def test_variants() -> None:
    assert variants("aws_security_group") == ("aws_security_group", "aws_default_security_group")
    assert variants("aws_s3_bucket") == ("aws_s3_bucket",)


@pytest.mark.parametrize(
    ("kind", "attribute", "holder", "path"),
    [
        ("aws_default_vpc", "id", "aws_subnet", "vpc_id"),
        ("aws_default_subnet", "id", "aws_db_subnet_group", "subnet_ids.0"),
        ("aws_kms_external_key", "arn", "aws_cloudwatch_log_group", "kms_key_id"),
        ("aws_kms_replica_key", "key_id", "aws_kms_alias", "target_key_id"),
    ],
)
def test_a_name_means_a_variant_of_what_the_argument_says(
    kind: str, attribute: str, holder: str, path: str
) -> None:
    given: object = "known"
    name, *index = path.split(".")
    values = [
        {"type": kind, "values": {"arn": None, attribute: given}},
        {"type": holder, "values": {name: [given] if index else given}},
    ]
    resources = [
        {"address": f"{row['type']}.a", "mode": "managed", "name": "a", **row} for row in values
    ]
    state = {"format_version": "1.0", "values": {"root_module": {"resources": resources}}}
    found = load_state(json.dumps(state).encode())
    target = found.target(found.resources[f"{holder}.a"], path)
    assert target is not None
    assert target.address == f"{kind}.a"


@pytest.mark.parametrize(
    ("text", "got", "do"),
    [
        ('nme = "bucket"', "`nme = 'bucket'`", "did you mean `name`?"),
        ('name = ""', "`name = ''`", "correct the row"),
        ("name = 1", "`name = 1`", "correct the row"),
        ('identity = "bucket"', "`identity = 'bucket'`", "correct the row"),
        ("identity = []", "`identity = []`", "correct the row"),
        ("part_of = { bucket = 1 }", "`part_of = {'bucket': 1}`", "correct the row"),
        ("id_made_by_aws = false", "`id_made_by_aws = False`", "correct the row"),
        ('scope = "regional"', "`scope = 'regional'`", "correct the row"),
        ("waits = { create = 1 }", "`waits = {'create': 1}`", "correct the row"),
        ('waits = { create = true, destroy = 1, fact = "a" }', "'create': True", "correct the row"),
        ('stays = { what = "", source = "", a = 1 }', "'a': 1", "correct the row"),
        ('name = { what = "", source = "" }', "`name = {'what'", "correct the row"),
        ("name", "line 2", "correct the row"),
    ],
)
def test_a_broken_row_is_refused(table: Path, text: str, got: str, do: str) -> None:
    table.write_text(f"[aws_s3_bucket]\n{text}\n")
    with pytest.raises(CatalogError) as caught:
        terraform_type("aws_s3_bucket")
    assert caught.value.where == "the row `[aws_s3_bucket]` in `plan/types`"
    assert got in caught.value.got
    assert caught.value.do == do
    assert caught.value.expected


def test_two_rows_of_one_type_are_refused(table: Path) -> None:
    table.write_text("[aws_s3_bucket]\n[aws_s3_bucket]\n")
    with pytest.raises(CatalogError, match="two rows"):
        all_types()
