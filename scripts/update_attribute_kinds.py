"""Write the kind of each attribute of the AWS provider, as the form check of plans reads it.

Run it with a newer provider, look at the difference, commit it:

    python scripts/update_attribute_kinds.py --plugin-dir DIR     # DIR as for `terraform init`

It asks the real provider (`terraform providers schema -json`) and writes
`src/revet/plan/data/attribute_kinds.txt`: a line for each resource type, and for each data source
that the product's code names (with `data.` in front); of types that it does not name, what is in
their blocks is left out. A line gives the kinds of the attributes and
blocks, grouped: `s` text, `n` number, `b` truth value, `?` anything, `[` a list or set of what
follows, `{` a map of it, `(…)` an object, `@12` the object of that line. Objects that are there
more than once and take room have a line of their own.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src/revet/plan/data/attribute_kinds.txt"
SOURCE = "registry.terraform.io/hashicorp/aws"
KINDS = {"string": "s", "number": "n", "bool": "b", "dynamic": "?"}
OPENINGS = {"list": "[", "set": "[", "map": "{", "single": "", "group": ""}
WORTH_SHARING = 30


def main() -> None:
    """Read the schema and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin-dir", type=Path, help="folder of provider plugins; default: none")
    parser.add_argument("--version", default="5.100.0", help="of the AWS provider")
    arguments = parser.parse_args()
    schemas = read_schemas(arguments.version, arguments.plugin_dir)
    named = names_in_code()
    blocks = {
        name: schema["block"] if name in named else first_level(schema["block"])
        for name, schema in schemas["resource_schemas"].items()
    }
    blocks |= {
        f"data.{name}": schema["block"]
        for name, schema in schemas["data_source_schemas"].items()
        if name in named
    }
    lines = table(blocks)
    head = f"# AWS provider {arguments.version}, made by scripts/update_attribute_kinds.py\n"
    TARGET.write_text(head + "\n".join(lines) + "\n", encoding="ascii")
    print(f"{len(blocks)} types in {TARGET.stat().st_size:,} bytes")


def read_schemas(version: str, plugin_dir: Path | None) -> dict[str, Any]:
    """The provider's own schemas."""
    configuration = {
        "terraform": {
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": version}}
        }
    }
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.tf.json").write_text(json.dumps(configuration))
        init = ["terraform", "init", "-input=false", "-no-color"]
        if plugin_dir:
            init.append(f"-plugin-dir={plugin_dir}")
        subprocess.run(init, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        answer = subprocess.run(
            ["terraform", "providers", "schema", "-json"],
            cwd=folder, check=True, capture_output=True,
        )  # fmt: skip
    found: dict[str, Any] = json.loads(answer.stdout)["provider_schemas"][SOURCE]
    return found


def names_in_code() -> set[str]:
    """All names of Terraform types in the product's code and data."""
    files = [*ROOT.glob("src/revet/**/*.py"), *ROOT.glob("src/revet/**/*.toml")]
    return {name for path in files for name in re.findall(r"\baws_[a-z0-9_]+", path.read_text())}


def first_level(block: Mapping[str, Any]) -> dict[str, Any]:
    """A block without what is in its blocks."""
    nested = {
        name: {"nesting_mode": inner["nesting_mode"]}
        for name, inner in block.get("block_types", {}).items()
    }
    return {**block, "block_types": nested}


def table(blocks: Mapping[str, Any]) -> list[str]:
    """The lines of the table: shared objects first, then the types."""
    shared: dict[str, str] = {}
    while True:
        counts: Counter[str] = Counter()
        lines = {name: of_block(block, shared, counts) for name, block in sorted(blocks.items())}
        again = {
            text
            for text, count in counts.items()
            if text not in shared and (count - 1) * len(text) > WORTH_SHARING
        }
        inner = sorted(text for text in again if not any(one in text for one in again - {text}))
        if not inner:
            break
        shared |= {text: f"@{number}" for number, text in enumerate(inner, start=len(shared))}
    return [
        *(f"{name} {text}" for text, name in shared.items()),
        *(f"{name} {text}" for name, text in lines.items()),
    ]


def of_block(block: Mapping[str, Any], shared: Mapping[str, str], counts: Counter[str]) -> str:
    """The kind of a block."""
    members = {
        name: of_attribute(attribute, shared, counts)
        for name, attribute in block.get("attributes", {}).items()
    }
    for name, nested in block.get("block_types", {}).items():
        inner = of_block(nested["block"], shared, counts) if "block" in nested else "?"
        members[name] = OPENINGS[nested["nesting_mode"]] + inner
    return of_object(members, shared, counts)


def of_attribute(
    attribute: Mapping[str, Any], shared: Mapping[str, str], counts: Counter[str]
) -> str:
    """The kind of an attribute."""
    if "type" in attribute:
        return of_type(attribute["type"], shared, counts)
    nested = attribute["nested_type"]
    members = {
        name: of_attribute(inner, shared, counts) for name, inner in nested["attributes"].items()
    }
    return OPENINGS[nested["nesting_mode"]] + of_object(members, shared, counts)


def of_type(kind: str | list[Any], shared: Mapping[str, str], counts: Counter[str]) -> str:
    """A type of Terraform's: `"string"`, `["list", "string"]`, `["object", {…}]`."""
    if isinstance(kind, str):
        return KINDS[kind]
    outer, inner = kind
    if outer == "object":
        members = {name: of_type(one, shared, counts) for name, one in inner.items()}
        return of_object(members, shared, counts)
    return OPENINGS[outer] + of_type(inner, shared, counts)


def of_object(members: Mapping[str, str], shared: Mapping[str, str], counts: Counter[str]) -> str:
    """An object, its members grouped by kind."""
    groups: dict[str, list[str]] = {}
    for name, kind in sorted(members.items()):
        groups.setdefault(kind, []).append(name)
    parts = [f"{kind} {','.join(names)}" for kind, names in sorted(groups.items())]
    text = f"({';'.join(parts)})"
    counts[text] += 1
    return shared.get(text, text)


if __name__ == "__main__":
    main()
