"""The pages of the blueprints say what their data say."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from lib.tap_stack import TapStack
from revet.blueprints.tap import SecureApplicationStack
from revet.blueprints.tap import program as tap
from revet.blueprints.trading_platform import TradingPlatformStack
from revet.blueprints.trading_platform import program as trading_platform
from revet.blueprints.zero_trust import ZeroTrustStack
from revet.blueprints.zero_trust import program as zero_trust

ROOT = Path(__file__).parents[2]
MORE = {"allowed_cidr_blocks": "ALLOWED_CIDR_BLOCKS"}
STACKS: dict[str, tuple[ModuleType, tuple[type, ...]]] = {
    "tap": (tap, (SecureApplicationStack, TapStack)),
    "trading-platform": (trading_platform, (TradingPlatformStack,)),
    "zero-trust": (zero_trust, (ZeroTrustStack,)),
}


def page(name: str) -> str:
    return (ROOT / f"docs/blueprints/{name}.md").read_text()


@pytest.mark.parametrize("name", STACKS)
def test_the_table_of_requirements_is_that_of_the_file(name: str) -> None:
    folder = name.replace("-", "_")
    rows = tomllib.loads((ROOT / f"src/revet/blueprints/{folder}/requirements.toml").read_text())[
        "requirement"
    ]
    prefix = rows[0]["id"].partition("-")[0]
    told = {}
    for line in page(name).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        found = re.match(rf"({prefix}-\d\d) ", cells[0])
        if found:
            named = [re.findall(r"`([^`]+)`", cell) for cell in cells[2:4]]
            told[found[1]] = (cells[1].split(), *named)
    assert told == {
        row["id"]: (row["judged"], row.get("constructs", []), row.get("controls", []))
        for row in rows
    }


@pytest.mark.parametrize(
    "name", [name for name in STACKS if " requests that must be" in page(name)]
)
def test_it_counts_what_is_attacked(name: str) -> None:
    folder = name.replace("-", "_")
    file = ROOT / f"src/revet/blueprints/{folder}/attacks.toml"
    attacks = tomllib.loads(file.read_text("utf-8"))["attack"]
    working = sum(one.get("expect") == "allowed" for one in attacks)
    denied = len(attacks) - working
    assert f"{denied} requests that must be denied and {working} that must" in page(name)


@pytest.mark.parametrize("name", STACKS)
def test_every_argument_stands_there_with_its_variable_and_default(name: str) -> None:
    program, classes = STACKS[name]
    variables = {argument: word for word, (argument, _) in program._VARIABLES.items()} | MORE
    given: dict[str, inspect.Parameter] = {}
    for kind in classes:
        given |= dict(inspect.signature(kind.__init__).parameters)  # type: ignore[misc]
    for argument in given.keys() - {"self", "scope", "construct_id", "unknown", "kwargs"}:
        [line] = [line for line in page(name).splitlines() if line.startswith(f"| `{argument}` |")]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[1] == (f"`{variables[argument]}`" if argument in variables else "")
        default = given[argument].default
        if default is inspect.Parameter.empty:  # the program has one
            default = dict(program._VARIABLES.values())[argument]
        assert cells[2] == (f"`{default}`" if default not in ("", (), None) else "none")
