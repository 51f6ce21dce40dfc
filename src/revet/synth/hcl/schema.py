"""Which names of a resource are blocks: JSON syntax does not tell, and only a schema does.

Source: `terraform providers schema -json` of the AWS provider 5.100.0, as
`scripts/update_nested_blocks.py` writes it to `data/nested_blocks.txt`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "nested_blocks.txt"
PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Schema:
    """What of a type is a block.

    Args:
        blocks: the names that are blocks.
        arguments: paths at which such a name is an argument nevertheless.
    """

    blocks: frozenset[str] = frozenset()
    arguments: frozenset[str] = frozenset()

    def is_block(self, path: str) -> bool:
        """Whether a block is at a path; names with dots between them."""
        return path.rpartition(".")[2] in self.blocks and path not in self.arguments


_BUILT_IN = {"terraform_data": Schema(), "data.terraform_remote_state": Schema()}
"""Types of Terraform's own: they have arguments only."""


def schema_of(kind: str, type_name: str) -> Schema | None:
    """The schema of a type; `None` where it is not known.

    Args:
        kind: `resource`, `data`, `ephemeral` or `provider`.
        type_name: Terraform type; for a provider its name.
    """
    if kind == PROVIDER:
        return _table().get(PROVIDER) if type_name == "aws" else None
    name = type_name if kind == "resource" else f"{kind}.{type_name}"
    return _BUILT_IN.get(name) or _table().get(name)


@cache
def _table() -> Mapping[str, Schema]:
    found: dict[str, Schema] = {}
    for line in _TABLE.read_text(encoding="ascii").splitlines():
        if line.startswith("#"):
            continue
        name, *words = line.split(" ")
        arguments = frozenset(word[1:] for word in words if word.startswith("!"))
        found[name] = Schema(frozenset(words) - {f"!{path}" for path in arguments}, arguments)
    return found
