"""What the sources come to is what Terraform made of them, wherever the plan states a value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import sources as measuring
from revet.plan import load_plan
from revet.plan.expression import Call, Expression, Literal
from revet.plan.source.body import WrittenBlock
from revet.plan.source.symbolic import is_literal, plain

STACKS = measuring.stacks()


def arguments(block: WrittenBlock, path: str) -> Iterator[tuple[str, Expression]]:
    """Path and value of each argument, those of blocks that are alone too."""
    for name in block:
        node = block[name]
        if isinstance(node, list) and len(node) == 1:
            yield from arguments(node[0], f"{path}{name}.0.")
        elif not isinstance(node, (list, WrittenBlock)):
            yield f"{path}{name}", node


def value_of(expression: Expression) -> object:
    """A literal, or the JSON text of one."""
    if isinstance(expression, Call) and expression.name == "jsonencode":
        found: object = json.loads(json.dumps(plain(expression.arguments[0])))
        return found
    return plain(expression)


def alike(written: object, planned: object) -> bool:
    if isinstance(planned, str) and isinstance(written, (dict, list)):
        return bool(json.loads(planned) == written)
    if isinstance(planned, str) and planned[:1] in "{[" and isinstance(written, str):
        return bool(json.loads(planned) == json.loads(written))
    if isinstance(planned, list) and isinstance(written, list):
        return sorted(map(str, planned)) == sorted(map(str, written))
    if isinstance(written, bool) or isinstance(planned, bool):
        return str(written).lower() == str(planned).lower()
    return str(written) == str(planned)


def is_settled(expression: Expression) -> bool:
    if isinstance(expression, Call):
        return expression.name == "jsonencode" and is_literal(expression.arguments[0])
    return is_literal(expression)


@pytest.mark.parametrize("stack", STACKS, ids=lambda path: path.name)
def test_what_the_sources_settle_is_what_was_planned(stack: Path) -> None:
    plan = load_plan(stack / "plan.json", sources=stack)
    compared = 0
    for resource in (*plan.resources.values(), *plan.data.values()):
        block = resource._root.nodes[0]
        assert isinstance(block, WrittenBlock)
        for path, expression in arguments(block, ""):
            head = path.partition(".")[0]
            if head in ("count", "for_each", "depends_on", "lifecycle", "provider"):
                continue
            planned = resource.stated(path)
            if planned is None or expression == Literal(None) or not is_settled(expression):
                continue  # for null the provider may have a value of its own
            compared += 1
            assert alike(value_of(expression), planned), f"{resource.address}.{path}"
    assert compared > 5
