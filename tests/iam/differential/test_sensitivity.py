"""The random cases show when a rule of the documentation is broken: each of mutants.toml."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.iam.differential import naive
from tests.iam.differential.cases import cases
from tests.iam.differential.shrink import Case

HERE = Path(__file__).parent
MUTANTS: list[dict[str, Any]] = tomllib.loads((HERE / "mutants.toml").read_text())["mutant"]
MODULES = ("naive_text", "naive_conditions", "naive_statements", "naive")
SEED, COUNT = 20261122, 10_000
MOST = 2500  # a rule that needs more cases than that to be seen is hardly tested


@pytest.fixture(scope="module", name="sample")
def _sample() -> list[tuple[Case, str]]:
    return [(case, naive.evaluate(case)) for case in cases(SEED, COUNT)]


@pytest.fixture(name="broken")
def _broken() -> Iterator[Callable[[dict[str, Any]], ModuleType]]:
    """Makes a copy of the naive evaluator with one text in it replaced."""
    names = {name: f"broken_{name}" for name in MODULES}

    def make(mutant: dict[str, Any]) -> ModuleType:
        for name in MODULES:
            source = (HERE / f"{name}.py").read_text()
            if name == mutant["file"]:
                assert mutant["old"] in source, "the naive evaluator reads otherwise now"
                source = source.replace(mutant["old"], mutant["new"])
            for other, broken in names.items():
                source = source.replace(
                    f"from tests.iam.differential.{other} import", f"from {broken} import"
                )
            module = ModuleType(names[name])
            sys.modules[names[name]] = module
            exec(compile(source, names[name], "exec"), vars(module))  # noqa: S102 - our own text
        return sys.modules[names["naive"]]

    yield make
    for broken in names.values():
        sys.modules.pop(broken, None)


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant["rule"])
def test_a_broken_rule_shows(
    mutant: dict[str, Any],
    sample: list[tuple[Case, str]],
    broken: Callable[[dict[str, Any]], ModuleType],
) -> None:
    evaluate = broken(mutant).evaluate
    needed = next(
        (number for number, (case, right) in enumerate(sample) if evaluate(case) != right), None
    )
    assert needed is not None, "no case tells the broken rule from the right one"
    assert needed < MOST
