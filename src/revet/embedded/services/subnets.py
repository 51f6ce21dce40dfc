"""EC2: subnets and DHCP options with everything that they were given.

- moto's ModifySubnetAttribute drops three attributes without a word; Terraform then waits for them
  for minutes. (EC2 API Reference, ModifySubnetAttribute.)
- moto drops the tags that DHCP options are created with, and options that it does not know. (EC2
  API Reference, CreateDhcpOptions: `ipv6-address-preferred-lease-time`.)
"""

from __future__ import annotations

from collections.abc import Callable

from moto.ec2.responses import EC2Response

from revet.embedded.call import Moto
from revet.embedded.patching import parameter, replace

_HOSTNAME_TYPE = "PrivateDnsHostnameTypeOnLaunch"
_AAAA_RECORD = "EnableResourceNameDnsAAAARecordOnLaunch"
_DNS64 = "EnableDns64"


def install() -> None:
    """Put the changes in place."""
    replace(EC2Response, "modify_subnet_attribute", _modify_subnet)
    replace(EC2Response, "create_dhcp_options", _create_options)


def _modify_subnet(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def modify_subnet_attribute(self: Moto) -> Moto:
        answer = original(self)
        subnet = self.ec2_backend.get_subnet(parameter(self, "SubnetId"))
        names = subnet.private_dns_name_options_on_launch
        kind = parameter(self, _HOSTNAME_TYPE)
        if kind is not None:
            names["HostnameType"] = kind
        record = parameter(self, f"{_AAAA_RECORD}.Value")
        if record is not None:
            names["EnableResourceNameDnsAAAARecord"] = record
        dns64 = parameter(self, f"{_DNS64}.Value")
        if dns64 is not None:
            subnet.enable_dns64 = dns64
        return answer

    return modify_subnet_attribute


def _create_options(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def create_dhcp_options(self: Moto) -> Moto:
        answer = original(self)
        made = answer.result["DhcpOptions"]
        for option in parameter(self, "DhcpConfigurations") or []:
            made._options.setdefault(option["Key"], option["Values"])  # noqa: SLF001 - where moto keeps them
        tags = [
            tag
            for specification in parameter(self, "TagSpecifications") or []
            for tag in specification.get("Tags") or []
        ]
        made.add_tags({tag["Key"]: tag.get("Value", "") for tag in tags})
        return answer

    return create_dhcp_options
