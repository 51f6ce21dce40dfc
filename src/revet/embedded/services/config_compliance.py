"""Config: compliance with rules, which moto does not know.

The answers come from `revet.embedded.compliance`. A rule that is not evaluated, or has nothing to
look at, answers `INSUFFICIENT_DATA`, and so does one that cannot decide a resource and finds none
that does not comply; a result of a single resource is never that. (AWS Config API Reference,
DescribeComplianceByConfigRule and its neighbours; Compliance: only what does not comply has a
count; EvaluationResult.)
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from moto.config.exceptions import (
    InvalidNextTokenException,
    InvalidParameterValueException,
    NoSuchConfigRuleException,
)
from moto.config.models import ConfigBackend
from moto.config.responses import ConfigResponse

from revet.embedded.call import Moto
from revet.embedded.compliance import EVALUATIONS, Result, evaluate
from revet.embedded.patching import add, parameter, replace

COMPLIANT = "COMPLIANT"
NON_COMPLIANT = "NON_COMPLIANT"
_INSUFFICIENT = "INSUFFICIENT_DATA"
_NOT_EVALUATED = "EmbeddedAwsNotEvaluated"
_MOST_RULES = 25
_MOST_RESOURCES = 100
_CAP_RULE, _CAP_RESOURCE = 100, 25
"""Counts are capped at that many resources of a rule, and rules of a resource."""


def install() -> None:
    """Put the changes in place."""
    replace(ConfigBackend, "delete_config_rule", _forget)
    add(
        ConfigResponse,
        start_config_rules_evaluation,
        describe_compliance_by_config_rule,
        get_compliance_details_by_config_rule,
        describe_compliance_by_resource,
        get_compliance_details_by_resource,
        get_compliance_summary_by_config_rule,
        describe_config_rule_evaluation_status,
    )


def _forget(original: Any) -> Any:  # noqa: ANN401 - a method of moto's
    def delete_config_rule(self: Moto, rule_name: str) -> None:
        original(self, rule_name)
        vars(self).get(EVALUATIONS, {}).pop(rule_name, None)

    return delete_config_rule


def start_config_rules_evaluation(self: Moto) -> str:
    """Evaluate rules now; what remediates automatically follows."""
    names = _rules(self, parameter(self, "ConfigRuleNames"))
    if len(names) > _MOST_RULES:
        raise InvalidParameterValueException(f"At most {_MOST_RULES} rules can be evaluated.")
    for name in names:
        evaluate(self.config_backend, name)
    return "{}"


def describe_compliance_by_config_rule(self: Moto) -> str:
    """Whether all resources of a rule comply."""
    wanted = parameter(self, "ComplianceTypes")
    found = [
        {"ConfigRuleName": name, "Compliance": compliance}
        for name in _rules(self, parameter(self, "ConfigRuleNames"))
        for compliance in [_compliance(evaluate(self.config_backend, name).results, _CAP_RULE)]
        if not wanted or compliance["ComplianceType"] in wanted
    ]
    return page(self, "ComplianceByConfigRules", found, _MOST_RULES)


def get_compliance_details_by_config_rule(self: Moto) -> str:
    """What a rule says of each resource."""
    (name,) = _rules(self, [parameter(self, "ConfigRuleName")])
    results = evaluate(self.config_backend, name).results
    return page(self, "EvaluationResults", _details(self, results), _MOST_RESOURCES)


def describe_compliance_by_resource(self: Moto) -> str:
    """Whether a resource complies with all rules that apply to it."""
    kind, name = parameter(self, "ResourceType"), parameter(self, "ResourceId")
    if name and not kind:
        raise InvalidParameterValueException("ResourceType is required with ResourceId.")
    wanted = parameter(self, "ComplianceTypes")
    resources: dict[tuple[str, str], list[Result]] = {}
    for result in _all_results(self):
        if kind in (None, result.type) and name in (None, result.id):
            resources.setdefault((result.type, result.id), []).append(result)
    found = [
        {"ResourceType": key[0], "ResourceId": key[1], "Compliance": compliance}
        for key, results in sorted(resources.items())
        for compliance in [_compliance(results, _CAP_RESOURCE)]
        if not wanted or compliance["ComplianceType"] in wanted
    ]
    return page(self, "ComplianceByResources", found, _MOST_RESOURCES)


def get_compliance_details_by_resource(self: Moto) -> str:
    """What each rule says of a resource."""
    key = (parameter(self, "ResourceType"), parameter(self, "ResourceId"))
    results = [one for one in _all_results(self) if (one.type, one.id) == key]
    return page(self, "EvaluationResults", _details(self, results), _MOST_RESOURCES)


def get_compliance_summary_by_config_rule(self: Moto) -> str:
    """How many rules are complied with, and how many not."""
    kinds = Counter(
        _compliance(evaluate(self.config_backend, name).results, 0)["ComplianceType"]
        for name in _rules(self, None)
    )
    counts = {
        member: {
            "CappedCount": min(kinds[kind], _CAP_RESOURCE),
            "CapExceeded": kinds[kind] > _CAP_RESOURCE,
        }
        for member, kind in (
            ("CompliantResourceCount", COMPLIANT),
            ("NonCompliantResourceCount", NON_COMPLIANT),
        )
    }
    return json.dumps({"ComplianceSummary": counts})


def describe_config_rule_evaluation_status(self: Moto) -> str:
    """When rules were evaluated, and why not."""
    found = []
    for name in _rules(self, parameter(self, "ConfigRuleNames")):
        why_not = evaluate(self.config_backend, name).not_known
        rule = self.config_backend.config_rules[name]
        times = vars(self.config_backend).get(EVALUATIONS, {}).get(name)
        status = {
            "ConfigRuleName": name,
            "ConfigRuleArn": rule.config_rule_arn,
            "ConfigRuleId": rule.config_rule_id,
            "FirstActivatedTime": rule.last_updated_time,
            "FirstEvaluationStarted": times is not None,
        }
        if times is not None:
            status["FirstActivatedTime"] = times["first"]
            status["LastSuccessfulInvocationTime"] = times["last"]
            status["LastSuccessfulEvaluationTime"] = times["last"]
        if why_not:
            status |= {"LastErrorCode": _NOT_EVALUATED, "LastErrorMessage": why_not}
        found.append(status)
    return page(self, "ConfigRulesEvaluationStatus", found, _MOST_RULES)


def _rules(response: Moto, names: Sequence[str] | None) -> list[str]:
    """The rules that are asked for, or all.

    Raises:
        NoSuchConfigRuleException: one of them does not exist.
    """
    known = response.config_backend.config_rules
    for name in names or ():
        if name not in known:
            raise NoSuchConfigRuleException(name)
    return list(names or sorted(known))


def _all_results(response: Moto) -> list[Result]:
    backend = response.config_backend
    return [result for name in _rules(response, None) for result in evaluate(backend, name).results]


def _compliance(results: Iterable[Result], cap: int) -> dict[str, Any]:
    """Of a rule over its resources, or of a resource over its rules.

    One that does not comply says more than one of which that is not known.
    """
    said = [one.compliant for one in results]
    against = said.count(False)
    if not against:
        return {"ComplianceType": COMPLIANT if said and all(said) else _INSUFFICIENT}
    count = {"CappedCount": min(against, cap), "CapExceeded": against > cap}
    return {"ComplianceType": NON_COMPLIANT, "ComplianceContributorCount": count}


def _details(response: Moto, results: Iterable[Result]) -> list[dict[str, Any]]:
    wanted = parameter(response, "ComplianceTypes")
    shown = []
    for result in results:
        if result.compliant is None:
            continue
        kind = COMPLIANT if result.compliant else NON_COMPLIANT
        if wanted and kind not in wanted:
            continue
        qualifier = {
            "ConfigRuleName": result.rule,
            "ResourceType": result.type,
            "ResourceId": result.id,
            "EvaluationMode": "DETECTIVE",
        }
        shown.append(
            {
                "EvaluationResultIdentifier": {
                    "EvaluationResultQualifier": qualifier,
                    "OrderingTimestamp": result.when,
                },
                "ComplianceType": kind,
                "ResultRecordedTime": result.when,
                "ConfigRuleInvokedTime": result.when,
                **({"Annotation": result.annotation} if result.annotation else {}),
            }
        )
    return shown


def page(response: Moto, member: str, items: Sequence[Any], most: int) -> str:
    """One page of an answer, with a token for the next one."""
    token = parameter(response, "NextToken") or "0"
    if not token.isdigit() or int(token) > len(items):
        raise InvalidNextTokenException
    start = int(token)
    limit = int(parameter(response, "Limit") or 0) or most
    answer: dict[str, Any] = {member: items[start : start + limit]}
    if start + limit < len(items):
        answer["NextToken"] = str(start + limit)
    return json.dumps(answer)
