"""The one compiled form of a policy: each statement a conjunction of sets, one a dimension.

A statement holds for a request when its action lies in the set of actions, its resource in the set
of resources, its principal in the set of principals, and each condition's key in that condition's
set. Evaluation asks whether one request lies in all of them, proofs whether two statements meet:
so values stay typed (patterns, numbers, instants, networks) and are no closures.
"""
