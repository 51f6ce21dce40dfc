"""Write what the gate needs to know of the AWS provider's schema.

Run it with a newer provider, look at the difference, commit it:

    python scripts/update_provider_facts.py --plugin-dir DIR     # DIR as for `terraform init`

It asks the real provider (`terraform providers schema -json`) and writes two files:
`taggable_types.txt`, the types that have both `tags` and `tags_all`, and
`computed_attributes.txt`, a line for each type with the attributes that the provider may fill in
(cases are turned into realistic plans with them).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "src/revet/plan/data"
SOURCE = "registry.terraform.io/hashicorp/aws"
MAX_DEPTH = 2


def main() -> None:
    """Read the schema and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin-dir", type=Path, help="folder of provider plugins; default: none")
    parser.add_argument("--version", default="5.100.0", help="of the AWS provider")
    arguments = parser.parse_args()
    types = read_schema(arguments.version, arguments.plugin_dir)
    head = f"# AWS provider {arguments.version}, made by scripts/update_provider_facts.py\n"
    taggable = [
        name for name, block in types.items() if {"tags", "tags_all"} <= set(block["attributes"])
    ]
    write("taggable_types.txt", head, taggable)
    write(
        "computed_attributes.txt",
        head,
        [" ".join([name, *computed(block)]) for name, block in types.items()],
    )
    print(f"{len(types)} types, {len(taggable)} of them taggable")


def read_schema(version: str, plugin_dir: Path | None) -> dict[str, Any]:
    """Type to its block, sorted."""
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
    schemas = json.loads(answer.stdout)["provider_schemas"][SOURCE]["resource_schemas"]
    return {name: schemas[name]["block"] for name in sorted(schemas)}


def computed(block: dict[str, Any], prefix: str = "", depth: int = 1) -> Iterator[str]:
    """Paths of the attributes that the provider may fill in, blocks to a depth of two."""
    for name, attribute in sorted(block.get("attributes", {}).items()):
        if attribute.get("computed"):
            yield prefix + name
    if depth < MAX_DEPTH:
        for name, nested in sorted(block.get("block_types", {}).items()):
            yield from computed(nested["block"], f"{prefix}{name}.", depth + 1)


def write(name: str, head: str, lines: list[str]) -> None:
    """Write one data file."""
    DATA.joinpath(name).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
