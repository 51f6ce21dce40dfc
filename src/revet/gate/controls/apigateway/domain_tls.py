"""Domain of an API that takes old versions of TLS."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_PATH = "security_policy"
# Source: API Gateway API reference, `SecurityPolicy`; all but the first want TLS 1.2 at least.
_OLD = "TLS_1_0"
_POLICIES = (
    _OLD,
    "TLS_1_2",
    "SecurityPolicy_TLS13_1_3_2025_09",
    "SecurityPolicy_TLS13_1_3_FIPS_2025_09",
    "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_Ext2_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_Ext2_FIPS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_2021_06",
    "SecurityPolicy_TLS13_2025_EDGE",
    "SecurityPolicy_TLS12_PFS_2025_EDGE",
    "SecurityPolicy_TLS12_2018_EDGE",
)


@control(
    title="domains of APIs refuse TLS below 1.2",
    severity=Severity.HIGH,
    resource="aws_api_gateway_domain_name",
    required="`security_policy` is `TLS_1_2` or a newer one",
    impact="whoever is on the way reads or changes requests over broken encryption",
    fix='security_policy = "TLS_1_2"',
    deviations=("old-tls",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """What AWS takes where nothing is written is not documented, and so not known."""
    del inventory
    policy = one_of(resource, _PATH, _POLICIES, "API Gateway has no security policy `{}`")
    if policy == _OLD:
        return noncompliant("it takes TLS 1.0", paths=(_PATH,))
    return compliant(f"`{policy}`")
