"""Mutations of a policy's JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from tests.fuzz.attempt import InapplicableError
from tests.fuzz.trees import Steps, at, places, put
from tests.fuzz.value_kinds import DEEP, HUGE, VALUE_KINDS, ValueKind, nested

Draw = random.Random
_ELEMENTS = (
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource",
    "Condition",
)  # fmt: skip
_WORDS = (
    "*", "?", "", ":", "s3:*", "s3:Get*Obj?ct", "iam:PassRole", "*:*", "arn:", "arn:aws:s3:::b/*",
    "${", "${}", "${aws:username}", "${aws:username, 'x'}", "${aws_kms_key.data.arn}", "AWS",
    "111122223333", "lambda.amazonaws.com", "ForAllValues:StringLikeIfExists", "Null", "Bool",
    "10.0.0.0/99", "2024-02-31T25:61:61Z", "1e400", "Allow", "Deny", "2012-10-17",
)  # fmt: skip


def _tree(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text)
    except RecursionError as error:
        raise InapplicableError from error


def _spot(draw: Draw, tree: Any, takes: Callable[[Any], bool]) -> Steps:  # noqa: ANN401 - JSON
    found = [steps for steps in places(tree) if takes(at(tree, steps))]
    if not found:
        raise InapplicableError
    return draw.choice(found)


def _of_value(kind: ValueKind) -> Callable[[Draw, str], str]:
    def change(draw: Draw, text: str) -> str:
        tree = _tree(text)
        steps = _spot(draw, tree, kind.takes)
        old = at(tree, steps)
        new = kind.change(draw, old)
        put(tree, steps, new)
        made = json.dumps(tree, ensure_ascii=draw.random() < 1 / 2)
        if new == HUGE:
            made = made.replace(json.dumps(HUGE), "9" * draw.choice((20, 400, 5000)))
        if new == DEEP:
            made = made.replace(json.dumps(DEEP), nested(draw, json.dumps(old)))
        return made

    return change


def _without(draw: Draw, text: str) -> str:
    """An element is gone."""
    tree = _tree(text)
    steps = _spot(draw, tree, lambda _: True)
    del at(tree, steps[:-1])[steps[-1]]
    return json.dumps(tree)


def _renamed(draw: Draw, text: str) -> str:
    """An element has another name."""
    tree = _tree(text)
    steps = _spot(draw, tree, lambda value: isinstance(value, dict) and bool(value))
    node = at(tree, steps)
    name = draw.choice(sorted(node))
    new = draw.choice((*_ELEMENTS, *_WORDS, name.lower(), name.upper(), f"{name} "))
    put(tree, steps, {new if key == name else key: value for key, value in node.items()})
    return json.dumps(tree)


def _twice(draw: Draw, text: str) -> str:
    """An element is there twice, once empty."""
    tree = _tree(text)
    steps = _spot(draw, tree, lambda value: isinstance(value, dict) and bool(value))
    name = draw.choice(sorted(at(tree, steps)))
    mark = json.dumps("@twice@")
    node = at(tree, steps)
    empty = draw.choice(("[]", "{}", "null", '""', "true"))
    put(tree, steps, {"@twice@": 0, **node} if draw.random() < 1 / 2 else {**node, "@twice@": 0})
    return json.dumps(tree).replace(f"{mark}: 0", f"{json.dumps(name)}: {empty}")


def _word(draw: Draw, text: str) -> str:
    """A text is another word of policies, or has one in it."""
    tree = _tree(text)
    steps = _spot(draw, tree, lambda value: isinstance(value, str))
    old = at(tree, steps)
    place = draw.randint(0, len(old))
    word = draw.choice(_WORDS)
    put(tree, steps, draw.choice((word, old[:place] + word + old[place:])))
    return json.dumps(tree)


def _moved(draw: Draw, text: str) -> str:
    """A value of another place."""
    tree = _tree(text)
    steps, other = (_spot(draw, tree, lambda _: True) for _ in range(2))
    put(tree, steps, json.loads(json.dumps(at(tree, other))))
    return json.dumps(tree)


def _wildcards(draw: Draw, text: str) -> str:
    """Texts with very many wildcards."""
    tree = _tree(text)
    steps = _spot(draw, tree, lambda value: isinstance(value, str))
    pattern = draw.choice(("*?", "*a", "?*?", "*???*", "a*b?")) * draw.choice((5, 40, 300))
    put(tree, steps, draw.choice((pattern, [f"s3:{pattern}{n}" for n in range(10)])))
    return json.dumps(tree)


def _many(draw: Draw, text: str) -> str:
    """Very many statements, or one very long list."""
    tree = _tree(text)
    steps = _spot(draw, tree, lambda value: isinstance(value, list) and bool(value))
    put(tree, steps, at(tree, steps) * draw.choice((10, 60)))
    return json.dumps(tree)


def _ill(draw: Draw, text: str) -> str:
    """An element of a denial is of another kind, so that nobody can read it."""
    tree = _tree(text)
    found = tree["Statement"]
    statements = found if isinstance(found, list) else [found]
    denials = [one for one in statements if isinstance(one, dict) and one.get("Effect") == "Deny"]
    if not denials:
        raise InapplicableError
    statement = draw.choice(denials)
    name = draw.choice([name for name in _ELEMENTS if name in statement and name != "Sid"])
    statement[name] = draw.choice((None, True, False, 0, 1.5, [None], [[]], {"x": 1}, [{}], "\x00"))
    return json.dumps(tree)


def _unread(draw: Draw, text: str) -> str:
    """The statements are of another kind, or deeper than they may be."""
    tree = _tree(text)
    old = tree["Statement"]
    tree["Statement"] = draw.choice(
        (None, True, "x", 0, json.dumps(old), {"0": old}, [old], [[old]])
    )
    return json.dumps(tree)


ILL_TYPED = ("a denial of another kind", "statements of another kind")
POLICY_KINDS: dict[str, Callable[[Draw, str], str]] = {
    **{name: _of_value(kind) for name, kind in VALUE_KINDS.items()},
    "an element is gone": _without,
    "another name": _renamed,
    "an element twice": _twice,
    "another word": _word,
    "a value of another place": _moved,
    "wildcards": _wildcards,
    "very many": _many,
    "a denial of another kind": _ill,
    "statements of another kind": _unread,
}
