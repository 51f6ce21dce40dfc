"""Where a read replica takes over the network that it does not name itself.

Source: RDS User Guide, "Working with DB instance read replicas": a replica in the region of its
source has the source's subnet group; one in another region has not.
"""

from __future__ import annotations

from revet.plan import Inventory, Resource

_PATH = "replicate_source_db"


def decider(instance: Resource, inventory: Inventory, path: str) -> Resource:
    """The instance whose argument decides: itself, or the source that a replica takes it over from.

    Args:
        instance: an `aws_db_instance`.
        inventory: it belongs to.
        path: of the argument.

    Returns:
        The first that sets the argument, or that is no replica of an instance of this plan in the
        same region.

    Raises:
        UnknownValueError: the plan does not show which instance is the source.
    """
    seen = {instance.address}
    while not instance.is_set(path) and instance.is_set(_PATH):
        source = inventory.target(instance, _PATH)
        if source is None or source.type != instance.type or source.address in seen:
            break
        if not in_same_region(instance, source, _PATH):
            break
        seen.add(source.address)
        instance = source
    return instance


def in_same_region(replica: Resource, source: Resource, path: str) -> bool:
    """Whether a replica is in the region of its source.

    By the providers' regions; where these are not known, an identifier means the own region.

    Args:
        replica: what is made.
        source: what it is made from.
        path: the replica's argument that names the source.
    """
    if replica.provider_region and source.provider_region:
        return replica.provider_region == source.provider_region
    value = replica.get(path)
    return isinstance(value, str) and not value.startswith("arn:")
