"""A web ACL of a region: AWS's rules, a limit for each address, and a log."""

from __future__ import annotations

from typing import Any

from cdktn_provider_aws.wafv2_web_acl import (
    Wafv2WebAcl,
    Wafv2WebAclDefaultAction,
    Wafv2WebAclDefaultActionAllow,
    Wafv2WebAclVisibilityConfig,
)
from cdktn_provider_aws.wafv2_web_acl_logging_configuration import (
    Wafv2WebAclLoggingConfiguration,
    Wafv2WebAclLoggingConfigurationRedactedFields,
    Wafv2WebAclLoggingConfigurationRedactedFieldsSingleHeader,
)
from constructs import Construct

from revet.constructs.arguments import check_choice, check_range
from revet.constructs.blocks import blocks
from revet.constructs.kms.key import Key
from revet.constructs.logs.group import RETENTION_DAYS, LogGroup
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record

# Source: WAF developer guide, "AWS Managed Rules rule groups list".
_GROUPS = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
)
_REDACTED = ("authorization", "cookie", "x-api-key")
_WINDOW = 300
# Requests each second for which the limit stays within 10 to 2,000,000,000, the bounds of WAF.
# Source: WAF API, `RateBasedStatement`.
_MOST = 5_000_000
_TOO_MANY = 429


class WebAcl(Construct):
    """A regional web ACL with AWS's rules, and a limit that no client within its plan reaches.

    Makes `aws_wafv2_web_acl`, `aws_wafv2_web_acl_logging_configuration` and its log group
    (`logs.LogGroup`, whose name WAF wants to begin with `aws-waf-logs-`).

    WAF counts the requests of an address over five minutes, and near its limit only roughly. The
    limit is what a client may send in that time by its plan, and a tenth more.

    Defaults, each with the control that asks for it:
        - AWS's rule groups for addresses of bad reputation, known bad inputs and common attacks,
          which block; the last of them refuses bodies of more than 8 KB;
        - a limit for each address (`wafv2-rate-limit`), answered with 429;
        - every request is logged (`wafv2-web-acl-logging`) with the headers that prove who one is
          redacted, into an encrypted log group; samples, which redact nothing, are not kept;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the names.
        key: encrypts the log; its policy must admit CloudWatch Logs for
            `aws-waf-logs-{prefix}-{id}-{suffix}`.
        requests_per_second: what a client may send by its plan; clients behind one address share
            its limit, so that it is the sum of theirs.
        burst: what it may send at once beyond that.
        retention_in_days: of the log.

    Raises:
        ArgumentError: a limit that WAF does not have, or a key of another stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: Key,
        requests_per_second: int = 1000,
        burst: int = 1000,
        retention_in_days: int = 90,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=128)
        check_construct("key", key, Key, context)
        check_range("requests_per_second", requests_per_second, 1, _MOST, "requests")
        check_range("burst", burst, 0, _MOST, "requests")
        check_choice("retention_in_days", retention_in_days, RETENTION_DAYS)
        super().__init__(scope, construct_id)
        self.name = name
        self.limit = (requests_per_second * _WINDOW + burst) * 11 // 10
        self.log_group = LogGroup(
            self,
            f"{construct_id}-log",
            key=key,
            retention_in_days=retention_in_days,
            name=f"aws-waf-logs-{name}",
        )
        self.resource = Wafv2WebAcl(
            self,
            "acl",
            name=name,
            description="Rules of AWS, and a limit for each address",
            scope="REGIONAL",
            default_action=Wafv2WebAclDefaultAction(allow=Wafv2WebAclDefaultActionAllow()),
            visibility_config=Wafv2WebAclVisibilityConfig(
                cloudwatch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
            ),
            tags=context.tags_for(name),
        )
        # The provider package has no class for a statement.
        self.resource.add_override("rule", self._rules())
        self.logging = Wafv2WebAclLoggingConfiguration(
            self,
            "logging",
            resource_arn=self.resource.arn,
            log_destination_configs=[self.log_group.arn],
            redacted_fields=blocks(
                *(
                    Wafv2WebAclLoggingConfigurationRedactedFields(
                        single_header=Wafv2WebAclLoggingConfigurationRedactedFieldsSingleHeader(
                            name=header
                        )
                    )
                    for header in _REDACTED
                )
            ),
        )
        self.arn: str = self.resource.arn
        made = (self.resource, self.logging)
        context.records.append(make_record(self, "wafv2.WebAcl", made))

    def _rules(self) -> list[dict[str, Any]]:
        limited = {
            "name": "rate",
            "action": {"block": {"custom_response": {"response_code": _TOO_MANY}}},
            "statement": {
                "rate_based_statement": {
                    "limit": self.limit,
                    "aggregate_key_type": "IP",
                    "evaluation_window_sec": _WINDOW,
                }
            },
        }
        managed = [
            {
                "name": group,
                "override_action": {"none": {}},
                "statement": {
                    "managed_rule_group_statement": {"name": group, "vendor_name": "AWS"}
                },
            }
            for group in _GROUPS
        ]
        return [
            {
                **rule,
                "priority": priority,
                "visibility_config": {
                    "cloudwatch_metrics_enabled": True,
                    "metric_name": f"{self.name}-{rule['name']}",
                    "sampled_requests_enabled": False,
                },
            }
            for priority, rule in enumerate([managed[0], limited, *managed[1:]])
        ]
