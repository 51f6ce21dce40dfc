"""IAM: AWS's managed policies, permissions boundaries of users, tags of virtual MFA devices.

- moto leaves AWS's managed policies out unless it is told to load them. Every account and partition
  has them; their documents are shared, so that a snapshot holds each once.
- ListMFADeviceTags, TagMFADevice and UntagMFADevice are missing, and tags given at creation are
  dropped. (IAM API Reference, CreateVirtualMFADevice.)
- A user's permissions boundary is dropped by CreateUser, and PutUserPermissionsBoundary and
  DeleteUserPermissionsBoundary are missing: no request of the user was limited by it. (IAM API
  Reference, User, `PermissionsBoundary`.)
- GetAccountAuthorizationDetails gives managed policies neither `PolicyName` nor `PolicyId`. (IAM
  API Reference, ManagedPolicyDetail.)
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator

from moto.core.config import default_user_config
from moto.core.responses import ActionResult, EmptyResult
from moto.iam.exceptions import NoSuchEntity, NotFoundException, ValidationError
from moto.iam.models import IAMBackend, ManagedPolicy, User
from moto.iam.responses import IamResponse

from revet.embedded.call import Moto
from revet.embedded.patching import add, parameter, replace

_BOUNDARY = "permissions_boundary_arn"  # as moto names it on a role
_TAGS = "revet_tags"
_TAG_KEY = re.compile(r"^Tags\.member\.(\d+)\.Key$")
_TAG_KEYS = re.compile(r"^TagKeys\.member\.\d+$")


def install() -> None:
    """Put the changes in place."""
    default_user_config["iam"] = {"load_aws_managed_policies": True}
    replace(IAMBackend, "_init_aws_policies", _init_aws_policies)
    replace(IamResponse, "create_virtual_mfa_device", _create_virtual_mfa_device)
    add(IamResponse, list_mfa_device_tags, tag_mfa_device, untag_mfa_device)
    replace(IamResponse, "create_user", _create_user)
    add(IamResponse, put_user_permissions_boundary, delete_user_permissions_boundary)
    add(User, permissions_boundary, as_property=True)
    add(ManagedPolicy, policy_name, policy_id, as_property=True)


def _init_aws_policies(original: Callable[..., list[Moto]]) -> Callable[..., list[Moto]]:
    def init_aws_policies(self: IAMBackend) -> list[Moto]:
        policies = original(self)
        for policy in policies:
            for version in policy.versions:
                version.document = sys.intern(version.document)
        return policies

    return init_aws_policies


def _create_virtual_mfa_device(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def create_virtual_mfa_device(self: Moto) -> ActionResult:
        answer: ActionResult = original(self)
        made: Moto = answer.result
        setattr(made["VirtualMFADevice"], _TAGS, dict(_tags(self)))
        return answer

    return create_virtual_mfa_device


def _create_user(original: Callable[[Moto], ActionResult]) -> Callable[[Moto], ActionResult]:
    def create_user(self: Moto) -> ActionResult:
        boundary = _boundary(self)
        answer = original(self)
        made: Moto = answer.result
        setattr(made["User"], _BOUNDARY, boundary)
        return answer

    return create_user


def put_user_permissions_boundary(self: Moto) -> EmptyResult:
    """Limit what a user's own policies allow."""
    user = self.backend.get_user(parameter(self, "UserName"))
    setattr(user, _BOUNDARY, _boundary(self))
    return EmptyResult()


def delete_user_permissions_boundary(self: Moto) -> EmptyResult:
    """Take the limit away."""
    user = self.backend.get_user(parameter(self, "UserName"))
    if getattr(user, _BOUNDARY, None) is None:
        raise NoSuchEntity(f"The user with name {user.name} has no permissions boundary.")
    setattr(user, _BOUNDARY, None)
    return EmptyResult()


def _boundary(response: Moto) -> str | None:
    """The policy that the request names as boundary; `None` when it names none."""
    arn: str | None = parameter(response, "PermissionsBoundary")
    if arn and not response.backend.policy_arn_regex.match(arn):
        raise ValidationError(f"Value ({arn}) for parameter PermissionsBoundary is invalid.")
    return arn


def permissions_boundary(self: Moto) -> dict[str, str] | None:
    """A user's boundary, as IAM answers it."""
    arn = getattr(self, _BOUNDARY, None)
    kind = "PermissionsBoundaryPolicy"
    return {"PermissionsBoundaryType": kind, "PermissionsBoundaryArn": arn} if arn else None


def policy_name(self: Moto) -> str:
    """A managed policy's name, by the word of `ManagedPolicyDetail`."""
    name: str = self.name
    return name


def policy_id(self: Moto) -> str:
    """A managed policy's id, by the word of `ManagedPolicyDetail`."""
    own: str = self.id
    return own


def list_mfa_device_tags(self: Moto) -> ActionResult:
    """Tags of one virtual MFA device."""
    tags = [{"Key": key, "Value": value} for key, value in _device_tags(self).items()]
    return ActionResult({"Tags": tags, "IsTruncated": False})


def tag_mfa_device(self: Moto) -> EmptyResult:
    """Add tags, or change them."""
    _device_tags(self).update(_tags(self))
    return EmptyResult()


def untag_mfa_device(self: Moto) -> EmptyResult:
    """Take tags away."""
    for name, value in self.querystring.items():
        if _TAG_KEYS.match(name):
            _device_tags(self).pop(value[0], None)
    return EmptyResult()


def _tags(response: Moto) -> Iterator[tuple[str, str]]:
    for name, value in response.querystring.items():
        match = _TAG_KEY.match(name)
        if match:
            yield value[0], response.querystring.get(f"Tags.member.{match[1]}.Value", [""])[0]


def _device_tags(response: Moto) -> dict[str, str]:
    serial = parameter(response, "SerialNumber")
    device = response.backend.virtual_mfa_devices.get(serial)
    if device is None:
        raise NotFoundException(f"VirtualMFADevice with serial number {serial} doesn't exist.")
    tags: dict[str, str] = vars(device).setdefault(_TAGS, {})
    return tags
