"""The checker of certificates: that no request is left, recomputed from the policies alone.

It knows nothing of how proofs are found; `revet.iam.prove.certificates` describes their form and
what a request is, `revet.iam.claims` finds what has to be proved.
What is not known counts for the request, but is the same each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, reduce
from itertools import chain, islice, product
from operator import or_
from typing import Any, NamedTuple, TypeAlias

from revet.iam import value_sets
from revet.iam.claim_layers import Problem
from revet.iam.claims import read_claim
from revet.iam.compiled.action_sets import ActionSet
from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.policy import CompiledStatement
from revet.iam.globs import Glob
from revet.iam.operators import Kind, Operator, Qualifier
from revet.iam.reference.actions import match_actions
from revet.iam.reference.conditions import condition_key
from revet.iam.reference.services import all_services
from revet.model.errors import InputError

FORM = 2
"""Of the certificates that are checked here."""


class _Test(NamedTuple):
    """A demand on one key; equal ones always say the same. Without kind nobody knows what."""

    key: str
    kind: str
    values: frozenset[Any] = frozenset()
    perhaps: frozenset[value_sets.Pattern] = frozenset()
    unread: frozenset[str] = frozenset()
    negated: bool = False
    missing: bool = False
    qualifier: Qualifier = Qualifier.NONE


_Demand: TypeAlias = tuple[_Test, bool]  # a test that must hold (`True`) or fail
_ACTION, _RESOURCE, _MOST = "Action", "Resource", 16
_ORDERED = (Kind.NUMERIC, Kind.DATE, Kind.IP_ADDRESS)


def check_certificate(certificate: Mapping[str, Any]) -> list[str]:
    """Why a certificate does not prove that there is no such request; empty when it does.

    Args:
        certificate: in the form that `revet.iam.prove.certificates` describes.

    Raises:
        InputError: it is not a certificate of this form, or a policy in it cannot be read.
    """
    try:
        universe, trees = certificate["universe"], list(certificate["proofs"])
        stated, claim = (
            (universe["actions"], universe["sha256"]),
            read_claim(certificate["question"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            "this is not a certificate that can be checked",
            got=f"{type(error).__name__}: {error}",
            expected="`form` 2, with a claim of a known kind",
            do="pass a certificate as it was written",
        ) from error
    if certificate.get("form") != FORM:
        return [f"it has another form than {FORM}"]
    actions = _Actions(claim.actions)
    reasons = [] if stated == actions.stated else [f"the universe is {actions.stated}"]
    reasons += (
        [] if len(trees) == len(claim.problems) else [f"there are {len(claim.problems)} problems"]
    )
    for number, (problem, tree) in enumerate(zip(claim.problems, trees, strict=False)):
        reasons.extend(f"proof {number}:{fault}" for fault in _faults(tree, problem, actions))
    return reasons


class _Actions:
    """The actions that sets tell apart, each a bit; `stated` is what certificates say of them."""

    def __init__(self, sets: set[ActionSet]) -> None:
        patterns = {glob for one in sets for glob in one.globs}
        heads = {_head(glob) for glob in patterns if not glob.is_everything}
        known = [name for name in all_services() if name in heads or None in heads]
        rest = [name for name in all_services() if name not in known][:1]
        names = {name for head in known for name in _known(f"{head}:*")}
        names |= {min(_known(f"{head}:*")) for head in rest}
        strange = [glob.parts for glob in patterns if not match_actions(glob.text)]
        made = ("".join(p if isinstance(p, str) else "x" for p in parts) for parts in strange)
        written = {name for name in made if name.count(":") == 1}
        ordered = sorted(names | written)
        bits = {name: 1 << bit for bit, name in enumerate(ordered)}
        self.all, self.of = (1 << len(ordered)) - 1, dict.fromkeys(sets, 0)
        self.stated = len(ordered), hashlib.sha256("\n".join(ordered).encode()).hexdigest()
        like = {g: names & _known(g.text) if ":" in g.text else names for g in patterns}
        masks = {g: sum(bits[n] for n in like[g] | written if g.matches(n)) for g in patterns}
        for one in sets:
            mask = reduce(or_, (masks[glob] for glob in one.globs), 0)
            self.of[one] = self.all & ~mask if one.negated else mask


def _known(pattern: str) -> set[str]:
    return {str(action).lower() for action in match_actions(pattern)}


def _head(glob: Glob) -> str | None:
    """The service that a pattern of actions names; `None` where there may be several."""
    head, colon, _ = glob.prefix.partition(":")
    return head if colon or glob.is_literal else None


def _faults(tree: object, problem: Problem, actions: _Actions) -> Iterator[str]:
    """What is wrong in a tree: each step has to leave no request out, each leaf to have none."""
    carries, groups, escaped = problem
    given = frozenset((_test(condition), True) for condition in carries)
    waiting: list[Any] = [(tree, "", actions.all, given)]
    while waiting:
        node, at, left, demands = waiting.pop()
        match node:
            case ["closed", str(key)]:
                if (key != _ACTION or left) and not _closed(key, demands):
                    yield f"{at} what is demanded of `{key}` can be met"
            case ["choice", int(number), [*branches]] if 0 <= number < len(groups):
                if len(branches) != len(groups[number]):
                    yield f"{at} group {number} has {len(groups[number])} statements"
                for branch, (name, one) in zip(branches, groups[number].items(), strict=False):
                    found = demands | {(test, True) for test in _tests(one)}
                    waiting.append((branch, f"{at} {name}", left & actions.of[one.actions], found))
            case ["split", str(name), [first, *branches]] if name in escaped:
                tests, inside = _tests(escaped[name]), actions.of[escaped[name].actions]
                if escaped[name].problem or len(branches) != len(tests):
                    yield f"{at} `{name}` has {len(tests)} demands, or perhaps never holds"
                waiting.append((first, f"{at} {name}/0", left & ~inside, demands))
                for number, (branch, test) in enumerate(zip(branches, tests, strict=False), 1):
                    fails = demands | {(test, False)}
                    waiting.append((branch, f"{at} {name}/{number}", left & inside, fails))
                    demands |= {(test, True)}
            case _:
                yield f"{at} `{str(node)[:60]}` is not a tree of this problem"


def _tests(statement: CompiledStatement) -> list[_Test]:
    """What a statement demands beside its action, each once."""
    sets = statement.resources
    surely = frozenset((value_sets.Reading.RESOURCE, glob) for glob in sets.globs)
    perhaps = frozenset((value_sets.Reading.TEXT, glob.loosened()) for glob in sets.perhaps)
    found = [_Test(_RESOURCE, _RESOURCE, surely, perhaps, negated=sets.negated)]
    if sets.is_everything:
        found = []
    return list(dict.fromkeys([*found, *map(_test, statement.conditions)]))


def _test(condition: CompiledCondition) -> _Test:
    if (used := condition.used) is None or condition.problem:
        return _Test(condition.key, "", unread=frozenset(one.text for one in condition.values))
    read = {one.text: _read(used, one.typed) for one in condition.values}
    unread = frozenset(text for text, value in read.items() if value is None)
    values, negated = frozenset(read.values()) - {None}, used.negated
    rest = unread, negated, condition.missing_holds, used.qualifier
    return _Test(condition.key, used.kind, values, frozenset(), *rest)


def _read(used: Operator, typed: Any) -> Any:  # noqa: ANN401 - a value of any kind
    if used.kind is Kind.STRING:
        return value_sets.Reading.TEXT, typed
    if typed is None or used.kind not in (Kind.ARN, *_ORDERED):
        return typed
    arn = used.kind is Kind.ARN
    return value_sets.arn_pattern(typed) if arn else value_sets.range_of(typed, used.relation)


def _closed(key: str, demands: frozenset[_Demand]) -> bool:
    """Whether no resource, or value of a condition key, meets all that is demanded of it."""
    mine = frozenset(one for one in demands if one[0].key == key)
    names = {part.key for test, _ in mine for glob in _globs(test) for part in glob.variables}
    known = [(name, _listed(name, demands)) for name in sorted(names)]
    sure = ((t, holds) for t, holds in demands if t.kind and not (t.qualifier or t.unread))
    given = names & {test.key for test, holds in sure if test.missing is not holds}
    single = (one for one in given if (record := condition_key(one)) and not record.multivalued)
    return _impossible(mine, tuple(one for one in known if one[1])[:2], frozenset(single))


def _globs(test: _Test) -> list[Glob]:
    texts = test.kind in (_RESOURCE, Kind.STRING, Kind.ARN)
    return [glob for _, glob in test.values | test.perhaps] if texts else []


def _without_default(test: _Test) -> set[str]:
    """The keys of the variables in a test that have no default."""
    return {one.key for glob in _globs(test) for one in glob.variables if one.default is None}


def _listed(key: str, demands: frozenset[_Demand]) -> tuple[str, ...]:
    """The only texts that a condition key can have; empty when they are not known."""
    tests = [one for one in demands if one[0].key == key and one[0].kind != _RESOURCE]
    for test, holds in () if any(test.qualifier for test, _ in tests) else tests:
        if test.kind == Kind.STRING and holds is not test.negated and test.missing is not holds:
            globs = [glob for glob in _globs(test) if not glob.is_open]
            spelled = chain.from_iterable(value_sets.spellings(glob) for glob in globs)
            texts = list(islice(spelled, 1 + _MOST))
            if len(texts) <= _MOST and all(glob.is_literal for glob in _globs(test)):
                return tuple(sorted(set(texts)))
    return ()


@lru_cache(maxsize=4096)
def _impossible(
    demands: frozenset[_Demand], listed: tuple[Any, ...], given: frozenset[str]
) -> bool:
    if any(test.kind and (test, not holds) in demands for test, holds in demands):
        return True
    record = next((condition_key(test.key) for test, _ in demands if test.kind != _RESOURCE), None)
    choices = product(*([(name, text) for text in texts] for name, texts in listed))
    return not any(_Leaf(record, dict(known), given).met(demands) for known in choices)


class _Leaf(NamedTuple):
    """What AWS's data has on a key, texts in place of some variables, and which have a value."""

    record: Any
    known: Mapping[str, str]
    given: frozenset[str]

    def met(self, demands: frozenset[_Demand]) -> bool:
        """Whether a resource, and a key that is absent, the empty text or else, meets it all."""
        resource, nulls = (
            {d for d in demands if d[0].kind == kind} for kind in (_RESOURCE, Kind.NULL)
        )
        rest = {one for one in demands if one[0].kind} - resource - nulls
        qualified = {one for one in rest if one[0].qualifier}
        absent, present = (
            all(
                (it in t.values) is holds or (t.unread and it not in t.values) for t, holds in nulls
            )
            for it in (True, False)
        )
        resources = [(True, value_sets.RESOURCES), *self._sets(resource)]
        if not value_sets.some_text(resources, self.known):
            return False
        if absent and all(test.missing is holds for test, holds in qualified):
            missing = all(test.missing is holds for test, holds in rest)
            empty = self.record is None or self.record.type == "String"
            if missing or (empty and self._exists(rest - qualified, empty=True)):
                return True
        if not present or self._exists(rest, empty=False):
            return present
        if not qualified or (self.record is not None and not self.record.multivalued):
            return False
        each = {d for d in qualified if (d[0].qualifier is Qualifier.FOR_ALL_VALUES) is d[1]}
        further = [each | {one} for one in qualified - each] or [each]
        return all(self._exists(some, empty=False) for some in further)

    def _is(self, kind: str) -> bool:
        return self.record is None or kind.upper() in map(str.upper, self.record.types)

    def _exists(self, demands: set[_Demand], *, empty: bool) -> bool:
        """Whether one text meets them, by each kind alone; only String knows the empty text."""
        said = {(t.kind, t.values, t.unread, holds is not t.negated) for t, holds in demands}
        if any((*what, not wanted) in said for *what, wanted in said):
            return False
        by = {kind: self._sets(one for one in demands if one[0].kind == kind) for kind in Kind}
        sets, arns = by[Kind.STRING], by[Kind.ARN]
        coded = by[Kind.BINARY] if empty or self._is(Kind.BINARY) else []
        if not value_sets.some_bytes(coded, empty=empty):
            return False
        if empty:
            return value_sets.some_text(sets, self.known, empty=True)
        if not all(value_sets.some_number(by[one], one) for one in _ORDERED if self._is(one)):
            return False
        texts = value_sets.TEXTS.get(self.record.type if self.record else "")
        sets = sets + by[Kind.BOOL] + ([(True, texts)] if texts else [])
        if not arns or self._is(Kind.ARN):
            return value_sets.some_text(sets + arns, self.known)
        more = ([*arns, (True, value_sets.TEXTS["ARN"])], [(False, value_sets.TEXTS["ARN"])])
        return any(value_sets.some_text([*sets, *one], self.known) for one in more)

    def _sets(self, demands: Iterable[_Demand]) -> list[tuple[bool, frozenset[Any]]]:
        """Where values must lie; anywhere if it is not known, or where a variable has no value."""
        found, demands = [], [*demands]
        holding = (t for t, holds in demands if holds and t.negated and not t.unread)
        given = self.given.union(self.known, *map(_without_default, holding))
        for test, holds in demands:
            wanted, values = holds is not test.negated, test.values
            if wanted and (test.unread or (test.negated and not given >= _without_default(test))):
                continue
            if test.kind == Kind.BOOL:
                if wanted and not self._is(Kind.BOOL):
                    wanted, values = False, frozenset(value_sets.TRUTHS) - values
                values = frozenset(value_sets.TRUTHS[truth] for truth in values)
            found.append((wanted, values | test.perhaps if wanted else values))
        return found
