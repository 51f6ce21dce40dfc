"""Proofs as JSON, for a checker that knows nothing of how they were found.

A certificate has:

- `form`: 2.
- `question`: what is claimed, by `kind`. Everywhere, `about` is a list of policy texts: the claim
  is about the requests that one statement of each of them is about, whatever its effect. A policy
  is its text, or null for none.

  - `policy`: no request is allowed by `allowed`, and not by `beyond` (null: by anything). Both have
    `name`, `layer` (of `revet.iam.evaluate.attached.Layer`: an identity or a resource policy) and
    `policy`. With principals, `partition` is the callers' one.
  - `public`: the resource policy `policy` allows outsiders nothing, where the owner is `account` in
    `organization`, or what a condition of it demands as the resource's, and callers are of
    `partition`.
  - `principal`: a principal is allowed nothing, on whatever resource, by all layers. It is
    `principal`, an ARN, or all of a kind whom no policy names, `unnamed` (`user` or `role`) of
    `account`. `policies` are the policies that bear on it, each with `layer`, `level` (SCPs and
    RCPs: from the root down) and `policy`; `resources` are those of its account that have a policy
    of their own or must have one, each with `arn` and `policy`. It is about its sessions, too,
    which resource policies name apart.
  - `resource`: nobody is allowed anything on the resource `arn` of `account` with its `policy`.
    `policies` are the organization's, `principals` are those of the account whose policies are
    known, each with `policies` and with `principal` or `unnamed` as above. Everybody else, of
    `partition`, may have any policy.

- `universe`: `actions`, how many actions were told apart by all statements, and `sha256` of their
  sorted names in lower case, one a line.
- `proofs`: one tree for each problem.

A problem has groups, of each of which one statement must hold, and escaped statements, of which
none may. One with an empty group has no solution and is left out. The order is: by caller, by
scope, by way; for `beyond` first the problems of its statements that deny.

- Callers. Those that principals of statements name, in the order of the text; for each account that
  is named as a principal or in a condition, in order, and then for any other account: the root
  user, and all roles, users and federated users that are not named; services, identity providers
  that are not named; the anonymous. Of `public`, those of other accounts and the anonymous; of
  `principal`, it and then its sessions; of `resource`, first `principals`, then everybody else.
  What their ARN and account demand of condition keys every request of theirs meets.
- Scopes. Requests to each resource of `resources` (actions of its service; its ARN, and what
  follows on `/` or `:`), all others in the own account, all others to other accounts, which allow
  everything. Where there are RCPs, each of the first two in three: what they reach, what they do
  not, what they spare. Actions that need no permission are in none of them.
- Ways. Groups are, after `about` of the scope and of the claim: what the resource policy grants to
  the caller itself; or, what it grants at all, where it must, and the identity policies, and
  boundary and session policies; or what it grants to the role behind it with these two. In each
  way then each level of SCPs, and of RCPs where one of its statements allows.

Escaped are the requests that are not in the scope, `outsideN.INDEX`, and the statements that deny.
With `beyond` there is a problem for each of its statements that deny, as a further group of that
one, and then one in which its statements that allow are escaped. Statements are called
`NAME.INDEX`, or `LAYER.LEVEL.PLACE.INDEX` after the place of the policy at its level. A statement
whose effect is neither `Allow` nor `Deny` counts as both.

A tree is one of

- `["closed", KEY]`: what is demanded of `KEY` (`Action`, `Resource` or a condition key in lower
  case) on the way here cannot be met together;
- `["choice", GROUP, [TREE…]]`: one tree for each statement of that group of the problem, in which
  the statement holds;
- `["split", NAME, [TREE…]]`: the escaped statement `NAME` does not hold: first for another action;
  then, tree by tree, its action fits, the demands before do hold, and the next one does not. Its
  demands are its resources, unless they are all, then its conditions in order, each once.

A request has an action of the universe; `*` or an ARN of six fields as resource; and each condition
key is absent, empty (texts), one other text, or several, where AWS's data allows it or does not
know the key, and a set operator looks at it. A policy variable is any text.

Where it is not known whether a statement holds, or names the caller, those of groups count as if
they did and escaped ones as if they did not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revet.iam.compiled.action_sets import ActionSet
from revet.iam.prove.search import Closed, Proof, Split
from revet.iam.prove.universe import Universe

FORM = 2


@dataclass(frozen=True, slots=True)
class Certificate:
    """A proof as JSON.

    Args:
        content: as the module says.
    """

    content: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The JSON in the one form that is hashed: keys in order, no spaces."""
        return json.dumps(self.content, sort_keys=True, separators=(",", ":"))

    def digest(self) -> str:
        """What it is known by: the SHA-256 of its text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def as_tree(proof: Proof) -> list[Any]:
    """A proof as a tree."""
    if isinstance(proof, Closed):
        return ["closed", proof.key]
    ways = [as_tree(way) for way in proof.ways]
    if isinstance(proof, Split):
        return ["split", proof.name, ways]
    return ["choice", proof.group, ways]


def certificate(
    question: Mapping[str, Any], actions: Iterable[ActionSet], proofs: Sequence[Proof]
) -> Certificate:
    """The certificate of a claim whose every problem has a proof.

    Args:
        question: as the module says.
        actions: the sets of actions of all statements.
        proofs: in the order of the problems.
    """
    names = sorted(Universe(actions).names)
    return Certificate(
        {
            "form": FORM,
            "question": question,
            "universe": {
                "actions": len(names),
                "sha256": hashlib.sha256("\n".join(names).encode()).hexdigest(),
            },
            "proofs": [as_tree(proof) for proof in proofs],
        }
    )
