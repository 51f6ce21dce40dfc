"""No recorder of AWS Config, one that leaves something out, or one that may start too early."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.config.recorders import (
    CHANNEL,
    RECORDER,
    all_wait,
    beside,
    recording_gap,
    records_global_types,
    statuses_of,
)
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts

_GROUP = "recording_group"


@control(
    title="recorders of AWS Config are on and leave nothing out",
    severity=Severity.MEDIUM,
    resource=RECORDER,
    required=(
        "`recording_group` records all supported types, or `resource_types`, and a recorder "
        "records the global ones; an `aws_config_configuration_recorder_status` switches it on, "
        "after the delivery channel is there"
    ),
    impact="what changes leaves no trace, and no rule notices what is wrong",
    fix="""recording_group {
  all_supported                 = true
  include_global_resource_types = true
}

resource "aws_config_configuration_recorder_status" "main" {
  name       = aws_config_configuration_recorder.main.name
  is_enabled = true
  depends_on = [aws_config_delivery_channel.main]
}""",
    deviations=("racing-config",),
    on_request=True,
)
def rule(
    resource: Resource,
    inventory: Inventory,
    *,
    resource_types: tuple[str, ...] = (),
    global_types: bool = True,
) -> Outcome:
    """What is global is recorded in one region, so that one recorder of the inventory is enough.

    AWS Config records the types of IAM in no region that it came to after February 2022.

    Args:
        resource: a recorder.
        inventory: it belongs to.
        resource_types: CloudFormation types that must be recorded; all by default.
        global_types: whether users, groups, roles and policies of IAM must be.
    """
    if gap := recording_gap(resource, resource_types):
        return noncompliant(gap, paths=(_GROUP,))
    if global_types and not _any_records_global_types(resource, inventory):
        return noncompliant("no recorder records the global types", paths=(_GROUP,))
    statuses = statuses_of(resource, inventory)
    related = tuple(status.address for status in statuses)
    if fault := _is_off(resource, statuses, inventory):
        return noncompliant(fault, related=related)
    return compliant("it is on, and leaves nothing out", related=related)


def _is_off(recorder: Resource, statuses: tuple[Resource, ...], inventory: Inventory) -> str:
    """Why a recorder is off, or may not start; empty where it is on."""
    if not statuses:
        return "nothing switches it on"
    if any(not status.get("is_enabled") for status in statuses):
        return "it is switched off"
    channels = beside(recorder, inventory, CHANNEL)
    if not channels:
        return "there is no delivery channel"
    early = [one.address for one in statuses if not all_wait(one, channels, inventory)]
    return f"`{early[0]}` does not wait for `{channels[0].address}`" if early else ""


def _any_records_global_types(recorder: Resource, inventory: Inventory) -> bool:
    doubts = Doubts()
    for one in (recorder, *inventory.of_type(RECORDER)):
        with doubts:
            if records_global_types(one):
                return True
    return doubts.settled(answer=False)
