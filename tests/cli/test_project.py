from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from revet.cli.judging import Judging
from revet.cli.options import FailOn
from revet.cli.project import Project, find_project, load_project
from revet.model.errors import ConfigError
from revet.model.finding import Severity

CASES = tomllib.loads((Path(__file__).parent / "project.toml").read_text(encoding="utf-8"))
SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "revet.schema.json"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _write(folder: Path, text: str) -> Path:
    path = folder / "revet.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("case", CASES["good"], ids=lambda case: str(case["name"]))
def test_good_files_are_read_and_fit_the_schema(
    case: dict[str, str], tmp_path: Path, validator: Draft202012Validator
) -> None:
    project = load_project(_write(tmp_path, case["text"]))
    assert project.root == tmp_path.resolve()
    assert list(validator.iter_errors(tomllib.loads(case["text"]))) == []


@pytest.mark.parametrize("case", CASES["bad"], ids=lambda case: str(case["name"]))
def test_bad_files_are_refused_with_their_line(
    case: dict[str, str], tmp_path: Path, validator: Draft202012Validator
) -> None:
    path = _write(tmp_path, case["text"])
    with pytest.raises(ConfigError) as caught:
        load_project(path)
    error = caught.value
    assert error.exit_code == 3
    assert error.where == f"{path}:{case['line']}"
    assert case["said"] in str(error)
    assert error.do
    try:
        data = tomllib.loads(case["text"])
    except tomllib.TOMLDecodeError:
        return
    assert not validator.is_valid(data), "the schema must refuse it too"


def test_settings_of_a_stack_come_before_those_for_all(tmp_path: Path) -> None:
    project = load_project(
        _write(
            tmp_path,
            'region = "us-west-2"\nwaivers = "w.toml"\nbaseline = "own.toml"\nfail_on = "high"\n'
            '[stacks.a]\nprogram = "a.py"\nregion = "eu-west-1"\n'
            '[stacks.b]\nprogram = ["b.py", "-x"]\nbaseline = "default"\nfail_on = "none"\n',
        )
    )
    a, b = project.stacks["a"], project.stacks["b"]
    assert (a.region, b.region) == ("eu-west-1", "us-west-2")
    assert (a.program, b.program) == (("a.py",), ("b.py", "-x"))
    assert a.judging.waivers == b.judging.waivers == tmp_path / "w.toml"
    assert (a.judging.baseline, b.judging.baseline) == (str(tmp_path / "own.toml"), "default")
    assert (a.judging.fail_on, b.judging.fail_on) == (FailOn.HIGH, FailOn.NONE)
    assert project.shared.program == ()


@pytest.mark.parametrize("kind", ["properties", "attacks"])
def test_properties_and_attacks_go_with_their_requirements(kind: str, tmp_path: Path) -> None:
    text = f"""
requirements = "a.toml"
{kind} = "a-claims.toml"
[stacks.same]
program = "app.py"
[stacks.other]
program = "app.py"
requirements = "b.toml"
"""

    def of(judging: Judging) -> Path | None:
        found: Path | None = getattr(judging, kind)
        return found

    project = load_project(_write(tmp_path, text))
    same, other = (project.stacks[name].judging for name in ("same", "other"))
    assert of(same) == tmp_path / "a-claims.toml"
    assert of(other) is None
    assert of(Judging().over(same)) == of(same)
    assert of(Judging(requirements=tmp_path / "c.toml").over(same)) is None
    own: dict[str, Any] = {kind: tmp_path / "c-claims.toml"}
    given = Judging(requirements=tmp_path / "c.toml", **own)
    assert of(given.over(same)) == own[kind]


def test_it_is_found_in_a_parent(tmp_path: Path) -> None:
    path = _write(tmp_path, "[stacks.a]\n")
    inner = tmp_path / "x" / "y"
    inner.mkdir(parents=True)
    assert find_project(start=inner).path == path
    nearer = _write(inner, "[stacks.b]\n")
    assert find_project(start=inner).path == nearer
    assert list(find_project(explicit=path, start=inner).stacks) == ["a"]


def test_without_a_file_there_is_a_project_without_stacks(tmp_path: Path) -> None:
    assert find_project(start=tmp_path) == Project(tmp_path.resolve())


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        find_project(explicit=tmp_path / "nowhere.toml")


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "revet.toml"
    path.write_bytes(b"region = '\xff'\n")
    with pytest.raises(ConfigError, match="is not valid TOML"):
        load_project(path)


@pytest.mark.parametrize(
    ("level", "severities"),
    [
        (FailOn.CRITICAL, "critical"),
        (FailOn.HIGH, "critical high"),
        (FailOn.MEDIUM, "critical high medium"),
        (FailOn.LOW, "critical high medium low"),
        (FailOn.NONE, ""),
    ],
)
def test_fail_on_is_the_least_severity_that_blocks(level: FailOn, severities: str) -> None:
    assert level.severities == tuple(Severity(word) for word in severities.split())


def test_a_role_is_of_the_account_that_names_it(tmp_path: Path) -> None:
    text = "[accounts.111122223333]\nrole = 'arn:aws:iam::444455556666:role/x'\n"
    with pytest.raises(ConfigError, match="a wrong value") as caught:
        load_project(_write(tmp_path, text))
    assert caught.value.expected == "a role of account 111122223333"


def test_accounts_say_what_the_table_for_all_does_not(tmp_path: Path) -> None:
    text = (
        "[accounts]\nrole = 'all'\nexternal_id = 'shared'\nduration = 900\n"
        "[accounts.111122223333]\nname = 'payments'\n"
        "[accounts.444455556666]\nrole = 'own'\nexternal_id = 'mine'\n"
    )
    accounts = load_project(_write(tmp_path, text)).accounts
    assert accounts is not None
    first, second = accounts.of("111122223333"), accounts.of("444455556666")
    assert first.assuming.arn("111122223333", "aws-cn") == ("arn:aws-cn:iam::111122223333:role/all")
    assert (first.assuming.external_id, first.assuming.duration) == ("shared", 900)
    assert (second.assuming.role, second.assuming.external_id) == ("own", "mine")
    assert accounts.of("777788889999").assuming == accounts.shared
    other = accounts.with_role("given")
    assert [other.of(one).assuming.role for one in other.accounts] == ["given", "own"]
