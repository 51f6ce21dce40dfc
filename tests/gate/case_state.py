"""The resources of a case as the state that is there once they are applied."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from tests.gate.case_plan import DEPENDS_ON, LATER, caller_identity

from revet.plan.kinds import attribute_kinds
from revet.plan.provider_facts import taggable_types

Json = Any
_TEMPLATE = re.compile(r"(?<!\$)\$\{([^{}]*)\}")
_TRAVERSAL = re.compile(r"[a-z_0-9]+\.[\w-]+\.\w+")
_PREFIXES = {
    "aws_api_gateway_rest_api": "",
    "aws_default_security_group": "sg-",
    "aws_ec2_managed_prefix_list": "pl-",
    "aws_internet_gateway": "igw-",
    "aws_network_acl": "acl-",
    "aws_route_table": "rtb-",
    "aws_security_group": "sg-",
    "aws_subnet": "subnet-",
    "aws_vpc": "vpc-",
    "aws_vpn_gateway": "vgw-",
}
"""Types whose ids AWS makes up; those of others are their names."""
_VPCS = ("aws_vpc", "aws_default_vpc")
_DEFAULTS = {"default_network_acl_id": "acl-", "default_security_group_id": "sg-"}
"""What AWS makes with a VPC."""
_ADOPTED = {
    "aws_default_network_acl": ("default_network_acl_id", "default_network_acl_id"),
    "aws_default_security_group": ("vpc_id", "default_security_group_id"),
}
"""Types that adopt it: the argument that names the VPC, and the VPC's attribute with the id."""
_ARNS = {
    "aws_cloudtrail": "arn:aws:cloudtrail:us-west-2:111122223333:trail/{}",
    "aws_cloudwatch_log_group": "arn:aws:logs:us-west-2:111122223333:log-group:{}",
    "execution_arn": "arn:aws:execute-api:us-west-2:111122223333:{}",
    "aws_iam_group": "arn:aws:iam::111122223333:group/{}",
    "aws_iam_policy": "arn:aws:iam::111122223333:policy/{}",
    "aws_iam_role": "arn:aws:iam::111122223333:role/{}",
    "aws_iam_user": "arn:aws:iam::111122223333:user/{}",
    "aws_kms_alias": "arn:aws:kms:us-west-2:111122223333:{}",
    "aws_s3_bucket": "arn:aws:s3:::{}",
    "aws_wafv2_web_acl": "arn:aws:wafv2:us-west-2:111122223333:regional/webacl/{}/1",
}
"""Others follow one pattern."""
_KEY = "arn:aws:kms:us-west-2:111122223333:key/{}"
_NAMES = ("bucket", "name", "identifier", "cluster_identifier")


class NoStateError(Exception):
    """A case holds for a plan alone; the text says why."""


def state_of(case: Mapping[str, Any]) -> Json:
    """The JSON of the state of a case.

    Args:
        case: as its TOML has it.

    Raises:
        NoStateError: a state cannot have what the case has.
    """
    if case.get("unknown") or LATER in str([case.get("resource"), case.get("output")]):
        raise NoStateError("a state has no unknown values")
    applied = _Applied(case.get("resource", {}), _default_tags(case))
    nodes = [
        applied.node(kind, name)
        for kind, table in sorted(case.get("resource", {}).items())
        for name in sorted(table)
    ]
    outputs = {
        name: {"sensitive": False, "value": applied.value(one.get("value")), "type": "string"}
        for name, one in case.get("output", {}).items()
    }
    region = case.get("provider", {}).get("aws", {}).get("region", "us-west-2")
    for node in nodes:
        if node["type"] == "aws_s3_bucket":
            node["values"]["region"] = region
    nodes += caller_identity(case)
    values = {"outputs": outputs, "root_module": {"resources": nodes}}
    return {"format_version": "1.0", "terraform_version": "1.11.4", "values": values}


class _Applied:
    def __init__(self, resources: Mapping[str, Any], default_tags: Mapping[str, str]) -> None:
        self.resources = resources
        self.default_tags = default_tags

    def node(self, kind: str, name: str) -> Json:
        """A resource as a state has it: each attribute of the schema, null without a value."""
        written = self.resources[kind][name].items()
        given = {key: self.value(value) for key, value in written if key != DEPENDS_ON}
        shapes = attribute_kinds(kind)
        values = _whole(shapes, given) if isinstance(shapes, dict) else given
        for attribute in ("id", "arn", "key_id", "target_key_arn", "bucket"):
            if attribute in values and attribute not in given:
                values[attribute] = given.get(attribute) or self.made(kind, name, attribute)
        if kind in _VPCS:
            values |= {attribute: self.made(kind, name, attribute) for attribute in _DEFAULTS}
        if kind in _ADOPTED and (owner := self.owner(kind, name)):
            values["vpc_id"] = self.made(*owner, "id")
        if kind == "aws_vpc":
            for attribute in ("default_route_table_id", "main_route_table_id"):
                values[attribute] = self.made(kind, name, "default_route_table_id")
        if kind == "aws_default_route_table":
            values["id"] = given["default_route_table_id"]
        if values.get("manage_master_user_password") and not values["master_user_secret"]:
            secret = {"kms_key_id": _KEY.format("a"), "secret_status": "active", "secret_arn": "a"}
            values["master_user_secret"] = [secret]
        if kind in taggable_types():
            values["tags_all"] = {**self.default_tags, **(given.get("tags") or {})}
        return {
            "address": f"{kind}.{name}",
            "mode": "managed",
            "type": kind,
            "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "schema_version": 0,
            "values": values,
            "sensitive_values": {},
        }

    def value(self, written: object) -> Json:
        """What an argument comes to."""
        if isinstance(written, list):
            return [self.value(item) for item in written]
        if isinstance(written, dict):
            return {key: self.value(item) for key, item in written.items()}
        if not isinstance(written, str):
            return written
        whole = _TEMPLATE.fullmatch(written)
        if whole:
            return self.referred(whole.group(1).strip())
        text = _TEMPLATE.sub(lambda found: str(self.referred(found.group(1).strip())), written)
        return text.replace("$${", "${")

    def referred(self, reference: str) -> Json:
        """The value of a plain reference."""
        if not _TRAVERSAL.fullmatch(reference):
            raise NoStateError(f"`{reference}` is worked out by Terraform")
        kind, name, attribute = reference.split(".")
        arguments = self.resources[kind][name]
        if attribute in arguments:
            return self.value(arguments[attribute])
        return self.made(kind, name, attribute)

    def owner(self, kind: str, name: str) -> tuple[str, str] | None:
        """The VPC whose part a resource adopts, where it refers to one."""
        whole = _TEMPLATE.fullmatch(str(self.resources[kind][name].get(_ADOPTED[kind][0], "")))
        if not whole or not whole.group(1).startswith(tuple(f"{kind}." for kind in _VPCS)):
            return None
        owner, named, _ = whole.group(1).strip().split(".")
        return owner, named

    def made(self, kind: str, name: str, attribute: str) -> str:
        """What AWS makes up."""
        arguments = self.resources[kind][name]
        digits = hashlib.sha256(f"{kind}.{name}".encode()).hexdigest()[:17]
        if attribute == "main_route_table_id":  # nothing chose another one
            attribute = "default_route_table_id"
        owner = self.owner(kind, name) if attribute == "id" and kind in _ADOPTED else None
        if owner:
            kind, attribute = owner[0], _ADOPTED[kind][1]
            digits = hashlib.sha256(".".join(owner).encode()).hexdigest()[:17]
        if attribute in _DEFAULTS and kind in _VPCS:
            return f"{_DEFAULTS[attribute]}{digits}"
        named = next((self.value(arguments[key]) for key in _NAMES if key in arguments), name)
        own = f"{_PREFIXES[kind]}{digits}" if kind in _PREFIXES else str(named)
        if "bucket_prefix" in arguments and "bucket" not in arguments:
            own = f"{arguments['bucket_prefix']}{digits}"
        if attribute == "execution_arn":
            kind = attribute
        if attribute in ("arn", "execution_arn"):
            other = f"arn:aws:{kind.split('_')[1]}:us-west-2:111122223333:{kind}/{{}}"
            pattern = _KEY if kind.endswith("_key") and "_kms_" in kind else other
            return _ARNS.get(kind, pattern).format(own)
        if kind == "aws_kms_alias" and attribute == "target_key_arn":
            return _KEY.format(self.value(arguments["target_key_id"]))
        if attribute.endswith("cidr_block"):
            return "fd00::/56" if "ipv6" in attribute else "10.0.0.0/16"
        if attribute.endswith("_ip"):
            return "203.0.113.7"
        return own if attribute in ("id", "key_id", "name", "bucket") else f"{own}-{attribute}"


def _whole(shapes: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, shape in shapes.items():
        inner = shape[1] if isinstance(shape, tuple) and isinstance(shape[1], dict) else None
        if key not in given:
            values[key] = [] if isinstance(shape, tuple) and shape[0] == "[" else None
        elif inner is not None and isinstance(given[key], list):
            values[key] = [_whole(inner, item) for item in given[key]]
        else:
            values[key] = given[key]
    return values


def _default_tags(case: Mapping[str, Any]) -> dict[str, str]:
    blocks = case.get("provider", {}).get("aws", {}).get("default_tags", [])
    return {key: tag for block in blocks for key, tag in block.get("tags", {}).items()}
