"""Statements of policies as demands on a request."""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.compiled.policy import CompiledStatement
from revet.iam.prove.literals import Bounds, of_condition, of_resources
from revet.iam.prove.search import Conjunct
from revet.iam.prove.universe import Universe


def may_hold(name: str, statement: CompiledStatement, universe: Universe) -> Conjunct:
    """The statement wherever it may hold.

    Args:
        name: what it is called.
        statement: the statement; its principals are not looked at.
        universe: the actions.
    """
    wanted = [bounds.may for bounds in _demands(statement)]
    literals = tuple(dict.fromkeys(literal for literal in wanted if literal is not None))
    return Conjunct(name, universe.bits(statement.actions), literals)


def must_hold(name: str, statement: CompiledStatement, universe: Universe) -> Conjunct | None:
    """The statement where it surely holds; `None` when it nowhere does.

    Args:
        name: what it is called.
        statement: the statement; its principals are not looked at.
        universe: the actions.
    """
    wanted = [bounds.must for bounds in _demands(statement)]
    literals = tuple(dict.fromkeys(literal for literal in wanted if literal is not None))
    if statement.problem or None in wanted:
        return None
    return Conjunct(name, universe.bits(statement.actions), literals)


def _demands(statement: CompiledStatement) -> Iterator[Bounds]:
    if not any(glob.is_everything for glob in statement.resources.globs) or (
        statement.resources.negated
    ):
        yield of_resources(statement.resources)
    yield from map(of_condition, statement.conditions)
