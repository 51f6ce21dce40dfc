"""Write what the gate needs to know of the AWS provider's schema.

Run it with a newer provider, look at the difference, commit it:

    python scripts/update_provider_facts.py --plugin-dir DIR     # DIR as for `terraform init`

It asks the real provider (`terraform providers schema -json`) and writes four files:
`taggable_types.txt`, the types that have both `tags` and `tags_all`;
`computed_attributes.txt`, a line for each type with the attributes that the provider may fill in
(cases are turned into realistic plans with them); `required_attributes.txt`, a line for each
type that the product's code names, with the attributes and blocks that have to be given, to a depth
of three; and `subnet_arguments.txt`, a line for each type with arguments that name subnets, at any
depth.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).parents[1] / "src/revet"
DATA = SOURCES / "plan/data"
SOURCE = "registry.terraform.io/hashicorp/aws"
MAX_DEPTH = 4
SUBNETS = re.compile(r"(\w+_)?subnets?(_ids?|_arns?)?|vpc_zone_identifiers?")
"""Names of arguments that name subnets; those of subnet groups do not."""
REQUIRED_DEPTH = 3


def main() -> None:
    """Read the schema and write the files."""
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
    named = names_in_code()
    write(
        "required_attributes.txt",
        head,
        [" ".join([name, *required(block)]) for name, block in types.items() if name in named],
    )
    naming = {name: [*subnets(block)] for name, block in types.items()}
    lines = [" ".join([name, *paths]) for name, paths in naming.items() if paths]
    write("subnet_arguments.txt", head, lines)
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
    """Paths of the attributes that the provider may fill in, blocks to a depth of four."""
    for name, attribute in sorted(block.get("attributes", {}).items()):
        if attribute.get("computed"):
            yield prefix + name
    if depth < MAX_DEPTH:
        for name, nested in sorted(block.get("block_types", {}).items()):
            yield from computed(nested["block"], f"{prefix}{name}.", depth + 1)


def required(block: dict[str, Any], prefix: str = "", depth: int = 1) -> Iterator[str]:
    """Paths of the attributes and blocks that have to be given where what they are in is."""
    for name, attribute in sorted(block.get("attributes", {}).items()):
        if attribute.get("required"):
            yield prefix + name
        if "nested_type" in attribute and depth < REQUIRED_DEPTH:
            yield from required(attribute["nested_type"], f"{prefix}{name}.", depth + 1)
    for name, nested in sorted(block.get("block_types", {}).items()):
        if nested.get("min_items"):
            yield prefix + name
        if depth < REQUIRED_DEPTH:
            yield from required(nested["block"], f"{prefix}{name}.", depth + 1)


def subnets(block: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Paths of the arguments that name subnets, `*` for each block of a list."""
    inner = [(name, one, one["block"]) for name, one in block.get("block_types", {}).items()]
    for name, attribute in sorted(block.get("attributes", {}).items()):
        if "nested_type" in attribute:
            inner.append((name, attribute["nested_type"], attribute["nested_type"]))
        elif SUBNETS.fullmatch(name) and (attribute.get("optional") or attribute.get("required")):
            yield prefix + name
    for name, nested, members in sorted(inner, key=lambda one: one[0]):
        single = nested["nesting_mode"] in ("single", "group")
        yield from subnets(members, f"{prefix}{name}." if single else f"{prefix}{name}.*.")


def names_in_code() -> set[str]:
    """All names of Terraform types in the product's code and data."""
    files = [*SOURCES.glob("**/*.py"), *SOURCES.glob("**/*.toml")]
    return {name for path in files for name in re.findall(r"\baws_[a-z0-9_]+", path.read_text())}


def write(name: str, head: str, lines: list[str]) -> None:
    """Write one data file."""
    DATA.joinpath(name).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
