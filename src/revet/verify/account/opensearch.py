"""OpenSearch: domains and their policies, those that run Elasticsearch among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.listing import arn_in
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_POLICY = "aws_opensearch_domain_policy"


def _domains(api: Api, region: str) -> Iterator[tuple[str, str]]:
    """ARN and name of each."""
    for item in api.call("opensearch", "list_domain_names", region)["DomainNames"]:
        name = item["DomainName"]
        yield arn_in(api, region, "es", f"domain/{name}"), name


def _domain(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the ARN. The policy is a resource of its own, as Terraform may have it, too.

    Source: OpenSearch Service API Reference, `DomainStatus`.
    """
    arn, name = item
    parts, ask = Parts(), api.about("opensearch", region)
    said = ask("describe_domain", DomainName=name)["DomainStatus"]
    if said.get("Deleted"):
        return
    tags = parts.answer(lambda: ask("list_tags", ARN=arn), "tags", "tags_all")
    values = {
        "id": arn,
        "arn": arn,
        "domain_name": name,
        "domain_id": said.get("DomainId"),
        "engine_version": parts.need(said, "EngineVersion", "engine_version"),
        "access_policies": "",
        **tagged(tags.get("TagList")),
    }
    yield Observed("aws_opensearch_domain", arn, values, region, unknown=parts.unknown)
    text = said.get("AccessPolicies")
    policy = {"access_policies": text} if text else None
    yield from part(_POLICY, f"esd-policy-{name}", {"domain_name": name}, region, lambda: policy)


DOMAINS = TypeReader(
    type="aws_opensearch_domain",
    service="opensearch",
    actions=("es:ListDomainNames", "es:DescribeDomain", "es:ListTags"),
    items=_domains,
    identity=lambda item: str(item[0]),
    read=_domain,
    parts=(_POLICY, "aws_elasticsearch_domain", "aws_elasticsearch_domain_policy"),
    each=True,
)
