"""The one compiled form of a policy: each statement a conjunction of sets, one a dimension.

A statement holds for a request when its action lies in the set of actions, its resource in the set
of resources, its principal in the set of principals, and each condition's key in that condition's
set. Evaluation asks whether one request lies in all of them, proofs whether two statements meet:
so values stay typed (patterns, numbers, instants, networks) and are no closures.
"""

from revet.iam.compiled.condition import CompiledCondition, ConditionValue
from revet.iam.compiled.policy import (
    CompiledPolicy,
    CompiledStatement,
    GlobSet,
    PolicyKind,
    compile_policy,
    unreadable,
)
from revet.iam.compiled.principals import PrincipalKind, PrincipalSet, PrincipalTerm
from revet.iam.compiled.resources import OWN_API, IncompleteArns, ResourceForms, own_api
from revet.iam.compiled.values import ArnGlob, Network

__all__ = [
    "OWN_API",
    "ArnGlob",
    "CompiledCondition",
    "CompiledPolicy",
    "CompiledStatement",
    "ConditionValue",
    "GlobSet",
    "IncompleteArns",
    "Network",
    "PolicyKind",
    "PrincipalKind",
    "PrincipalSet",
    "PrincipalTerm",
    "ResourceForms",
    "compile_policy",
    "own_api",
    "unreadable",
]
