"""What a configuration may say when it lands on the embedded AWS: nothing that reaches others.

Arguments of the AWS provider are of three kinds: those that stay as they are, those that lead
elsewhere and are unset by an override, and all others, which are refused. Terraform's own view of
the result is held against the same lists before anything is applied.

Source of the arguments: the provider's schema, 5.100.0, and "AWS Provider", "Argument Reference".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from revet.model.errors import InputError, UsageError
from revet.target.modules import Module
from revet.target.provider_blocks import ProviderBlock, planned_aws

KEPT = frozenset(
    {
        "alias",
        "assume_role",
        "assume_role_with_web_identity",
        "default_tags",
        "for_each",
        "ignore_tags",
        "max_retries",
        "region",
        "retry_mode",
        "s3_us_east_1_regional_endpoint",
        "s3_use_path_style",
        "skip_credentials_validation",
        "skip_metadata_api_check",
        "skip_region_validation",
        "skip_requesting_account_id",
        "tag_policy_compliance",
        "token_bucket_rate_limiter_capacity",
        "user_agent",
        "version",
    }
)
"""They choose a region, a role within the embedded AWS, tags or retries."""

UNSET = frozenset(
    {
        "access_key",
        "allowed_account_ids",
        "custom_ca_bundle",
        "ec2_metadata_service_endpoint",
        "ec2_metadata_service_endpoint_mode",
        "forbidden_account_ids",
        "http_proxy",
        "https_proxy",
        "insecure",
        "no_proxy",
        "profile",
        "secret_key",
        "shared_config_files",
        "shared_credentials_files",
        "sts_region",
        "token",
        "use_dualstack_endpoint",
        "use_fips_endpoint",
    }
)
"""They name credentials, hosts, proxies or accounts of the world outside."""

_UNSET_BLOCKS = ("endpoints",)
_LOCAL = "local"


def embedded_settings(block: ProviderBlock) -> Mapping[str, Any]:
    """What an override unsets in a provider configuration.

    Args:
        block: the configuration.

    Raises:
        UsageError: an argument that is not known.
    """
    names = block.names
    unknown = sorted(names - KEPT - UNSET - {*_UNSET_BLOCKS})
    if unknown:
        raise _refused(block.where, ", ".join(f"`{name}`" for name in unknown))
    settings: dict[str, Any] = dict.fromkeys(sorted(names & UNSET))
    settings.update({name: [{}] for name in _UNSET_BLOCKS if name in names})
    return settings


def _refused(where: str, got: str) -> UsageError:
    return UsageError(
        "the provider configuration has an argument of which revet does not know where it leads",
        where=where,
        got=got,
        expected=", ".join(f"`{name}`" for name in sorted(KEPT)),
        do="take it out for the embedded target: what it cannot confine it does not run",
    )


def require_confined(modules: Iterable[Module]) -> None:
    """Refuse what reaches out although no provider configuration says so.

    Args:
        modules: of one configuration.

    Raises:
        UsageError: a state read from elsewhere, a certificate read from a host, an encryption of
            the state by somebody else.
    """
    for module in modules:
        for block in (*module.of("data"), *module.of("ephemeral")):
            address = ".".join(filter(None, (module.address, "data", *block.labels)))
            if block.labels[:1] == ("terraform_remote_state",):
                backend = block.arguments.get("backend")
                if backend is not None and not (backend.is_text and backend.value == _LOCAL):
                    raise _reaches_out(address, block.where, f"`backend = {backend.text}`")
            if block.labels[:1] == ("tls_certificate",) and "url" in block.arguments:
                raise _reaches_out(address, block.where, f"`url = {block.arguments['url'].text}`")
        for block in module.of("terraform"):
            if inner := block.inner("encryption"):
                raise _reaches_out("terraform.encryption", inner[0].where, "`encryption`")


def _reaches_out(address: str, where: str, got: str) -> UsageError:
    return UsageError(
        "the configuration reaches out of the embedded AWS",
        where=f"{address}, {where}",
        got=got,
        expected="nothing that is read from another host",
        do="make it a variable with a value for the rehearsal, or deploy it with `--target aws`",
    )


def require_confined_plan(plan: Mapping[str, Any]) -> None:
    """Hold what Terraform says of the provider configurations against the same lists.

    Args:
        plan: the plan's JSON.

    Raises:
        InputError: a configuration of the AWS provider still leads elsewhere.
    """
    for key, expressions in planned_aws(plan):
        for name, value in expressions.items():
            if name not in KEPT and not _is_empty(value):
                raise InputError(
                    "the plan was made with a provider configuration that was not confined",
                    where=f"provider configuration `{key}`",
                    got=f"`{name}`",
                    expected="no such argument",
                    do="take it out; tell us, with the file that sets it: revet missed it before",
                )


def _is_empty(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_empty(item) for item in value)
    if isinstance(value, dict):
        return all(
            item is None if key == "constant_value" else _is_empty(item)
            for key, item in value.items()
        )
    return False
