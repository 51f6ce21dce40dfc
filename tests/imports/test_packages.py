from __future__ import annotations

import datetime as dt
import io
import json
import random
import subprocess
import sys
import tokenize
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from revet.imports import examine, find_package, packages, repair, visit
from revet.imports.names import aliases, main_class
from revet.imports.packages import Package
from revet.imports.source import read_source
from revet.model.errors import PrerequisiteError

ROOT = Path(__file__).parents[2]
SAMPLE = 300


@pytest.fixture(scope="module")
def provider() -> Package:
    found = find_package("cdktn_provider_aws")
    assert found is not None
    return found


IMPORTING = """
import importlib, json
from revet.synth import install_lazy_load
install_lazy_load()
import cdktn, cdktn_provider_aws
print(json.dumps({
    "modules": [name for name in dir(cdktn_provider_aws) if not name.startswith("_")],
    "cdktn": cdktn.__all__,
    **{name: importlib.import_module(f"cdktn_provider_aws.{name}").__all__ for name in %r},
}))
"""


def test_lists_are_those_of_the_imported_packages(provider: Package) -> None:
    """In its own process, since importing the packages starts Node."""
    names = ["kms_key", "s3_bucket_versioning", "data_aws_iam_policy_document"]
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTING % names],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    said = json.loads(ended.stdout.splitlines()[-1])
    assert provider.modules == set(said["modules"])
    core = find_package("cdktn")
    assert core is not None
    assert core.classes() == set(said["cdktn"])
    for name in names:
        assert provider.classes(name) == set(said[name])


CHECKING = """
import sys
from revet.cli.app import app
try:
    app(["imports", "check", %r])
except SystemExit as ended:
    print(ended.code)
print(sorted({"cdktn", "cdktn_provider_aws", "jsii", "constructs"} & set(sys.modules)))
"""


def test_nothing_is_imported_and_no_node_is_started() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CHECKING % str(ROOT / "tap.py")],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert ended.stdout.splitlines()[-2:] == ["0", "[]"]


def test_a_sample_of_all_modules_and_classes_is_silent(provider: Package) -> None:
    seed = 20261122
    sample = random.Random(seed).sample(sorted(provider.modules), SAMPLE)  # noqa: S311 - no secret
    for module in sample:
        classes = sorted(provider.classes(module))
        assert classes
        text = (
            f"from cdktn_provider_aws.{module} import {', '.join(classes)}\n"
            f"from cdktn_provider_aws import {module}\n"
            f"import cdktn_provider_aws.{module} as short\n"
            f"import cdktn_provider_aws\n"
            f"{module}.{classes[0]}(short.{classes[-1]})\n"
            f"cdktn_provider_aws.{module}.{classes[0]}.CONSTANT.x\n"
        )
        seen = examine(read_source("a.py", text.encode()))
        assert (module, seen.findings, seen.edits) == (module, (), ())


def test_of_every_sampled_module_the_outdated_import_is_corrected(provider: Package) -> None:
    sample = random.Random(7).sample(sorted(provider.modules), SAMPLE)  # noqa: S311 - no secret
    for module in sample:
        classes = sorted(provider.classes(module))
        text = f"from {{}}.{module} import {', '.join(classes)}\n"
        for old in ("cdktf_cdktf_provider_aws", "imports.aws"):
            source = read_source("a.py", text.format(old).encode())
            edited = source.edited(examine(source).edits)
            assert edited.decode() == text.format("cdktn_provider_aws")


def test_of_every_irregular_class_the_regular_name_is_corrected(provider: Package) -> None:
    irregular = [
        name
        for name in provider.modules
        if name.startswith(("s3_", "ec2_", "vpc_", "dynamodb_"))
        and f"{main_class(name)}A" in provider.classes(name)
        and main_class(name) not in provider.classes(name)
    ]
    assert "s3_bucket_versioning" in irregular
    for name in irregular:
        text = f"from cdktn_provider_aws.{name} import {main_class(name)}\n"
        [found] = examine(read_source("a.py", text.encode())).findings
        assert found.right == f"cdktn_provider_aws.{name}.{main_class(name)}A"
        assert found.fixable


def test_programs_of_ours_are_silent() -> None:
    paths = [ROOT / "tap.py", ROOT / "lib", ROOT / "examples", ROOT / "src" / "revet"]
    seen = visit([path for path in paths if path.exists()], fix=False)
    assert seen.unreadable == ()
    assert len(seen.files) > 100
    assert [(item.path, item.left) for item in seen.files if item.left] == []


OLD_NAMES = {"cdktn": "cdktf", "cdktn_provider_aws": "cdktf_cdktf_provider_aws"}


def outdated(text: str) -> str:
    """A program with the package names of before; strings and comments stay."""
    lines = text.splitlines(keepends=True)
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.NAME and token.string in OLD_NAMES
    ]
    for token in reversed(tokens):
        line, column = token.start
        before, after = lines[line - 1][:column], lines[line - 1][token.end[1] :]
        lines[line - 1] = before + OLD_NAMES[token.string] + after
    return "".join(lines)


def test_programs_of_ours_come_back_from_their_old_names_byte_for_byte() -> None:
    changed = 0
    for folder in ("lib", "src/revet/constructs", "src/revet/blueprints", "src/revet/synth"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text()
            old = outdated(text)
            if old == text or path.name == "__init__.py":
                continue
            repaired = repair(read_source(path.name, old.encode()))
            assert (path.name, repaired.content.decode(), repaired.left) == (path.name, text, ())
            changed += 1
    assert changed > 10


def test_every_alias_leads_from_a_name_that_is_none_to_a_module(provider: Package) -> None:
    for written, right in aliases()["aws"].items():
        assert written not in provider.modules
        assert right in provider.modules


def test_aliases_say_what_they_were_compared_with() -> None:
    text = resources.files("revet.imports").joinpath("aliases.toml").read_text("utf-8")
    data = tomllib.loads(text)
    assert isinstance(data["checked"], dt.date)
    assert list(data["aws"]) == sorted(data["aws"])


def test_without_the_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "find_package", lambda _name: None)
    with pytest.raises(PrerequisiteError, match=r"revet\[stack\]"):
        visit([ROOT / "tap.py"], fix=False)
