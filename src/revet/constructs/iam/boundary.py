"""A permissions boundary: what roles under it can be granted at most."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cdktn_provider_aws.iam_policy import IamPolicy
from constructs import Construct

from revet.constructs.arguments import check_items, check_match, refuse
from revet.constructs.placement import place
from revet.constructs.policy import document, statement
from revet.constructs.record import make_record

_SERVICE = re.compile(r"[a-z0-9-]+")
# Who administers identities could take the boundary off, or make another principal without one;
# organizations and accounts are not for workloads at all. Source: IAM user guide, "Permissions
# boundaries for IAM entities"; the services are those by which access is administered.
_IDENTITY = (
    "account:*",
    "iam:*",
    "identitystore:*",
    "organizations:*",
    "rolesanywhere:*",
    "sso:*",
    "sso-directory:*",
    "sts:AssumeRoot",
)


class Boundary(Construct):
    """A managed policy that limits the roles that carry it.

    Makes `aws_iam_policy`, below the path `/boundary/`.

    Defaults, each with the control that asks for it:
        - only the services named in `services` (a boundary limits; it grants nothing);
        - identities, organizations and accounts cannot be administered, whatever is granted: nobody
          under the boundary changes it, takes it off, or makes or passes a role;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        services: prefixes of actions, such as `s3` or `logs`; neither `iam` nor another service
            by which access is administered.

    Raises:
        ArgumentError: no service, or one of these.
    """

    def __init__(self, scope: Construct, construct_id: str, *, services: Sequence[str]) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=128)
        check_items("services", services, str, "`s3` is one")
        refused = {action.partition(":")[0] for action in _IDENTITY} - {"sts"}
        if not services:
            refuse("services", services, "at least one service", "name what the roles need")
        for service in services:
            check_match(
                "services", service, _SERVICE, "the prefix of a service's actions", "correct it"
            )
            if service in refused:
                refuse(
                    "services",
                    service,
                    "services by which access is not administered",
                    "give that to a role without this boundary",
                )
        super().__init__(scope, construct_id)
        self.resource = IamPolicy(
            self,
            "policy",
            name=name,
            path="/boundary/",
            description="The most that roles of this stack can be granted",
            policy=document(
                [
                    statement(
                        "Ceiling", actions=[f"{service}:*" for service in sorted(set(services))]
                    ),
                    statement("NoAdministrationOfAccess", effect="Deny", actions=_IDENTITY),
                ]
            ),
            tags=context.tags_for(name),
        )
        self.arn: str = self.resource.arn
        context.records.append(make_record(self, "iam.Boundary", (self.resource,)))
