"""The page of the blueprint says what its data say."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

from lib.tap_stack import TapStack
from revet.blueprints.tap import SecureApplicationStack
from revet.blueprints.tap.program import _VARIABLES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/blueprints/tap.md").read_text()
ROWS = tomllib.loads((ROOT / "src/revet/blueprints/tap/requirements.toml").read_text())


def test_the_table_of_requirements_is_that_of_the_file() -> None:
    told = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.match(r"TAP-\d\d ", cells[0]):
            named = [re.findall(r"`([^`]+)`", cell) for cell in cells[2:4]]
            told[cells[0][:6]] = (cells[1].split(), *named)
    assert told == {
        row["id"]: (row["judged"], row["constructs"], row.get("controls", []))
        for row in ROWS["requirement"]
    }


def test_every_argument_stands_there_with_its_variable_and_default() -> None:
    variables = {argument: name for name, (argument, _) in _VARIABLES.items()}
    given = dict(inspect.signature(SecureApplicationStack.__init__).parameters)
    given |= dict(inspect.signature(TapStack.__init__).parameters)
    for name in given.keys() - {"self", "scope", "construct_id", "unknown", "kwargs"}:
        [line] = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
        assert variables.get(name, "") in line
        default = given[name].default
        assert (f"`{default}`" if default else "none") in line
