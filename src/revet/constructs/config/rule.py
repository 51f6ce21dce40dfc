"""Managed rules of AWS Config."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from cdktn_provider_aws.config_config_rule import (
    ConfigConfigRule,
    ConfigConfigRuleScope,
    ConfigConfigRuleSource,
)
from constructs import Construct

from revet.constructs.arguments import check_choice, check_items, check_match, refuse
from revet.constructs.config.recorder import FREQUENCIES, Recorder
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record

_IDENTIFIER = re.compile(r"[A-Z][A-Z0-9_]*")
RESOURCE_TYPE = re.compile(r"AWS::[A-Za-z0-9]+::[A-Za-z0-9]+")


class ManagedRule(Construct):
    """A rule that AWS keeps, evaluated once the recorder is on.

    Makes `aws_config_config_rule`.

    Defaults, each with the control that asks for it:
        - it waits until the recorder is on (`config-recorder-on`);
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        recorder: records what the rule looks at.
        identifier: of the managed rule, `IAM_PASSWORD_POLICY` for example.
        parameters: name to value, both texts, as the rule's page in the Config guide gives them.
        resource_types: CloudFormation types that it looks at; all that it can by default.
        frequency: how often a periodic rule runs, `One_Hour` to `TwentyFour_Hours`; empty for the
            rule's own.

    Raises:
        ArgumentError: an argument that AWS Config does not take.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        recorder: Recorder,
        identifier: str,
        parameters: Mapping[str, str] | None = None,
        resource_types: Sequence[str] = (),
        frequency: str = "",
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=128)
        check_construct("recorder", recorder, Recorder, context)
        check_match(
            "identifier",
            identifier,
            _IDENTIFIER,
            "the identifier of a managed rule, such as `IAM_PASSWORD_POLICY`",
            "the rule's page in the Config guide says it",
        )
        check_items("resource_types", resource_types, str, "`AWS::S3::Bucket` is one")
        for kind in resource_types:
            check_match(
                "resource_types", kind, RESOURCE_TYPE, "a CloudFormation type", "correct it"
            )
        check_choice("frequency", frequency, ("", *FREQUENCIES))
        given = _checked_parameters(parameters)
        super().__init__(scope, construct_id)
        self.name = name
        self.resource = ConfigConfigRule(
            self,
            "rule",
            name=name,
            source=ConfigConfigRuleSource(owner="AWS", source_identifier=identifier),
            input_parameters=json.dumps(given, sort_keys=True) if given else None,
            scope=ConfigConfigRuleScope(compliance_resource_types=list(resource_types))
            if resource_types
            else None,
            maximum_execution_frequency=frequency or None,
            tags=context.tags_for(name),
            depends_on=[recorder.status],
        )
        self.arn: str = self.resource.arn
        context.records.append(make_record(self, "config.ManagedRule", (self.resource,)))


def _checked_parameters(parameters: object) -> dict[str, str]:
    given = {} if parameters is None else parameters
    if not isinstance(given, Mapping) or not all(
        isinstance(key, str) and isinstance(value, str) for key, value in given.items()
    ):
        refuse("parameters", parameters, "names and texts", 'write `{"maxAccessKeyAge": "90"}`')
    return dict(given)
