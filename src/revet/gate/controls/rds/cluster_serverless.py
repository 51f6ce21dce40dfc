"""Cluster that does not scale by itself."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.rds.zones import instances_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks

_SCALING, _CLASS, _MODE = "serverlessv2_scaling_configuration", "instance_class", "engine_mode"
_SERVERLESS = "db.serverless"
_PROVISIONED = "provisioned"
_INSTANCES = 2


@control(
    title="database clusters scale by Aurora Serverless v2",
    severity=Severity.LOW,
    resource="aws_rds_cluster",
    required=(
        "`serverlessv2_scaling_configuration` says from which capacity to which, and its "
        "instances, `instances` or more and 2 by default, are all of class `db.serverless`"
    ),
    impact="under load the database is slow or down, and without any it costs the same",
    fix="""resource "aws_rds_cluster" "data" {
  serverlessv2_scaling_configuration {
    min_capacity = 0.5
    max_capacity = 4
  }
}

resource "aws_rds_cluster_instance" "data" {
  count              = 2
  cluster_identifier = aws_rds_cluster.data.id
  engine             = aws_rds_cluster.data.engine
  instance_class     = "db.serverless"
}""",
    construct='rds.Cluster(scope, "ledger", vpc=vpc, key=key, secret_key=key, log_key=key)',
    deviations=("fixed-capacity",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, instances: int = _INSTANCES) -> Outcome:
    """The engine mode `serverless` is that of Serverless v1, which has no instances.

    Source: Aurora user guide, "Using Aurora Serverless v2", requirements.

    Args:
        resource: a cluster.
        inventory: it belongs to.
        instances: that it has at least.
    """
    doubts = Doubts()
    with doubts:
        mode = resource.get(_MODE) if resource.is_set(_MODE) else _PROVISIONED
        if mode != _PROVISIONED:
            return noncompliant(f"its `{_MODE}` is `{mode}`", paths=(_MODE,))
    with doubts:
        if not blocks(resource, _SCALING):
            return noncompliant(f"it has no `{_SCALING}`", paths=(_SCALING,))
    found = instances_of(resource, inventory, doubts)
    for one in found:
        with doubts:
            kind = one.get(_CLASS)
            if kind != _SERVERLESS:
                return noncompliant(f"`{one.address}` is `{kind}`", related=(one.address,))
    doubts.refuse()
    related = tuple(one.address for one in found)
    if len(found) < instances:
        return noncompliant(f"its instances are {len(found)}", related=related)
    return compliant(f"each of its instances is `{_SERVERLESS}`", related=related)
