"""Expressions without references come to what Terraform makes of them, or to nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from revet.plan.expression import Expression
from revet.plan.memory import Memory
from revet.plan.source.environment import Environment
from revet.plan.source.evaluate import Evaluator
from revet.plan.source.hcl import read_hcl
from revet.plan.source.parsing import parser
from revet.plan.source.sources import Nothing
from revet.plan.source.symbolic import is_literal, plain

HERE = Path(__file__).parent
ALL = tomllib.loads((HERE / "expressions.toml").read_text())["case"]
REFUSED = [case for case in ALL if case.get("fails")]
CASES = [case for case in ALL if not case.get("fails")]


def evaluated(expression: str) -> Expression | None:
    body = read_hcl(f"x = {expression}\n".encode(), "x.tf", parser())
    return Evaluator(Nothing, Memory()).argument(body.arguments["x"], Environment())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["expression"])
def test_an_expression_comes_to_what_terraform_makes_of_it(case: dict[str, object]) -> None:
    value = evaluated(str(case["expression"]))
    assert value is not None
    assert is_literal(value) is not case.get("unknown", False)
    if is_literal(value):
        wanted = json.loads(str(case["gives"]))
        assert json.dumps(plain(value), sort_keys=True) == json.dumps(wanted, sort_keys=True)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["expression"])
def test_what_terraform_refuses_has_no_value(case: dict[str, object]) -> None:
    assert evaluated(str(case["expression"])) is None


@pytest.mark.embedded
def test_terraform_still_makes_the_same_of_them(tmp_path: Path) -> None:
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("there is no `terraform` on PATH")
    texts = ", ".join(f"jsonencode({case['expression']})" for case in CASES)
    environment = {k: v for k, v in os.environ.items() if k != "TF_CLI_CONFIG_FILE"}
    done = subprocess.run(
        [terraform, "console"],
        cwd=tmp_path,
        env=environment,
        input=f"jsonencode([{texts}])\n",
        capture_output=True,
        text=True,
        check=True,
    )
    given = [json.loads(text) for text in json.loads(json.loads(done.stdout))]
    assert given == [json.loads(case["gives"]) for case in CASES]
