"""Checks of where a construct is put, and of the constructs that it is given.

They come before the first child exists, like those of plain arguments: jsii answers a wrong object,
an id that is taken or a reference across stacks late, and in words of its own.
"""

from __future__ import annotations

import re

from constructs import Construct

from revet.constructs.arguments import refuse
from revet.constructs.context import Context

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def check_scope(scope: object, construct_id: object) -> Construct:
    """Check that a child of this id can be made in a scope.

    Args:
        scope: a stack or a construct.
        construct_id: id of the child.

    Raises:
        ArgumentError: the scope is no construct, or the id is no text, empty or taken.
    """
    if not isinstance(scope, Construct):
        refuse("scope", scope, "a stack, or a construct in it", "pass `self` of the stack")
    if not isinstance(construct_id, str) or not construct_id or "/" in construct_id:
        refuse("construct_id", construct_id, "a text without `/`", "name the construct")
    if scope.node.try_find_child(construct_id) is not None:
        refuse(
            "construct_id",
            construct_id,
            f"an id that is not taken in `{scope.node.path or 'the app'}`",
            "take another id",
        )
    return scope


def place(scope: object, construct_id: object) -> Context:
    """Check where one of our constructs is put.

    Its id becomes the middle of names, so that it must follow their convention.

    Args:
        scope: the stack, or a construct in it.
        construct_id: id of the construct.

    Returns:
        The context of the stack.

    Raises:
        ArgumentError: as `check_id`, or the stack has no context.
    """
    return Context.of(check_id(scope, construct_id))


def check_id(scope: object, construct_id: object) -> Construct:
    """Check the id of one of our constructs, of which names are made.

    Args:
        scope: a stack or a construct.
        construct_id: id of the construct.

    Raises:
        ArgumentError: as `check_scope`, or the id is not made of a-z, 0-9 and inner hyphens.
    """
    checked = check_scope(scope, construct_id)
    if not isinstance(construct_id, str) or not _ID.fullmatch(construct_id):
        refuse(
            "construct_id",
            construct_id,
            "`a-z`, `0-9` and inner hyphens, since names are made of it",
            "write it in lower case with hyphens",
        )
    return checked


def check_construct(argument: str, value: object, kind: type[Construct], context: Context) -> None:
    """Check that an argument is a construct of some class in the same stack.

    Args:
        argument: its name.
        value: what was given.
        kind: the class.
        context: of the stack that refers to it.

    Raises:
        ArgumentError: it is something else, or belongs to another stack.
    """
    noun = f"`{kind.__module__.split('.')[2]}.{kind.__name__}`"
    if not isinstance(value, kind):
        refuse(argument, value, f"a {noun}", f"make a {noun} and pass it, not its name or ARN")
    if Context.of(value) is not context:
        refuse(
            argument,
            value.node.path,
            f"a {noun} of the stack `{context.node.path.partition('/')[0]}`",
            "make one in this stack; between stacks pass outputs",
        )
