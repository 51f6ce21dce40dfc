"""Whether a request can meet one statement of each group and escape others; if so, which.

Of each group one statement is chosen in turn. A request escapes a statement when its action is none
of the statement's or one literal of the statement does not hold. What each statement leaves open is
narrowed down first; then one is chosen and each way out of it tried. Every branch that ends is
closed by one key whose demands nothing meets: the tree of these is the proof that there is no
request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from revet.iam.prove.cells import Literals, can_hold, has_value
from revet.iam.prove.literals import Literal
from revet.iam.prove.words import TooHardError
from revet.model.work import spend

ACTION = "Action"
MOST_BRANCHES = 20_000


class Conjunct:
    """One statement as demands on a request, which are read when they are first asked for.

    Of most statements of a large policy no request of a problem has an action.

    Args:
        name: which statement it is.
        actions: its actions as bits.
        read: gives its other demands; `None` for a statement that holds nowhere.
    """

    __slots__ = ("_literals", "_read", "actions", "name")

    def __init__(
        self, name: str, actions: int, read: Callable[[], tuple[Literal, ...] | None]
    ) -> None:
        self.name = name
        self.actions = actions
        self._read: Callable[[], tuple[Literal, ...] | None] | None = read
        self._literals: tuple[Literal, ...] | None = None

    @property
    def literals(self) -> tuple[Literal, ...] | None:
        """Its other demands; `None` for a statement that holds nowhere."""
        if self._read is not None:
            self._literals = self._read()
            self._read = None
        return self._literals


@dataclass(frozen=True, slots=True)
class Closed:
    """A branch without a request: nothing meets the demands on one key."""

    key: str


class Split(NamedTuple):
    """The ways out of one statement.

    Args:
        name: the statement.
        ways: what becomes of each: first of another action, then of each literal that does not
            hold while the ones before it do.
    """

    name: str
    ways: tuple[Proof, ...]


class Choice(NamedTuple):
    """The statements of a group, of which one must hold.

    Args:
        group: the place of the group in the problem.
        ways: what becomes of each statement.
    """

    group: int
    ways: tuple[Proof, ...]


Proof: TypeAlias = Closed | Split | Choice
_NOTHING: Literals = frozenset()
_NO_ACTION = Closed(ACTION)


class Problem(NamedTuple):
    """What is looked for.

    Args:
        actions: the actions that the request may have, as bits.
        groups: of each of them one statement must hold.
        escaped: the statements that must not hold.
        literals: what the request must meet beside.
    """

    actions: int
    groups: tuple[tuple[Conjunct, ...], ...]
    escaped: tuple[Conjunct, ...]
    literals: tuple[Literal, ...] = ()


class Found(NamedTuple):
    """The demands that a request meets.

    Args:
        actions: its possible actions as bits.
        demands: by key.
    """

    actions: int
    demands: Mapping[str, Literals]


class _State(NamedTuple):
    """What is demanded so far.

    Args:
        actions: the actions that are left.
        demands: by key.
        named: the keys that variables of the demands name.
    """

    actions: int
    demands: Mapping[str, Literals]
    named: frozenset[str]

    def adding(self, literal: Literal) -> _State | Closed:
        """As this, with one literal more."""
        key = literal.key
        before = self.demands.get(key, _NOTHING)
        if literal in before:
            return self
        named = self.named | literal.variables if literal.variables else self.named
        after = before | {literal}
        demands = {**self.demands, key: after}
        if not (has_value(after, demands) if before or literal.variables else can_hold(literal)):
            return Closed(key)
        for other, literals in demands.items() if key in named else ():
            touched = other != key and any(key in one.variables for one in literals)
            if touched and not has_value(literals, demands):
                return Closed(other)
        return _State(self.actions, demands, named)

    def excludes(self, literal: Literal) -> bool:
        """Whether a literal cannot hold beside what is demanded."""
        key = literal.key
        if key not in self.demands and not literal.variables and key not in self.named:
            return not can_hold(literal)
        return isinstance(self.adding(literal), Closed)

    def among(self, actions: int) -> _State | Closed:
        """As this, for fewer actions."""
        left = self.actions & actions
        return _State(left, self.demands, self.named) if left else _NO_ACTION


def search(problem: Problem, most: int = MOST_BRANCHES) -> Found | Proof:
    """Look for a request.

    Args:
        problem: what is looked for.
        most: how many branches are worth looking at.

    Returns:
        What a request meets, or the proof that there is none.

    Raises:
        TooHardError: it is not worth looking on.
    """
    state = _State(-1, {}, frozenset()).among(problem.actions)
    state = _meeting(state, problem.literals)
    if isinstance(state, Closed):
        return state
    return _Search(most).begin(state, problem)


def _holding(state: _State, conjunct: Conjunct) -> _State | Closed:
    """As a state, where a statement of a group holds."""
    among = state.among(conjunct.actions)
    if isinstance(among, Closed):
        return among
    literals = conjunct.literals
    if literals is None:
        msg = "a statement of a group holds somewhere"
        raise TypeError(msg)
    return _meeting(among, literals)


def _meeting(state: _State | Closed, literals: Iterable[Literal]) -> _State | Closed:
    for literal in literals:
        if isinstance(state, Closed):
            return state
        state = state.adding(literal)
    return state


class _Open(NamedTuple):
    """A statement with what becomes of each way out of it.

    Args:
        conjunct: the statement.
        literals: what it demands.
        ways: a state each, or how it is closed.
        left: how many are open.
    """

    conjunct: Conjunct
    literals: tuple[Literal, ...]
    ways: list[_State | Closed]
    left: int


class _Search:
    """One search; counts its branches.

    Args:
        most: how many there may be.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._branches = 0

    def _count(self) -> None:
        self._branches += 1
        if self._branches > self._most:
            raise TooHardError

    def begin(self, state: _State, problem: Problem) -> Found | Proof:
        """Escape what holds for all actions as far as there is but one way, then choose.

        A guardrail bears on every statement of a group alike: so it is escaped once.
        """
        everywhere = [one for one in problem.escaped if not state.actions & ~one.actions]
        if not everywhere or not problem.groups:
            return self.choose(state, list(enumerate(problem.groups)), problem.escaped)
        narrowed = _narrowed(state, everywhere)
        if not isinstance(narrowed, _Narrowed):
            return narrowed
        gone = set(everywhere).difference([one.conjunct for one in narrowed.left])
        escaped = [one for one in problem.escaped if one not in gone]
        found = self.choose(narrowed.state, list(enumerate(problem.groups)), escaped)
        return found if isinstance(found, Found) else _chained(narrowed.taken, found)

    def choose(
        self,
        state: _State,
        groups: Sequence[tuple[int, tuple[Conjunct, ...]]],
        escaped: Sequence[Conjunct],
    ) -> Found | Proof:
        """Choose a statement of each group, then escape the others."""
        if not groups:
            return self.escape(state, escaped)
        self._count()
        place, group = groups[0]
        if len(groups) > 1:
            place, group = min(groups, key=lambda one: _overlapping(state, one[1]))
        rest = [one for one in groups if one[0] != place]
        ways: list[Proof] = []
        for conjunct in group:
            held = _holding(state, conjunct)
            found = held if isinstance(held, Closed) else self.choose(held, rest, escaped)
            if isinstance(found, Found):
                return found
            ways.append(found)
        return Choice(place, tuple(ways))

    def escape(self, state: _State, escaped: Sequence[Conjunct]) -> Found | Proof:
        """Escape statements."""
        self._count()
        narrowed = _narrowed(state, escaped)
        if not isinstance(narrowed, _Narrowed):
            return narrowed
        state, left, taken = narrowed
        if not left:
            return Found(state.actions, state.demands)
        chosen = min(left, key=lambda one: one.left)
        rest = [one.conjunct for one in left if one is not chosen]
        proofs: dict[int, Proof] = {}
        for place, way in _apart(state, chosen):
            found_or_proof = self.escape(way, rest) if isinstance(way, _State) else way
            if isinstance(found_or_proof, Found):
                return found_or_proof
            proofs[place] = found_or_proof
        return _chained(taken, _split(chosen, proofs))


class _Narrowed(NamedTuple):
    """What is left after all statements with one way out.

    Args:
        state: what is demanded then.
        left: the statements with several ways out.
        taken: the others, each with the place of its way.
    """

    state: _State
    left: list[_Open]
    taken: list[tuple[_Open, int]]


def _narrowed(state: _State, escaped: Iterable[Conjunct]) -> _Narrowed | Proof:
    """Take each way out that is the only one; the proof, when a statement has none."""
    taken: list[tuple[_Open, int]] = []
    while True:
        before = len(taken)
        left: list[_Open] = []
        for conjunct in escaped:
            found = _ways_out(state, conjunct)
            if found is None:
                continue
            if not found.left:
                return _chained(taken, _split(found, {}))
            if found.left > 1:
                left.append(found)
                continue
            place = next(at for at, way in enumerate(found.ways) if isinstance(way, _State))
            taken.append((found, place))
            state = _after(found, place)
        if len(taken) == before:
            return _Narrowed(state, left, taken)
        escaped = [one.conjunct for one in left]


def _overlapping(state: _State, group: Sequence[Conjunct]) -> int:
    return sum(bool(conjunct.actions & state.actions) for conjunct in group)


def _ways_out(state: _State, conjunct: Conjunct) -> _Open | None:
    """The ways out of a statement; `None` when it cannot hold anyway."""
    if not conjunct.actions & state.actions:
        return None
    literals = conjunct.literals
    if literals is None:
        return None
    spend(1 + len(literals))
    other = state.among(~conjunct.actions)
    ways: list[_State | Closed] = [other]
    left = 0 if other is _NO_ACTION else 1
    for literal in literals:
        if literal in state.demands.get(literal.key, _NOTHING):
            ways.append(Closed(literal.key))
        elif state.excludes(literal):
            return None
        else:
            way = state.adding(literal.negation())
            ways.append(way)
            left += isinstance(way, _State)
    return _Open(conjunct, literals, ways, left)


def _after(found: _Open, place: int) -> _State:
    way = found.ways[place]
    if isinstance(way, Closed):
        msg = "a closed way has no state"
        raise TypeError(msg)
    return way


def _apart(state: _State, found: _Open) -> Iterator[tuple[int, _State | Closed]]:
    """The open ways without what earlier ones cover: in each the demands of those before hold."""
    if isinstance(found.ways[0], _State):
        yield 0, found.ways[0]
    held: _State | Closed = state.among(found.conjunct.actions)
    for place, literal in enumerate(found.literals, 1):
        if isinstance(held, Closed):
            yield place, held
            continue
        if isinstance(found.ways[place], _State):
            yield place, held.adding(literal.negation())
        held = held.adding(literal)


def _split(found: _Open, proofs: Mapping[int, Proof]) -> Split:
    ways: list[Proof] = []
    for place, way in enumerate(found.ways):
        ways.append(way if isinstance(way, Closed) else proofs[place])
    return Split(found.conjunct.name, tuple(ways))


def _chained(taken: Sequence[tuple[_Open, int]], proof: Proof) -> Proof:
    for found, place in reversed(taken):
        proof = _split(found, {place: proof})
    return proof
