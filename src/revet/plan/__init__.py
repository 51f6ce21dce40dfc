"""Terraform plans, with what they do not know kept apart from what they do.

`load_plan` makes an `Inventory` of `Resource`s. `Resource.get` gives a known value, `None`, or an
`Undecided` one that refuses every comparison; `Inventory.target` and `Inventory.attached` join
resources by reference or by equal names; `Resource.policy` recovers policy documents, symbols in
them.
"""

from revet.plan.inventory import Inventory, Reading
from revet.plan.join_results import Members
from revet.plan.load import load_plan
from revet.plan.resource import Resource
from revet.plan.source import Sources
from revet.plan.synthesis import ConstructRecord, SynthesisFacts, Weakened, read_synthesis
from revet.plan.values import Computed, Sensitive, Symbolic, Undecided, Unknown

__all__ = [
    "Computed",
    "ConstructRecord",
    "Inventory",
    "Members",
    "Reading",
    "Resource",
    "Sensitive",
    "Sources",
    "Symbolic",
    "SynthesisFacts",
    "Undecided",
    "Unknown",
    "Weakened",
    "load_plan",
    "read_synthesis",
]
