"""Statements of policies as demands on a request."""

from __future__ import annotations

from functools import partial

from revet.iam.compiled.policy import CompiledStatement
from revet.iam.prove.literals import Bounds, Literal, of_condition, of_resources
from revet.iam.prove.search import Conjunct
from revet.iam.prove.universe import Universe


def may_hold(name: str, statement: CompiledStatement, universe: Universe) -> Conjunct:
    """The statement wherever it may hold.

    Args:
        name: what it is called.
        statement: the statement; its principals are not looked at.
        universe: the actions.
    """
    return Conjunct(name, universe.bits(statement.actions), partial(_may, statement))


def must_hold(name: str, statement: CompiledStatement, universe: Universe) -> Conjunct:
    """The statement where it surely holds; without literals when it nowhere does.

    Args:
        name: what it is called.
        statement: the statement; its principals are not looked at.
        universe: the actions.
    """
    return Conjunct(name, universe.bits(statement.actions), partial(_must, statement))


def _may(statement: CompiledStatement) -> tuple[Literal, ...]:
    wanted = dict.fromkeys([bounds.may for bounds in _demands(statement)])
    return tuple([literal for literal in wanted if literal is not None])


def _must(statement: CompiledStatement) -> tuple[Literal, ...] | None:
    if statement.problem:
        return None
    found: dict[Literal, None] = {}
    for bounds in _demands(statement):
        if bounds.must is None:
            return None
        found[bounds.must] = None
    return tuple(found)


def _demands(statement: CompiledStatement) -> list[Bounds]:
    found = [of_condition(condition) for condition in statement.conditions]
    resources = statement.resources
    if resources.negated or not any(glob.is_everything for glob in resources.globs):
        found.insert(0, of_resources(resources))
    return found
