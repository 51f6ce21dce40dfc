"""The plans in the repository: one of the good stack, and what differs from it by mutation.

`<blueprint>/plans/good.json` and `<blueprint>/plans/<ROW>.json`, each with the hash of the sources
that it was planned from. Written by `python -m scripts.make_mutation_plans`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.mutations.difference import difference, restored
from tests.mutations.mutation import Mutation, Suite, load_suite, mutate
from tests.mutations.sources import Json, Sources

GOOD = "good"
MAKE = "python -m scripts.make_mutation_plans"


@cache
def _read(path: Path) -> Json:
    content: Json = json.loads(path.read_text(encoding="utf-8"))
    return content


def stored(suite: Suite, row: str) -> Json:
    """The content of a file of plans; empty when there is none."""
    path = suite.folder / "plans" / f"{row}.json"
    return _read(path) if path.exists() else {}


def stored_plan(suite: Suite, mutation: Mutation) -> Json:
    """The plan of a mutated stack, as it stands in the repository.

    Raises:
        KeyError: it was never made.
    """
    found = stored(suite, mutation.row)[mutation.id]
    plan: Json = restored(stored(suite, GOOD)["plan"], found)
    return plan


def stale(suite: Suite) -> tuple[str, ...]:
    """Ids of the plans that are missing, or were made from other sources; `good` is one of them."""
    hashes = hashes_of(suite.name)
    found = [GOOD] if stored(suite, GOOD).get("sources") != hashes[GOOD] else []
    for mutation in suite.changes:
        known = stored(suite, mutation.row).get(mutation.id, {})
        if found[:1] == [GOOD] or known.get("sources") != hashes[mutation.id]:
            found.append(mutation.id)
    return tuple(found)


@cache
def hashes_of(name: str) -> Mapping[str, str]:
    """Id to the hash of the sources of each mutation of a suite, and of the good stack."""
    suite = load_suite(name)
    changed = {one.id: mutate(suite.good, one).sha256 for one in suite.changes}
    return {GOOD: suite.good.sha256, **changed}


def sources_of(suite: Suite, names: tuple[str, ...]) -> dict[str, Sources]:
    """Id to what is to be planned."""
    by_id = {mutation.id: mutation for mutation in suite.changes}
    return {name: suite.good if name == GOOD else mutate(suite.good, by_id[name]) for name in names}


def store(suite: Suite, plans: Mapping[str, Json]) -> None:
    """Write plans that were made anew; those of mutations that are gone leave the files."""
    folder = suite.folder / "plans"
    folder.mkdir(exist_ok=True)
    if GOOD in plans:
        _write(suite, GOOD, {"sources": suite.good.sha256, "plan": plans[GOOD]})
    good = plans.get(GOOD) or stored(suite, GOOD)["plan"]
    rows = dict.fromkeys(mutation.row for mutation in suite.changes)
    for row in rows:
        content = {}
        for mutation in suite.changes:
            if mutation.row != row:
                continue
            if mutation.id in plans:
                hashed = mutate(suite.good, mutation).sha256
                found = difference(good, plans[mutation.id])
                content[mutation.id] = {"sources": hashed, **found}
            else:
                content[mutation.id] = stored(suite, row)[mutation.id]
        _write(suite, row, content)
    for path in folder.glob("*.json"):
        if path.stem not in {GOOD, *rows}:
            path.unlink()


def _write(suite: Suite, row: str, content: Json) -> None:
    text = json.dumps(content, indent=1, sort_keys=True) + "\n"
    (suite.folder / "plans" / f"{row}.json").write_text(text, encoding="utf-8")
