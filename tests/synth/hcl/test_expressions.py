"""Values of JSON syntax in HCL: as written in the cases, as Terraform lays out and evaluates."""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from revet.synth.hcl.layout import WIDTH, Assignment, Block, render
from revet.synth.hcl.lexer import TemplateError
from revet.synth.hcl.names import Names
from revet.synth.hcl.tree import of_json

TABLE = tomllib.loads(Path(__file__).with_name("expressions.toml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = TABLE["case"]
NAMES = Names(
    {
        ("resource", "aws_kms_key"): {"data_5D719C34": "data"},
        ("data", "aws_region"): {"r_5D719C34": "r"},
    }
)


def rendered(value: object, name: str = "x") -> str:
    made = Block(f'output "{name}"', [Assignment("value", of_json(value, NAMES.rename))])
    return render([made])


def id_of(case: dict[str, Any]) -> str:
    return str(case["about"])


@pytest.mark.parametrize("case", [case for case in CASES if "hcl" in case], ids=id_of)
def test_a_value_is_written_so(case: dict[str, Any]) -> None:
    written = rendered(json.loads(case["json"]))
    lines = case["hcl"].lstrip("\n").split("\n")
    assert written == 'output "x" {\n  value = ' + "\n  ".join(lines) + "\n}\n"
    assert max(map(len, written.splitlines())) <= WIDTH


@pytest.mark.parametrize("case", TABLE["refused"], ids=id_of)
def test_what_is_not_understood_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(TemplateError) as raised:
        rendered(json.loads(case["json"]))
    assert case["why"] in str(raised.value)


def test_terraform_would_lay_it_out_so_and_both_forms_come_to_the_same(
    tmp_path: Path, terraform: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    known = {f"c{n}": json.loads(c["json"]) for n, c in enumerate(CASES) if c.get("same", True)}
    every = {f"c{n}": json.loads(c["json"]) for n, c in enumerate(CASES)}
    of_json, of_hcl = tmp_path / "json", tmp_path / "hcl"
    of_json.mkdir()
    of_hcl.mkdir()
    outputs = {name: {"value": value} for name, value in known.items()}
    (of_json / "main.tf.json").write_text(json.dumps({"output": outputs}))
    (of_hcl / "main.tf").write_text("\n".join(rendered(v, k) for k, v in known.items()))
    (tmp_path / "all.tf").write_text("\n".join(rendered(v, k) for k, v in every.items()))
    assert terraform("fmt", "-check", "-diff", str(tmp_path / "all.tf")).stdout == ""
    values = [planned(folder, terraform) for folder in (of_json, of_hcl)]
    assert values[0] == values[1]
    assert set(values[0]) == set(known)


def planned(
    folder: Path, terraform: Callable[..., subprocess.CompletedProcess[str]]
) -> dict[str, Any]:
    terraform(f"-chdir={folder}", "init")
    terraform(f"-chdir={folder}", "plan", "-out=plan.bin")
    shown = json.loads(terraform(f"-chdir={folder}", "show", "-json", "plan.bin").stdout)
    outputs: dict[str, Any] = shown["planned_values"]["outputs"]
    return outputs
