"""CloudWatch Logs: the key of a log group can be changed.

moto lacks AssociateKmsKey and DisassociateKmsKey: Terraform makes them when `kms_key_id` of a group
changes. (CloudWatch Logs API Reference, AssociateKmsKey.)
"""

from __future__ import annotations

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse

from revet.embedded.call import Moto
from revet.embedded.patching import add, parameter


def install() -> None:
    """Put the changes in place."""
    add(LogsResponse, associate_kms_key, disassociate_kms_key)


def associate_kms_key(self: Moto) -> str:
    """Encrypt what a log group takes in from now on with a key."""
    _group(self).kms_key_id = parameter(self, "kmsKeyId")
    return ""


def disassociate_kms_key(self: Moto) -> str:
    """Encrypt what a log group takes in from now on with the key of CloudWatch Logs."""
    _group(self).kms_key_id = None
    return ""


def _group(response: Moto) -> Moto:
    """The log group that the request names, by its name or as `resourceIdentifier` by its ARN."""
    identifier = str(parameter(response, "resourceIdentifier") or "")
    named = identifier.partition(":log-group:")[2].removesuffix(":*")
    group = response.logs_backend.groups.get(parameter(response, "logGroupName") or named)
    if group is None:
        raise ResourceNotFoundException
    return group
