"""What a control supports is looked up, never claimed as compliance."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import Counter

import pytest
from tests.gate.case_plan import plan_json

from revet.gate.catalog import load_catalog
from revet.gate.frameworks import FRAMEWORKS, frameworks_of, load_frameworks, named_frameworks
from revet.gate.judge import judge
from revet.model.errors import ConfigError, UsageError
from revet.model.framework import Framework, RowStatus, framework_results
from revet.plan import load_plan

KEYS = {
    "on": {"enable_key_rotation": True, "is_enabled": True},
    "off": {"enable_key_rotation": False, "is_enabled": True},
}
IDS = {
    "cis_aws": re.compile(r"[1-5]\.\d{1,2}(\.\d)?"),
    "nist_800_53": re.compile(r"[A-Z]{2}-\d{1,2}(\(\d{1,2}\))?"),
    "pci_dss": re.compile(r"\d{1,2}(\.\d{1,2}){2,4}"),
    "security_hub": re.compile(r"[A-Za-z0-9]+\.\d{1,3}"),
}
"""What an id of each framework looks like."""


def each_framework() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("framework", load_frameworks(), ids=lambda one: one.id)


def test_looks_up_every_framework() -> None:
    found = {support.framework.id: support.ids for support in frameworks_of("kms-key-rotation")}
    assert found == {
        "cis_aws": ("3.6",),
        "nist_800_53": ("SC-12", "SC-12(2)", "SC-28(3)"),
        "pci_dss": ("3.7.4",),
        "security_hub": ("KMS.4",),
    }


def test_a_control_that_no_framework_knows_supports_none() -> None:
    assert frameworks_of("kms-key-alias") == ()


def test_each_says_version_and_source() -> None:
    versions = {framework.id: framework.version for framework in load_frameworks()}
    assert versions["pci_dss"] == "4.0.1"
    assert versions["cis_aws"] == "5.0"
    assert all(framework.source for framework in load_frameworks())


@each_framework()
def test_every_id_that_a_control_supports_is_a_row(framework: Framework) -> None:
    data = tomllib.loads((FRAMEWORKS / f"{framework.id}.toml").read_text("utf-8"))
    rows = {row.id for row in framework.rows}
    assert {name for ids in data["controls"].values() for name in ids} <= rows
    assert {name: set(ids) for name, ids in framework.controls.items()} == {
        name: set(ids) for name, ids in data["controls"].items()
    }


@each_framework()
def test_no_row_stands_twice_and_each_has_an_id_of_its_framework(framework: Framework) -> None:
    ids = [row.id for row in framework.rows]
    assert len(ids) == len(set(ids))
    assert [name for name in ids if not IDS[framework.id].fullmatch(name)] == []
    assert all(len(set(row.controls)) == len(row.controls) for row in framework.rows)


@each_framework()
def test_rows_stand_in_the_order_of_their_numbers(framework: Framework) -> None:
    def key(name: str) -> tuple[str, list[int]]:
        return re.split(r"[\d.-]", name)[0].lower(), [int(n) for n in re.findall(r"\d+", name)]

    numbers: dict[str, list[list[int]]] = {}
    for row in framework.rows:
        family, number = key(row.id)
        numbers.setdefault(family, []).append(number)
    assert all(found == sorted(found) for found in numbers.values())


@each_framework()
def test_titles_are_short_and_our_own(framework: Framework) -> None:
    """One line in plain words; publishers say *Ensure* and *should*, and we do not."""
    for row in framework.rows:
        assert row.title == row.title.strip()
        assert 10 <= len(row.title) <= 90
        assert not row.title.endswith(".")
        assert not re.search(r"\bensure\b|\bshould\b|\bshall\b|complian", row.title, re.IGNORECASE)


def test_cis_has_every_recommendation() -> None:
    [cis] = named_frameworks(["cis_aws"])
    sections: dict[str, int] = {}
    for row in cis.rows:
        section = row.id.rpartition(".")[0]
        sections[section] = sections.get(section, 0) + 1
    assert sections == {
        "1": 21, "2.1": 4, "2.2": 4, "2.3": 1, "3": 9, "4": 16, "5.1": 2, "5": 6,
    }  # fmt: skip


def test_named_once_in_the_order_in_which_they_are_named() -> None:
    found = named_frameworks(["pci_dss", "cis_aws", "pci_dss"])
    assert [one.id for one in found] == ["pci_dss", "cis_aws"]
    assert named_frameworks([]) == ()


def test_a_hyphen_is_as_good_as_an_underscore() -> None:
    assert named_frameworks(["pci-dss", "pci_dss"]) == named_frameworks(["pci_dss"])


@each_framework()
def test_no_row_out_of_scope_has_controls_and_each_has_one_reason(framework: Framework) -> None:
    data = tomllib.loads((FRAMEWORKS / f"{framework.id}.toml").read_text("utf-8"))
    outside = [name for ids in data.get("outside", {}).values() for name in ids]
    assert len(outside) == len(set(outside))
    assert set(outside) == {row.id for row in framework.rows if row.outside}
    assert [row.id for row in framework.rows if row.outside and row.controls] == []


def test_pci_dss_has_every_chapter() -> None:
    """Requirements by chapter, those below another one too."""
    [pci] = named_frameworks(["pci_dss"])
    chapters = Counter(int(row.id.split(".")[0]) for row in pci.rows)
    assert chapters == {
        1: 19, 2: 11, 3: 29, 4: 6, 5: 13, 6: 19, 7: 12, 8: 29, 9: 27, 10: 27, 11: 21, 12: 37,
    }  # fmt: skip
    assert sum(bool(row.outside) for row in pci.rows) == 152


@pytest.mark.parametrize(
    ("name", "do"),
    [
        ("pci-ds", "did you mean `pci_dss`?"),
        ("CIS_AWS", "did you mean `cis_aws`?"),
        ("pci", "did you mean `pci_dss`?"),
        ("nist", "did you mean `nist_800_53`?"),
        ("soc2", "name one of them"),
        ("", "name one of them"),
    ],
)
def test_a_framework_that_does_not_exist(name: str, do: str) -> None:
    with pytest.raises(UsageError) as caught:
        named_frameworks([name], where="here", error=ConfigError)
    error = caught.value
    assert isinstance(error, ConfigError)
    assert (error.where, error.got, error.do) == ("here", f"`{name}`", do)
    assert all(f"`{one.id}`" in error.expected for one in load_frameworks())


def test_frameworks_change_neither_what_runs_nor_the_decision() -> None:
    plan, catalog = (
        load_plan(plan_json({"resource": {"aws_kms_key": KEYS}}, "keys")),
        load_catalog(),
    )
    today = dt.date(2026, 1, 1)
    without = judge(plan, catalog, today=today, stack="s")
    verdict = judge(plan, catalog, today=today, stack="s", frameworks=load_frameworks())
    assert (verdict.findings, verdict.controls) == (without.findings, without.controls)
    assert (verdict.decision, verdict.blockers) == (without.decision, without.blockers)
    assert framework_results(without) == ()
    for item in framework_results(verdict):
        by_id = {row.row.id: row.status for row in item.rows}
        for name in item.framework.controls["kms-key-rotation"]:
            assert by_id[name] is RowStatus.FAILED


def test_every_row_of_a_control_that_runs_alone_follows_it() -> None:
    key = {"resource": {"aws_kms_key": {"on": KEYS["on"]}}}
    plan = load_plan(plan_json(key, "key"))
    catalog = load_catalog(only=["kms-key-rotation"])
    verdict = judge(
        plan, catalog, today=dt.date(2026, 1, 1), stack="s", frameworks=load_frameworks()
    )
    for item in framework_results(verdict):
        for row in item.rows:
            others = {*row.row.controls} - {"kms-key-rotation"}
            if "kms-key-rotation" not in row.row.controls:
                outside = bool(row.row.outside)
                nothing = RowStatus.OUT_OF_SCOPE if outside else RowStatus.NOT_LOOKED_AT
                assert row.status is nothing
            else:
                expected = RowStatus.NOT_EXERCISED if others else RowStatus.SUPPORTED
                assert row.status is expected
