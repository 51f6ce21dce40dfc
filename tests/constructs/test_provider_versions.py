"""Nothing is emitted that version 5.100 of the AWS provider does not know."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

ONLY_6 = tomllib.loads((Path(__file__).parent / "provider_6_only.toml").read_text())
GOLDEN = Path(__file__).parents[1] / "golden" / "tap"
# Where `region` is no argument of the resource's own in 5.100 either.
FREE_FORM = {"tags", "default_tags", "//"}


def keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in FREE_FORM:
                yield key
                yield from keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from keys(item)


def offences(configuration: Mapping[str, Any]) -> list[str]:
    found = []
    for kind in ("resource", "data"):
        for type_name, instances in configuration.get(kind, {}).items():
            forbidden = {*ONLY_6["every_resource"], *ONLY_6["types"].get(type_name, ())}
            found += [
                f"{type_name}.{name}: {key}"
                for name, body in instances.items()
                for key in keys(body)
                if key in forbidden
            ]
    return found


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_the_tap_stack_emits_nothing_of_6_only(path: Path) -> None:
    configuration = json.loads(path.read_text())
    assert configuration["terraform"]["required_providers"]["aws"]["version"] == ">= 5.100, < 7"
    assert offences(configuration) == []
    assert "data.aws_region." not in path.read_text()


@pytest.mark.parametrize(
    ("type_name", "key"),
    [(name, key) for name, listed in ONLY_6["types"].items() for key in listed]
    + [("aws_vpc", "region")],
)
def test_the_table_rejects(type_name: str, key: str) -> None:
    nested = {"resource": {type_name: {"n": {"block": [{key: 1}], "tags": {key: "x"}}}}}
    assert offences(nested) == [f"{type_name}.n: {key}"]
