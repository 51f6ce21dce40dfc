"""What is wrong with a user's program, said of the error that ended it.

One module a family of errors: names, calls, CDK Terrain's own refusals, the rest. Each answers
with a `Diagnosis`, or with None for an error that is not of its family.
"""

from revet.synth.diagnosis.describe import describe, describe_late

__all__ = ["describe", "describe_late"]
