"""What the prover and the evaluator say of two policies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from tests.iam.prove.changes import Table
from tests.iam.prove.near_requests import WHO

from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Policies, Request
from revet.iam.evaluate.alone import allows_alone
from revet.iam.prove.ask import Answer
from revet.iam.prove.policies import new_access


@dataclass(frozen=True, slots=True)
class Compared:
    """Two policies, read.

    Args:
        new: the policy that may allow more.
        old: the policy to compare with.
    """

    new: PolicyDocument
    old: PolicyDocument

    @classmethod
    def of(cls, new: Table, old: Table) -> Compared:
        """Read two policies."""
        return cls(_read(json.dumps(new)), _read(json.dumps(old)))

    def answer(self) -> Answer:
        """What the prover says."""
        return new_access(self.new, self.old)

    def tells_apart(self) -> Judge:
        """The judge of requests."""
        return Judge(Policies(identity=(self.new,)), Policies(identity=(self.old,)))


@dataclass(frozen=True, slots=True)
class Judge:
    """Tells which requests are surely allowed by one policy and surely not by the other."""

    new: Policies
    old: Policies

    def __call__(self, request: Request) -> bool:
        """Whether the evaluator says so."""
        return allows_alone(request, self.new) is True and allows_alone(request, self.old) is False


def replays(compared: Compared, action: str, resource: str, context: Table) -> bool:
    """Whether a request is one that the new policy allows and the old one does not."""
    return compared.tells_apart()(Request(WHO, action, resource, context))


@lru_cache(maxsize=256)
def _read(text: str) -> PolicyDocument:
    return parse_policy(text)
