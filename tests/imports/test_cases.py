from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from revet.imports import ImportFinding, examine, find_package, repair
from revet.imports.source import read_source

FOLDER = Path(__file__).parent / "cases"
CASES: dict[str, dict[str, Any]] = {
    f"{file.stem}: {case['name']}": case
    for file in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(file.read_text())["case"]
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def codes(findings: Iterable[ImportFinding]) -> list[str]:
    return [item.code.value for item in findings]


def test_there_are_many_cases_and_some_are_silent() -> None:
    assert len(CASES) >= 40
    assert sum("codes" not in case for case in CASES.values()) >= 5


@every_case
def test_case(case: dict[str, Any]) -> None:
    source = read_source("a.py", case["wrong"].encode())
    seen = examine(source)
    assert codes(seen.findings) == case.get("codes", [])
    repaired = repair(source)
    assert repaired.content.decode() == case.get("right", case["wrong"])
    assert codes(repaired.left) == case.get("left", [])
    assert len(repaired.done) == sum(item.fixable for item in seen.findings)
    for item in seen.findings:
        assert bool(item.right) <= (item.suggestions == ())
        assert not item.fixable or item.right
    again = repair(read_source("a.py", repaired.content))
    assert again.content == repaired.content
    assert again.done == ()


@pytest.mark.parametrize("case", [case for case in CASES.values() if "left" not in case])
def test_every_class_on_the_right_side_exists(case: dict[str, Any]) -> None:
    """Against the package's files, without the code that is tested."""
    tree = ast.parse(case.get("right", case["wrong"]))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "cdktn_provider_aws."
        ):
            package = find_package("cdktn_provider_aws")
            assert package is not None
            text = (package.root / str(node.module).split(".")[1] / "__init__.py").read_text()
            for alias in node.names:
                assert alias.name == "*" or f"\nclass {alias.name}" in text


def test_the_suggestions_are_names_that_exist() -> None:
    package = find_package("cdktn_provider_aws")
    assert package is not None
    checked = 0
    for case in CASES.values():
        for item in examine(read_source("a.py", case["wrong"].encode())).findings:
            for name in item.suggestions:
                if name.startswith("cdktn_provider_aws."):
                    _, module, *rest = name.split(".")
                    assert module in package.modules
                    assert set(rest) <= package.classes(module)
                    checked += 1
    assert checked > 5
