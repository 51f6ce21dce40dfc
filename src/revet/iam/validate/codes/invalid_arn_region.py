"""The Region of an ARN exists in its partition."""

from __future__ import annotations

from revet.iam.globs import Glob
from revet.iam.reference import Place, all_regions, partitions, regions, similar
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_arn import ReadResource
from revet.iam.validate.subject import ResourceSubject
from revet.iam.validate.variables import OPENING


@check(Level.ERROR, subject=ResourceSubject)
def invalid_arn_region(resource: ResourceSubject) -> Hits:
    """A fourth field that is no Region and covers none, where ARNs have one.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    read = resource.read
    if read is None or read.arn.region in ("", "*") or OPENING in read.arn.region:
        return
    written = read.arn.region
    if _exists(read):
        return
    places = read.places
    if places is not None and (places.region is Place.EMPTY or read.is_literal("region")):
        return
    guess = similar(written, all_regions())
    advice = f" Did you mean {quoted(guess)}?" if guess and guess != written else ""
    yield hit(
        f"The partition {quoted(read.arn.partition)} has no Region {quoted(written)}.{advice}",
        read.place("region"),
    )


def _exists(read: ReadResource) -> bool:
    partition = partitions().get(read.arn.partition)
    known = regions() if partition is None else partition.regions
    written = read.arn.region
    if "*" in written or "?" in written:
        pattern = Glob.parse(written)
        return any(pattern.matches(region) for region in known)
    return written in known
