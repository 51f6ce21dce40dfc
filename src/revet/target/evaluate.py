"""Values of expressions in a root module, as Terraform itself works them out, with no provider.

`terraform console` runs in a folder of its own that holds nothing but the configuration's variables
and locals: what depends on a resource or data source has no value there.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from revet.model.errors import UsageError
from revet.target.binary import Binary
from revet.target.blocks import Block, Expression
from revet.target.modules import Module
from revet.target.process import ask

_LOCAL = re.compile(r"\blocal\s*\.\s*([\w-]+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_KEPT = ("type", "default", "sensitive", "nullable")
_VALUES = "revet_values"
_ANSWER_WITHIN = 60.0


def evaluate(
    root: Module,
    expressions: Mapping[str, Expression],
    binary: Binary,
    environment: Mapping[str, str],
) -> dict[str, Any]:
    """Work out expressions with the variables that a plan would have.

    Args:
        root: the root module.
        expressions: any key to an expression.
        binary: the program that works them out.
        environment: whole environment, `TF_VAR_…` included.

    Returns:
        Each key to its value.

    Raises:
        UsageError: a value depends on what is known after a plan or apply only, or on a variable
            without a value.
    """
    values = {key: item.value for key, item in expressions.items() if item.known}
    open_ones = {key: item for key, item in expressions.items() if not item.known}
    if not open_ones:
        return values
    with tempfile.TemporaryDirectory(prefix="revet-") as scratch:
        _write_scratch(Path(scratch), root, open_ones)
        answer = ask(
            [str(binary.path), "console"],
            environment=environment,
            directory=Path(scratch),
            timeout=_ANSWER_WITHIN,
            said=f"nonsensitive(base64encode(jsonencode(local.{_VALUES})))\n".encode(),
        )
    text = answer.stdout.decode("utf-8", "replace").strip().splitlines()
    try:
        found = json.loads(base64.b64decode(json.loads(text[-1]), validate=True))
        return values | {key: found[key] for key in open_ones}
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise UsageError(
            "the values of a provider configuration are not known before a plan",
            where=", ".join(sorted(open_ones)),
            got=_reason(answer.stderr) or " ".join(text)[-200:],
            expected="literals, variables with values, and locals made of them",
            do="write the value out, or give the variable one (`TF_VAR_…`, `terraform.tfvars`)",
        ) from error


def _reason(complaint: str) -> str:
    lines = [line.strip("│╷╵ ") for line in _COLOUR.sub("", complaint).splitlines()]
    return " ".join(line for line in lines if line and not line.startswith("on <console"))[:300]


def _write_scratch(folder: Path, root: Module, wanted_values: Mapping[str, Expression]) -> None:
    hcl: list[str] = []
    data: dict[str, dict[str, Any]] = {"variable": {}, "locals": {}}
    for block in root.of("variable"):
        _write_variable(block, hcl, data["variable"])
    every = {name: item for block in root.of("locals") for name, item in block.arguments.items()}
    waiting = [item.text for item in wanted_values.values()]
    wanted: set[str] = set()
    while waiting:
        for name in _LOCAL.findall(waiting.pop()):
            if name in every and name not in wanted:
                wanted.add(name)
                waiting.append(every[name].text)
    for name in sorted(wanted):
        if every[name].json is not None:
            data["locals"][name] = json.loads(every[name].text)
        else:
            hcl.append(f"locals {{\n  {name} = {every[name].text}\n}}\n")
    members = "".join(f"    {json.dumps(k)} = {e.text}\n" for k, e in wanted_values.items())
    hcl.append(f"locals {{\n  {_VALUES} = {{\n{members}  }}\n}}\n")
    (folder / "values.tf").write_text("".join(hcl), "utf-8")
    some = {kind: blocks for kind, blocks in data.items() if blocks}
    (folder / "more.tf.json").write_text(json.dumps(some), "utf-8")
    for file in sorted(root.directory.iterdir()):
        if file.name in ("terraform.tfvars", "terraform.tfvars.json") or file.name.endswith(
            (".auto.tfvars", ".auto.tfvars.json")
        ):
            shutil.copyfile(file, folder / file.name)


def _write_variable(block: Block, hcl: list[str], data: dict[str, Any]) -> None:
    [name] = block.labels
    kept = {key: block.arguments[key] for key in _KEPT if key in block.arguments}
    if any(item.json is not None for item in kept.values()):
        data[name] = {key: json.loads(item.text) for key, item in kept.items()}
    else:
        lines = "".join(f"  {key} = {item.text}\n" for key, item in kept.items())
        hcl.append(f'variable "{name}" {{\n{lines}}}\n')
