"""Asks the prover and z3 the same questions and writes what they took; started by `prove`.

    python benchmarks/prove_pairs.py SAMPLE

`SAMPLE` is `random`, `large` for random policies of many statements, or `aws` for AWS's own
policies, which `REVET_ORACLES` names. All are asked about a few pairs in turn, so that what else
the machine does meets all, and the first one is asked last about the next pairs: whoever is first
reads AWS's data of a service and the patterns, which stay in memory for the others. Nobody is asked
between two of another's pairs: each would find the processor's memory full of what is not its own.

What is timed is the same for all: from two parsed policies to the answer, so that ours compiles
them, proves or finds a request, and tries that on the evaluator; z3's model compiles them as well,
is built, and is solved. Time is that of the processor, without the garbage collector, which would
have one pay for what another left; nor does it look through AWS's data before each question, which
nobody would have it do, and after which that has to be fetched again.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from tests.iam.prove import changes
from tests.iam.prove.pairs import pairs
from tests.iam.prove.z3_model import new_access as ask_z3

from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.prove.policies import new_access

Table: TypeAlias = dict[str, Any]
Ask: TypeAlias = Callable[[PolicyDocument, PolicyDocument], str]

SEED = 5
RANDOM_PAIRS, LARGE_PAIRS = 200, 20
LARGE = 20
"""Statements of a large policy."""
EVERY = 14
"""Of AWS's policies, one in so many."""
SECONDS = 2.0
"""About what z3 may take for a question."""
_WARM_UP = _IN_A_ROW = 10


def random_questions(count: int, size: int = 0) -> Iterator[tuple[Table, Table]]:
    """Random pairs, of which half are made of each other.

    Args:
        count: how many.
        size: how many statements a policy has; 0 for a few.
    """
    for pair in pairs(count + _WARM_UP, SEED, size):
        yield pair.new, pair.old


def aws_questions(folder: Path) -> Iterator[tuple[Table, Table]]:
    """AWS's policies against copies of themselves: wider, narrower, within a Region.

    Args:
        folder: with one file a policy.
    """
    draw = random.Random(SEED)  # noqa: S311 - the same questions in each run
    region = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
    within = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    one_region = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": within},
    }
    for file in sorted(folder.glob("*.json"))[::EVERY]:
        policy = json.loads(file.read_text("utf-8"))
        copy = changes.permuted(changes.split(policy, draw), draw)
        denial = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": region}
        yield policy, changes.rewildcarded(copy, draw)
        yield policy, changes.narrowed(policy, draw)
        yield {**policy, "Statement": [*changes.statements(policy), denial]}, one_region


def timed(ask: Ask, pairs: list[list[PolicyDocument]]) -> list[tuple[str, float]]:
    """The answer to each question, and the milliseconds that it took."""
    found = []
    gc.collect()
    gc.freeze()
    gc.disable()
    for pair in pairs:
        begun = time.process_time()
        answer = ask(*pair)
        found.append((answer, (time.process_time() - begun) * 1000))
    gc.enable()
    return found


def main() -> None:
    """Ask everything; print rows of `prove.Row`."""
    if sys.argv[1] == "aws":
        questions = aws_questions(Path(os.environ["REVET_ORACLES"]) / "access_analyzer/policies")
    elif sys.argv[1] == "large":
        questions = random_questions(LARGE_PAIRS, LARGE)
    else:
        questions = random_questions(RANDOM_PAIRS)
    asks: tuple[Ask, ...] = (
        lambda one, two: new_access(one, two).result.value,
        lambda one, two: ask_z3(one, two, SECONDS, at_once=True).said.value,
        lambda one, two: ask_z3(one, two, SECONDS).said.value,
    )
    rows: list[list[str | float]] = []
    left = [[parse_policy(json.dumps(one)) for one in pair] for pair in questions]
    for number, first in enumerate(range(0, len(left), _IN_A_ROW)):
        pairs = left[first : first + _IN_A_ROW]
        turns = range(len(asks)) if number % 2 else reversed(range(len(asks)))
        found = {at: timed(asks[at], pairs) for at in turns}
        beside = zip(*(found[at] for at in range(len(asks))), strict=True)
        rows.extend([one for answer in row for one in answer] for row in beside)
    print(json.dumps(rows[_WARM_UP:]))


if __name__ == "__main__":
    main()
