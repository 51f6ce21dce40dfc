"""Write what is planned of attributes that a configuration does not set.

Run it after the plans of the suite were made anew, look at the difference, commit it:

    python scripts/update_planned_defaults.py

A schema does not say which defaults a provider has, and plans do: the file has a line for each
attribute of a type that the product's code names, with the value that every plan to create has of
it where nothing is written. Attributes that the provider may fill in are left out, and those of
which plans differ.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FILE = ROOT / "src/revet/plan/data/planned_defaults.txt"
HEAD = (
    "# AWS provider 5.100.0, made by scripts/update_planned_defaults.py from plans of the suite\n"
)


def main() -> None:
    """Read the plans and write the file."""
    FILE.write_text(HEAD + "".join(f"{line}\n" for line in lines()), encoding="utf-8")


def lines() -> list[str]:
    """A line for each attribute."""
    from revet.plan.address import without_indices  # noqa: PLC0415 - found through `sys.path`

    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    named = names_in_code()
    for plan in plans():
        written = dict(resources(plan["configuration"].get("root_module") or {}, ""))
        for change in plan["resource_changes"]:
            kind, address = change["type"], without_indices(change["address"])
            is_created = change["mode"] == "managed" and change["change"]["actions"] == ["create"]
            if is_created and kind in named:
                for path, value in unwritten(kind, written[address], change["change"]["after"]):
                    seen[kind, path].add(json.dumps(value))
    return [
        f"{kind} {path} {found.pop()}"
        for (kind, path), found in sorted(seen.items())
        if len(found) == 1
    ]


def unwritten(
    kind: str, written: dict[str, Any], values: dict[str, Any], path: str = ""
) -> Iterator[tuple[str, Any]]:
    """Paths of the attributes of one kind that are not written, and what is planned of them.

    Blocks are followed where one is written and one is planned: a set has no order.
    """
    from revet.plan.kinds import attribute_kind  # noqa: PLC0415 - found through `sys.path`
    from revet.plan.provider_facts import is_left_to_the_provider  # noqa: PLC0415 - same

    for name, value in values.items():
        own, node = f"{path}{name}", written.get(name)
        if isinstance(attribute_kind(kind, own), str):
            if name not in written and not is_left_to_the_provider(kind, own):
                yield own, value
        elif isinstance(node, list) and isinstance(value, list) and len(node) == len(value) == 1:
            yield from unwritten(kind, node[0], value[0], f"{own}.")


def plans() -> Iterator[dict[str, Any]]:
    """All plans that Terraform made for the suite."""
    sys.path.insert(0, str(ROOT))
    from tests.mutations.mutation import load_suite, suites  # noqa: PLC0415 - found just now
    from tests.mutations.stored import GOOD, stored, stored_plan  # noqa: PLC0415 - same

    for name in suites():
        suite = load_suite(name)
        yield stored(suite, GOOD)["plan"]
        for mutation in suite.changes:
            yield stored_plan(suite, mutation)
    for path in sorted((ROOT / "tests/plan/data").glob("*.json")):
        yield json.loads(path.read_bytes())
    yield json.loads((ROOT / "tests/target/streams/plan.json").read_bytes())


def resources(module: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Address without indices to what is written, in a module and all that it calls."""
    for node in module.get("resources") or ():
        yield f"{path}{node['address']}", node.get("expressions") or {}
    for name, call in (module.get("module_calls") or {}).items():
        yield from resources(call.get("module") or {}, f"{path}module.{name}.")


def names_in_code() -> set[str]:
    """All words of the product's code that begin like a type."""
    found: set[str] = set()
    for path in (ROOT / "src/revet").rglob("*.py"):
        found.update(re.findall(r'"(aws_\w+)"', path.read_text(encoding="utf-8")))
    return found


if __name__ == "__main__":
    main()
