"""No dictionary ever stands where cdktn would drop its keys."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from revet.constructs.blocks import blocks
from revet.model.errors import ArgumentError

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("src/revet/constructs", "src/revet/blueprints", "lib")
    for path in (ROOT / folder).rglob("*.py")
)


def provider_classes(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cdktn_provider_")
        for alias in node.names
    }


def offences(source: str) -> list[int]:
    """Lines at which a call of a provider class, or of `blocks`, holds a dictionary in a list."""
    tree = ast.parse(source)
    classes = provider_classes(tree)
    found = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        if call.func.id == "blocks":
            lists: list[ast.expr] = given
        elif call.func.id in classes:
            held = (ast.List, ast.Tuple, ast.ListComp, ast.GeneratorExp)
            lists = [
                item
                for value in given
                for node in ast.walk(value)
                if isinstance(node, held)
                for item in (node.elts if isinstance(node, ast.List | ast.Tuple) else [node.elt])
            ]
        else:
            continue
        found += [item.lineno for item in lists if is_dictionary(item)]
    return found


def is_dictionary(node: ast.expr) -> bool:
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return isinstance(node, ast.Dict | ast.DictComp) or (
        called and node.func.id == "dict"  # type: ignore[attr-defined]
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_our_sources_hold_none(path: Path) -> None:
    assert offences(path.read_text()) == []


@pytest.mark.parametrize(
    "call",
    [
        'Trail(s, "x", event_selector=[{"a_b": 1}])',
        'Trail(s, "x", event_selector=[dict(a_b=1)])',
        'Trail(s, "x", event_selector=[{"a_b": n} for n in y])',
        'Trail(s, "x", rule=Rule(filter=[{"a_b": 1}]))',
        'Trail(s, "x", rule=blocks({"a_b": 1}))',
    ],
)
def test_the_lint_finds_them(call: str) -> None:
    assert offences(f"from cdktn_provider_aws.t import Trail, Rule\n{call}") != []


def test_the_lint_lets_the_rest_pass() -> None:
    source = 'from cdktn_provider_aws.t import Trail\nTrail(s, "x", tags={"a_b": "c"}, d=[Rule()])'
    assert offences(source) == []


def test_a_list_of_blocks_refuses_a_dictionary() -> None:
    assert blocks("a", "b") == ["a", "b"]
    with pytest.raises(ArgumentError, match="class"):
        blocks({"a_b": 1})
