"""ECR: the account's private registry, its repositories, and their policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_POLICY = "aws_ecr_repository_policy"


def _repositories(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    return api.call("ecr", "describe_repositories", region)["repositories"]


def _repository(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the name. Source: ECR API Reference, `Repository` and `GetRepositoryPolicy`."""
    name, arn, parts = item["repositoryName"], item["repositoryArn"], Parts()
    tags = parts.answer(
        lambda: api.call("ecr", "list_tags_for_resource", region, resourceArn=arn),
        "tags",
        "tags_all",
    )
    if parts.gone:
        return
    scan = item.get("imageScanningConfiguration")
    encryption = item.get("encryptionConfiguration")
    values = {
        "id": name,
        "arn": arn,
        "name": name,
        "registry_id": item.get("registryId", ""),
        "repository_url": item.get("repositoryUri", ""),
        "image_tag_mutability": parts.need(item, "imageTagMutability", "image_tag_mutability"),
        "image_scanning_configuration": [{"scan_on_push": scan["scanOnPush"]}] if scan else [],
        "encryption_configuration": [_encryption(encryption)] if encryption else [],
        **tagged(tags.get("tags")),
    }
    yield Observed("aws_ecr_repository", name, values, region, unknown=parts.unknown)

    def policy() -> dict[str, Any] | None:
        found = api.call(
            "ecr",
            "get_repository_policy",
            region,
            absent=("RepositoryPolicyNotFoundException",),
            repositoryName=name,
        )
        return {"policy": found["policyText"]} if found else None

    yield from part(_POLICY, name, {"repository": name}, region, policy)


def _encryption(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"encryption_type": said["encryptionType"], "kms_key": said.get("kmsKey", "")}


REPOSITORIES = TypeReader(
    type="aws_ecr_repository",
    service="ecr",
    actions=(
        "ecr:DescribeRepositories",
        "ecr:ListTagsForResource",
        "ecr:GetRepositoryPolicy",
    ),
    items=_repositories,
    identity=lambda item: str(item["repositoryName"]),
    read=_repository,
    parts=(_POLICY,),
    each=True,
)


def _registry(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    """The registry's policy; there is one registry in each region.

    Source: ECR API Reference, `GetRegistryPolicy`.
    """
    absent = ("RegistryPolicyNotFoundException",)
    found = api.call("ecr", "get_registry_policy", region, absent=absent)
    return [found] if found.get("policyText") else []


def _registry_policy(_api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is that of the registry, the account's."""
    own = item["registryId"]
    values = {"id": own, "registry_id": own, "policy": item["policyText"]}
    yield Observed("aws_ecr_registry_policy", own, values, region)


REGISTRY_POLICIES = TypeReader(
    type="aws_ecr_registry_policy",
    service="ecr",
    actions=("ecr:GetRegistryPolicy",),
    items=_registry,
    identity=lambda item: str(item["registryId"]),
    read=_registry_policy,
)
