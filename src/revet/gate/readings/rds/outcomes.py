"""What is said of instances and of clusters alike."""

from __future__ import annotations

from revet.gate.readings.ec2.routes import way_out
from revet.gate.readings.kms.keys import key_fault
from revet.gate.readings.needed import members_of, planned
from revet.gate.readings.rds.encryption import encryption
from revet.gate.readings.rds.master_secret import is_impaired
from revet.gate.readings.rds.subnet_groups import SUBNETS, require_no_others
from revet.model.finding import Outcome, compliant, noncompliant, unknown
from revet.plan import Inventory, Resource

_KEY = "kms_key_id"
_SAYS = ("aws_db_instance", "aws_rds_cluster")
_GROUP = "db_subnet_group_name"
_MANAGED = "manage_master_user_password"


def storage(resource: Resource, inventory: Inventory, *, customer_managed_key: bool) -> Outcome:
    """Whether the storage of a database is encrypted.

    A replica or a restored one takes encryption over from where it comes from.

    Args:
        resource: an `aws_db_instance` or `aws_rds_cluster`.
        inventory: it belongs to.
        customer_managed_key: whether a customer-managed key is demanded.
    """
    found = encryption(resource, inventory)
    holder = found.holder
    own = holder is resource
    if found.unseen and not (found.encrypted and (holder.is_set(_KEY) or not customer_managed_key)):
        made = "it is made" if own else f"`{holder.address}`, which it is made from, is made itself"
        return unknown(
            f"{made} from `{found.unseen}`, and encrypted if that is",
            resolve="set `storage_encrypted = true`, and `kms_key_id` where a key is demanded",
            paths=("storage_encrypted", found.unseen) if own else (),
        )
    where = "" if own else f" in `{holder.address}`, which it is made from"
    related = () if own else (holder.address,)
    if not found.encrypted:
        return noncompliant(
            f"`storage_encrypted` is off{where}" if holder.type in _SAYS else f"no key{where}",
            paths=("storage_encrypted",),
            related=related,
        )
    fault = key_fault(holder, inventory, _KEY) if customer_managed_key else ""
    if fault:
        return noncompliant(f"it is encrypted with {fault}{where}", paths=(_KEY,), related=related)
    return compliant("its storage is encrypted", related=related)


def credentials(resource: Resource, passwords: tuple[str, ...]) -> Outcome:
    """Whether Secrets Manager keeps the master password of a database that has one of its own.

    Args:
        resource: an `aws_db_instance` or `aws_rds_cluster`.
        passwords: arguments that give one.
    """
    for path in passwords:
        if resource.is_set(path):
            return noncompliant(f"`{path}` is given", paths=(path,))
    if not resource.get(_MANAGED):
        return noncompliant(f"`{_MANAGED}` is off", paths=(_MANAGED,))
    if is_impaired(resource):
        why = "the secret of the master password is `impaired`: nobody can change or rotate it"
        return noncompliant(why, paths=("master_user_secret",))
    return compliant("Secrets Manager keeps and rotates the master password")


def subnets(resource: Resource, inventory: Inventory) -> Outcome:
    """Whether all subnets of the subnet group of a database are private.

    Follows the group to its subnets, their route tables and the routes in them.

    Args:
        resource: an `aws_db_instance` or `aws_rds_cluster`.
        inventory: it belongs to.
    """
    if not resource.is_set(_GROUP):
        return noncompliant(
            "it has no subnet group, and lands in the default VPC's public subnets", paths=(_GROUP,)
        )
    group = planned(resource, _GROUP, inventory, "aws_db_subnet_group")
    members = members_of(group, SUBNETS, inventory)
    public = [(subnet, *way) for subnet in members.resources if (way := way_out(subnet, inventory))]
    for subnet, what, route in public:
        if not members.every and len(public) < len(members.resources):
            return unknown(
                f"`{subnet.address}` {what}, and the plan does not show whether it is in "
                f"`{group.address}`",
                resolve="check again once it is deployed, or see what `revet verify` says of it",
                paths=(_GROUP,),
            )
        related = (group.address, subnet.address, *route)
        return noncompliant(f"`{subnet.address}` {what}", related=related)
    require_no_others(group, members, inventory)
    addresses = tuple(subnet.address for subnet in members.resources)
    return compliant("no subnet has a route to an internet gateway", related=addresses)
