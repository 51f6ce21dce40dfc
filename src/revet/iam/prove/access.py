"""What policies allow, as problems for the search.

A request is allowed in one of several ways; in each, one statement of each of some layers must
allow, and no statement may deny.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from revet.iam.compiled.policy import CompiledStatement
from revet.iam.prove.literals import Literal
from revet.iam.prove.search import Conjunct, Problem
from revet.iam.prove.statements import may_hold, must_hold
from revet.iam.prove.universe import Universe


class Named(NamedTuple):
    """One statement with its name.

    Args:
        name: what it is called in proofs.
        statement: the statement.
        sure: whether it surely names the principal.
    """

    name: str
    statement: CompiledStatement
    sure: bool = True


Group = tuple[Named, ...]


class Access(NamedTuple):
    """What some policies allow one principal.

    Args:
        ways: in which a request can be allowed; each a group of statements a layer, of which one
            has to allow.
        denies: the statements that deny.
    """

    ways: tuple[tuple[Group, ...], ...]
    denies: Group = ()

    @property
    def statements(self) -> Iterator[CompiledStatement]:
        """All statements."""
        for named in self.denies:
            yield named.statement
        for way in self.ways:
            for group in way:
                for named in group:
                    yield named.statement


class Question(NamedTuple):
    """Is there a request that is allowed here and not there?

    Args:
        allowed: the policies that must allow it.
        beyond: the policies that must not allow it; `None` when it is allowed in any case.
        about: groups of statements, of each of which one must hold, whatever its effect: what the
            question is about.
        outside: statements of which none may hold, whatever its effect.
        literals: what the request must meet beside.
    """

    allowed: Access
    beyond: Access | None = None
    about: tuple[Group, ...] = ()
    outside: Group = ()
    literals: tuple[Literal, ...] = ()

    def universe(self) -> Universe:
        """The actions that it tells apart."""
        statements = [*self.allowed.statements, *(self.beyond.statements if self.beyond else ())]
        groups = (*self.about, self.outside)
        statements += [named.statement for group in groups for named in group]
        return Universe([statement.actions for statement in statements])

    def problems(self, universe: Universe, *, most: bool) -> Iterator[Problem]:
        """The problems of which one has a solution when there is such a request.

        One with an empty group has none, and is left out.

        Args:
            universe: the actions.
            most: whether statements of which it is not known whether they hold count in favour of
                such a request; otherwise they count against it.
        """
        for problem in self._problems(universe, most=most):
            if all(problem.groups):
                yield problem

    def _problems(self, universe: Universe, *, most: bool) -> Iterator[Problem]:
        make = _Maker(universe)
        about = tuple([make.group(group, most=most) for group in self.about])
        denies = make.escaped((*self.allowed.denies, *self.outside), most=not most)
        for way in self.allowed.ways:
            groups = (*about, *[make.group(group, most=most) for group in way])
            if self.beyond is None:
                yield Problem(universe.all, groups, denies, self.literals)
                continue
            for deny in make.group(self.beyond.denies, most=most):
                yield Problem(universe.all, (*groups, (deny,)), denies, self.literals)
            for chosen in product(*self.beyond.ways):
                allows = {
                    one.name: one for group in chosen for one in make.escaped(group, most=not most)
                }
                yield Problem(universe.all, groups, (*denies, *allows.values()), self.literals)


class _Maker:
    """Makes the demands of statements."""

    def __init__(self, universe: Universe) -> None:
        self._universe = universe

    def group(self, group: Iterable[Named], *, most: bool) -> tuple[Conjunct, ...]:
        """Those that may hold, each wherever it may; or only where they surely do."""
        found = self.escaped(group, most=most)
        return found if most else tuple([one for one in found if one.literals is not None])

    def escaped(self, group: Iterable[Named], *, most: bool) -> tuple[Conjunct, ...]:
        """As `group`; among those that only count where they surely hold, some never may."""
        universe = self._universe
        if most:
            return tuple([may_hold(one.name, one.statement, universe) for one in group])
        return tuple([must_hold(one.name, one.statement, universe) for one in group if one.sure])
