"""Conditions as tests of a request's context.

Texts, ARNs and values that are read have a file each; what all kinds share (qualifiers,
`IfExists`, negation, missing keys) is in `tests`.
"""

from revet.iam.evaluate.conditions.tests import Test, make_test

__all__ = ["Test", "make_test"]
