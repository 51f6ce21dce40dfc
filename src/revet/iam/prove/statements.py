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
    found = [bounds.may for bounds in _demands(statement) if bounds.may is not None]
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def _must(statement: CompiledStatement) -> tuple[Literal, ...] | None:
    if statement.problem:
        return None
    found: list[Literal] = []
    for bounds in _demands(statement):
        if bounds.must is None:
            return None
        found.append(bounds.must)
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def _demands(statement: CompiledStatement) -> list[Bounds]:
    resources = statement.resources
    found = [] if resources.is_everything else [of_resources(resources)]
    for condition in statement.conditions:
        found.append(of_condition(condition))  # noqa: PERF401 - mostly there is one or none
    return found
