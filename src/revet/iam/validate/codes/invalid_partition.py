"""The partition of an ARN exists."""

from __future__ import annotations

from revet.iam.globs import Glob
from revet.iam.reference import partitions
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_arn import is_open
from revet.iam.validate.subject import ResourceSubject


@check(Level.ERROR, subject=ResourceSubject)
def invalid_partition(resource: ResourceSubject) -> Hits:
    """A second field that is no partition and covers none.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    read = resource.read
    if read is None or read.arn.partition in partitions():
        return
    written = read.arn.partition
    if is_open(written) and any(
        Glob.parse(written).overlaps(Glob.literal(partition)) for partition in partitions()
    ):
        return
    yield hit(
        f"There is no partition {quoted(written)}. Use aws, aws-cn or aws-us-gov.",
        read.place("partition"),
    )
