"""Proofs as JSON, for a checker that knows nothing of how they were found.

A certificate has:

- `form`: 1.
- `question`: `allowed`, `beyond` (or null) and `about`. The first two are lists of policies with
  `name`, `layer` (a value of `revet.iam.evaluate.policies.Layer`), `level` and `policy`, the text;
  `about` is a list of policy texts. Is there a request that `allowed` allows, `beyond` does not
  (null: anything does), and one statement of each policy of `about` is about, whatever its effect?
- `universe`: `actions`, how many actions were told apart, and `sha256` of their sorted names in
  lower case, one a line.
- `proofs`: one tree for each problem. A problem has groups, of each of which one statement must
  hold, and escaped statements, of which none may. First come the groups of `about`, then those of a
  way in which `allowed` allows; what denies in `allowed` is escaped. With `beyond` there is a
  problem for each of its statements that deny, as a further group of that one, and then one
  problem for each choice of a group from each of its ways, whose statements are escaped. A
  statement whose effect is neither `Allow` nor `Deny` is in both.

A tree is one of

- `["closed", KEY]`: what is demanded of `KEY` (`Action`, `Resource` or a condition key in lower
  case) on the way here cannot be met together;
- `["choice", GROUP, [TREE…]]`: one tree for each statement of that group of the problem, in which
  the statement holds;
- `["split", NAME, [TREE…]]`: the escaped statement `NAME` (`POLICY.INDEX`) does not hold: first
  for another action; then, tree by tree, its action fits, the demands before do hold, and the next
  one does not. Its demands are its resources, unless they are all, then its conditions in order,
  each once.

A request has an action of the universe; `*` or an ARN of six fields as resource; and each condition
key is absent, empty (texts), one other text, or several, where AWS's data allows it or does not
know the key, and a set operator looks at it. A policy variable is any text.

Where it is not known whether a statement holds, those of groups count as if they did and escaped
ones as if they did not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from revet.iam.prove.search import Closed, Proof, Split
from revet.iam.prove.universe import Universe

FORM = 1


def as_tree(proof: Proof) -> list[Any]:
    """A proof as a tree."""
    if isinstance(proof, Closed):
        return ["closed", proof.key]
    ways = [as_tree(way) for way in proof.ways]
    if isinstance(proof, Split):
        return ["split", proof.name, ways]
    return ["choice", proof.group, ways]


def certificate(
    question: dict[str, Any], universe: Universe, proofs: Sequence[Proof]
) -> dict[str, Any]:
    """The certificate of a question whose every problem has a proof.

    Args:
        question: as the module says.
        universe: the actions that were told apart.
        proofs: in the order of the problems.
    """
    names = "\n".join(sorted(universe.names)).encode()
    return {
        "form": FORM,
        "question": question,
        "universe": {
            "actions": len(universe.names),
            "sha256": hashlib.sha256(names).hexdigest(),
        },
        "proofs": [as_tree(proof) for proof in proofs],
    }


def digest(made: dict[str, Any]) -> str:
    """What a certificate is known by: the SHA-256 of its JSON with sorted keys."""
    text = json.dumps(made, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
