"""Write which names in the AWS provider's types are blocks, as the export to HCL reads it.

JSON syntax writes blocks and arguments alike; HCL does not. Run it with a newer provider, look at
the difference, commit it:

    python scripts/update_nested_blocks.py --plugin-dir DIR     # DIR as for `terraform init`

It asks the real provider (`terraform providers schema -json`) and writes
`src/revet/synth/hcl/data/nested_blocks.txt`: a line for each type, with `data.` or `ephemeral.` in
front for other kinds and `provider` for the provider itself, and the names that are blocks, at
whatever depth. Where a name is a block in one place and an argument in another, the paths of the
arguments follow, each with a `!` in front. A type with too many of those is left out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src/revet/synth/hcl/data/nested_blocks.txt"
MOST_PATHS = 60
KINDS = {
    "resource_schemas": "",
    "data_source_schemas": "data.",
    "ephemeral_resource_schemas": "ephemeral.",
}


def main() -> None:
    """Read the schema and write the table."""
    sys.path.insert(0, str(ROOT))
    from scripts.update_attribute_kinds import (  # noqa: PLC0415 - found through `sys.path`
        read_schemas,
    )

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin-dir", type=Path, help="folder of provider plugins; default: none")
    parser.add_argument("--version", default="5.100.0", help="of the AWS provider")
    arguments = parser.parse_args()
    schemas = read_schemas(arguments.version, arguments.plugin_dir)
    rows = {"provider": row(schemas["provider"]["block"])}
    for kind, prefix in KINDS.items():
        for name, schema in schemas.get(kind, {}).items():
            rows[f"{prefix}{name}"] = row(schema["block"])
    known = {name: found for name, found in rows.items() if found is not None}
    lines = [" ".join([name, *found]) for name, found in sorted(known.items())]
    head = f"# AWS provider {arguments.version}, made by scripts/update_nested_blocks.py\n"
    TARGET.write_text(head + "\n".join(lines) + "\n", encoding="ascii")
    print(f"{len(lines)} types, {len(rows) - len(known)} left out, {TARGET.stat().st_size:,} bytes")


def row(block: Mapping[str, Any]) -> list[str] | None:
    """The words of a type's line; `None` for a type with too many paths."""
    blocks = {path.rpartition(".")[2] for path, is_block in paths(block) if is_block}
    twice = sorted(
        {p for p, is_block in paths(block) if not is_block and p.rpartition(".")[2] in blocks}
    )
    if len(twice) > MOST_PATHS:
        return None
    return [*sorted(blocks), *(f"!{path}" for path in twice)]


def paths(block: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, bool]]:
    """The path of each attribute and block, and whether it is a block."""
    for name in block.get("attributes", {}):
        yield f"{at}{name}", False
    for name, inner in block.get("block_types", {}).items():
        if inner["nesting_mode"] not in ("single", "list", "set"):
            message = f"blocks with labels: {at}{name}"
            raise ValueError(message)
        yield f"{at}{name}", True
        yield from paths(inner["block"], f"{at}{name}.")


if __name__ == "__main__":
    main()
