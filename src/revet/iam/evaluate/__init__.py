"""Whether AWS allows a request: `authorize(request, policies) -> Decision`.

All layers are looked at in one pass; an explicit deny anywhere decides; what cannot be evaluated is
an error, never a guess. Read in this order: `request`, `policies`, `authorize`, `layers`,
`services`.
"""

from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.authorize import authorize, decide
from revet.iam.evaluate.cases import Remembered, read_case, run_cases
from revet.iam.evaluate.decision import Deciding, Decision, Outcome, UndecidedError
from revet.iam.evaluate.policies import Grant, Policies
from revet.iam.evaluate.request import ANONYMOUS, Request

__all__ = [
    "ANONYMOUS",
    "Deciding",
    "Decision",
    "Grant",
    "Layer",
    "Outcome",
    "Policies",
    "Remembered",
    "Request",
    "UndecidedError",
    "authorize",
    "decide",
    "read_case",
    "run_cases",
]
