"""What all constructs of a stack share: names, tags, lifecycle, region, account, the provider.

A stack makes one `Context`; constructs find it through their scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

import cdktn
import jsii
from cdktn_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktn_provider_aws.provider import AwsProvider, AwsProviderDefaultTags
from constructs import Construct, IConstruct

from revet import __version__
from revet.constructs.arguments import (
    SUFFIX_LENGTH,
    check_choice,
    check_region,
    check_suffix,
    check_tags,
    check_text,
    refuse,
)
from revet.constructs.record import Record, make_record
from revet.constructs.region_guard import RegionGuard
from revet.iam.reference.regions import Partition, partition_of
from revet.model.errors import ArgumentError
from revet.synth.app import TARGET_VERSIONS

PROVIDER_VERSION = ">= 5.100, < 7"
_ID = "revet"
_TARGETS = "targetVersions"
PRODUCTION = frozenset({"prod", "production", "prd", "live"})
_ACCOUNT_LENGTH = 12


class Lifecycle(StrEnum):
    """What happens to data when the stack is destroyed; the choice is explicit."""

    PROTECTED = "PROTECTED"
    EPHEMERAL = "EPHEMERAL"


def check_lifecycle(lifecycle: object, environment_suffix: str) -> None:
    """Check that a lifecycle exists, and that production data are not declared expendable.

    Args:
        lifecycle: what was given.
        environment_suffix: the environment it is for.

    Raises:
        ArgumentError: neither `PROTECTED` nor `EPHEMERAL`, or `EPHEMERAL` for production.
    """
    check_choice("lifecycle", lifecycle, [item.value for item in Lifecycle])
    if lifecycle == Lifecycle.EPHEMERAL and environment_suffix in PRODUCTION:
        refuse(
            "lifecycle",
            lifecycle,
            f"`PROTECTED` for the environment `{environment_suffix}`",
            "take `PROTECTED`, or another suffix for an environment that may be lost",
        )


def set_target_versions(stack: cdktn.TerraformStack) -> None:
    """Say which versions a stack is for, which cdktn takes only before it has a child."""
    if not stack.node.children:
        stack.node.set_context(_TARGETS, dict(TARGET_VERSIONS))


class Context(Construct):
    """Names, tags, lifecycle, region, account and provider of one stack.

    Makes the AWS provider (`default_tags`; version `>= 5.100, < 7`, so that one configuration
    serves both majors); reads `data.aws_caller_identity`.

    Defaults, with the control that asks for it: the tags stand in `default_tags` and, with `Name`,
    at every resource that our constructs make (`tags-required`).

    Args:
        stack: the stack; at most one context each.
        prefix: first part of every name.
        environment_suffix: last part of every name, 1 to 20 of a-z, 0-9 and inner hyphens.
        region: primary region.
        lifecycle: `PROTECTED` keeps data on destroy and refuses to destroy what holds it;
            `EPHEMERAL` leaves nothing behind, and is refused for a production suffix.
        tags: on everything that can be tagged.
        environment: a reference that stands in names for the suffix, `${var.environment}`; its
            value may have as many characters as a suffix. Empty for the suffix itself.
        region_guard: denies every role of the stack all regions but this one and those that the
            guard names (`iam-role-region-guard`); None leaves regions to the roles' own policies.

    Raises:
        ArgumentError: a bad argument, or the stack has a context.
    """

    def __init__(
        self,
        stack: cdktn.TerraformStack,
        *,
        prefix: str,
        environment_suffix: str,
        region: str,
        lifecycle: Lifecycle | str = Lifecycle.PROTECTED,
        tags: Mapping[str, object],
        environment: str = "",
        region_guard: RegionGuard | None = None,
    ) -> None:
        check_suffix("prefix", prefix)
        check_suffix("environment_suffix", environment_suffix)
        check_region("aws_region", region)
        check_lifecycle(lifecycle, environment_suffix)
        if not isinstance(stack, cdktn.TerraformStack):
            refuse("stack", stack, "a `cdktn.TerraformStack`", "pass the stack itself")
        checked = check_tags("tags", tags)
        check_text("environment", environment, 0, 256, "give a reference, or leave it out")
        if region_guard is not None:
            _check_guard(region_guard)
        if stack.node.try_find_child(_ID) is not None:
            refuse("stack", stack.node.id, "a stack without a context", "make only one each stack")
        if stack.node.children and stack.node.try_get_context(_TARGETS) is None:
            refuse(
                "stack",
                stack.node.id,
                "a stack without children, or an app made with `revet.synth.new_app`",
                "make the context first",
            )
        set_target_versions(stack)
        super().__init__(stack, _ID)
        _contexts[stack] = self
        self.prefix = prefix
        self.suffix = environment_suffix
        self._environment = environment
        self.region = region
        self.lifecycle = Lifecycle(lifecycle)
        self.tags: dict[str, str] = checked
        self.region_guard = region_guard
        self.records: list[Record] = []
        stack.add_override("terraform.required_providers.aws.version", PROVIDER_VERSION)
        stack.add_override("//.revet.version", __version__)
        stack.add_override("//.revet.constructs", cdktn.Lazy.any_value(_Records(self)))
        AwsProvider(
            self, "aws", region=region, default_tags=[AwsProviderDefaultTags(tags=self.tags)]
        )
        self.account_id: str = DataAwsCallerIdentity(self, "account").account_id
        self.records.append(make_record(self, "revet.Context", ()))

    @staticmethod
    def of(scope: IConstruct) -> Context:
        """The context of the stack that holds a scope.

        Raises:
            ArgumentError: the stack has none.
        """
        if not isinstance(scope, Construct):
            refuse("scope", scope, "a stack, or a construct in it", "pass `self` of the stack")
        known = _contexts.get(scope)  # every question to Node costs a message
        if known is not None:
            return known
        stack = cdktn.TerraformStack.of(scope)
        found = _contexts.get(stack)
        if found is None:
            raise ArgumentError(
                "the stack has no context",
                where=stack.node.path,
                got="a stack of your own",
                expected="names, tags, region and lifecycle, said once",
                do='write `Context(self, prefix="app", environment_suffix="dev", …)` first',
            )
        _contexts[scope] = found
        return found

    @property
    def partition(self) -> Partition:
        """The partition of the region."""
        found = partition_of(self.region)
        if found is None:  # the constructor refuses unknown regions
            raise AssertionError(self.region)
        return found

    @property
    def is_protected(self) -> bool:
        """Whether data outlives the stack."""
        return self.lifecycle is Lifecycle.PROTECTED

    @property
    def resource_lifecycle(self) -> cdktn.TerraformResourceLifecycle | None:
        """Terraform's `lifecycle` block for what holds data."""
        if not self.is_protected:
            return None
        return cdktn.TerraformResourceLifecycle(prevent_destroy=True)

    def name(self, resource: str, *, limit: int) -> str:
        """`{prefix}-{resource}-{suffix}`.

        Args:
            resource: the middle part; the construct's id.
            limit: AWS's limit of this kind of name, in characters.

        Raises:
            ArgumentError: the name would be longer than that.
        """
        self._check_length(f"{self.prefix}-{resource}-{self._longest}", 0, resource, limit)
        return f"{self.prefix}-{resource}-{self.environment}"

    def unique_name(self, resource: str, *, limit: int) -> str:
        """`{prefix}-{resource}-{suffix}-{account}-{region}`, for names that all of AWS shares.

        Args:
            resource: the middle part; the construct's id.
            limit: AWS's limit of this kind of name, in characters.

        Raises:
            ArgumentError: the name would be longer than that.
        """
        longest = f"{self.prefix}-{resource}-{self._longest}--{self.region}"
        self._check_length(longest, _ACCOUNT_LENGTH, resource, limit)
        return f"{self.prefix}-{resource}-{self.environment}-{self.account_id}-{self.region}"

    @property
    def environment(self) -> str:
        """What names end in: the suffix, or the reference that stands for it."""
        return self._environment or self.suffix

    @property
    def _longest(self) -> str:
        return "x" * SUFFIX_LENGTH if self._environment else self.suffix

    def _check_length(self, name: str, more: int, resource: str, limit: int) -> None:
        if len(name) + more > limit:
            refuse(
                "construct_id",
                resource,
                f"a name of at most {limit} characters; `{name}` comes to {len(name) + more}",
                "shorten the id of the construct or the environment suffix",
            )

    def tags_for(self, name: str) -> dict[str, str]:
        """The stack's tags and `Name`."""
        return {**self.tags, "Name": name}

    def arn(self, service: str, resource: str, *, region: bool = True, account: bool = True) -> str:
        """An ARN of this account and region.

        Args:
            service: service namespace.
            resource: all after the account.
            region: whether the service's ARNs carry the region.
            account: whether the service's ARNs carry the account.
        """
        place = f"{self.region if region else ''}:{self.account_id if account else ''}"
        return f"arn:{self.partition.id}:{service}:{place}:{resource}"


def _check_guard(region_guard: object) -> None:
    if not isinstance(region_guard, RegionGuard):
        refuse(
            "region_guard",
            region_guard,
            "a `RegionGuard`",
            "write `RegionGuard()`; the region of the stack is in it",
        )
    region_guard.check()


@jsii.implements(cdktn.IAnyProducer)
class _Records:
    """Hands the records over when the stack is synthesized, since ids may change until then."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def produce(self, context: Any) -> list[dict[str, Any]]:  # noqa: ANN401, ARG002 - cdktn's protocol
        return [record.as_dict() for record in self._context.records]


_contexts: WeakKeyDictionary[Construct, Context] = WeakKeyDictionary()
"""Of each stack, and of each scope that was asked about."""
