"""Route 53 Resolver: query logging that can be tagged and deleted.

moto takes the ARN of a query log configuration for that of an endpoint when it is asked for tags,
and can neither end a configuration nor its association with a VPC. (Route 53 Resolver API
Reference, DisassociateResolverQueryLogConfig, DeleteResolverQueryLogConfig.)
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.route53resolver.exceptions import InvalidRequestException, ResourceNotFoundException
from moto.route53resolver.models import Route53ResolverBackend
from moto.route53resolver.responses import Route53ResolverResponse

from revet.embedded.call import Moto
from revet.embedded.patching import add, parameter, replace


def install() -> None:
    """Put the changes in place."""
    replace(Route53ResolverBackend, "_matched_arn", _matched_arn)
    add(
        Route53ResolverResponse,
        disassociate_resolver_query_log_config,
        delete_resolver_query_log_config,
    )


def _matched_arn(original: Callable[..., None]) -> Callable[..., None]:
    def matched_arn(self: Moto, resource_arn: str) -> None:
        configurations = self.resolver_query_log_configs.values()
        if resource_arn not in [one.arn for one in configurations]:
            original(self, resource_arn)

    return matched_arn


def disassociate_resolver_query_log_config(self: Moto) -> str:
    """Stop logging the queries of a VPC."""
    backend = self.route53resolver_backend
    config_id = parameter(self, "ResolverQueryLogConfigId")
    resource_id = parameter(self, "ResourceId")
    found = next(
        (
            one
            for one in backend.resolver_query_log_config_associations.values()
            if (one.resolver_query_log_config_id, one.resource_id) == (config_id, resource_id)
        ),
        None,
    )
    if found is None:
        raise ResourceNotFoundException(
            f"[RSLVR-01404] '{config_id}' is not associated with '{resource_id}'."
        )
    del backend.resolver_query_log_config_associations[found.id]
    backend.resolver_query_log_configs[config_id].association_count -= 1
    description = {**found.description(), "Status": "DELETING"}
    return json.dumps({"ResolverQueryLogConfigAssociation": description})


def delete_resolver_query_log_config(self: Moto) -> str:
    """Delete a configuration that no VPC uses any more."""
    backend = self.route53resolver_backend
    config_id = parameter(self, "ResolverQueryLogConfigId")
    found = backend.get_resolver_query_log_config(config_id)
    if found.association_count:
        raise InvalidRequestException(
            f"[RSLVR-01505] '{config_id}' is associated with a VPC: disassociate it first."
        )
    del backend.resolver_query_log_configs[config_id]
    backend.tagger.delete_all_tags_for_resource(found.arn)
    description: dict[str, Any] = {**found.description(), "Status": "DELETING"}
    return json.dumps({"ResolverQueryLogConfig": description})
