"""What may be asked of AWS: reading calls only, with errors that mean something.

Nobody sees a raw client error. What cannot be read because access is denied is *unknown*; what does
not exist is a deviation; when no answer comes at all, the run ends. Nothing is swallowed.
"""

from __future__ import annotations

from typing import Any, Protocol

from revet.model.errors import RevetError, TargetError


class Reader(Protocol):
    """Read-only access to one AWS account."""

    def call(
        self,
        service: str,
        operation: str,
        *,
        region: str,
        absent: tuple[str, ...] = (),
        **parameters: object,
    ) -> dict[str, Any]:
        """Send one reading call; all pages of a paged operation come as one answer.

        Args:
            service: boto3's name of the service, for example `s3`.
            operation: boto3's name of the operation, for example `get_bucket_versioning`.
            region: the region to ask.
            absent: error codes that mean "this setting is not there"; they give `{}`.
            parameters: the operation's parameters, spelled as the API spells them.

        Returns:
            The answer as botocore shapes it, without `ResponseMetadata`.

        Raises:
            ReadDeniedError: the caller may not make this call.
            MissingResourceError: what was asked for does not exist.
            UnreachableError: no answer came, or the credentials are refused.
            TargetError: AWS answered with any other error.
            CatalogError: the operation is not a reading one, or does not exist.
        """


class ReadDeniedError(RevetError):
    """The caller's credentials do not allow a reading call.

    Args:
        action: the IAM action that is missing, for example `s3:GetBucketVersioning`.
        where: what was read.
        got: what AWS answered.
    """

    def __init__(self, action: str, *, where: str, got: str) -> None:
        super().__init__(
            "a reading call was denied",
            where=where,
            got=got,
            expected=f"permission for `{action}`",
            do=f"allow `{action}` to the identity that verifies",
        )
        self.action = action


class MissingResourceError(RevetError):
    """What was asked for does not exist in the account."""


class UnreachableError(TargetError):
    """AWS cannot be asked at all; going on makes no sense."""


READING_VERBS = ("batch_get_", "describe_", "get_", "head_", "list_", "lookup_", "search_")
"""Operations that start with one of these read. Source: the naming of the API operations."""

REFUSED = frozenset(
    {
        ("dynamodb", "get_item"),
        ("dynamodb", "batch_get_item"),
        ("ec2", "get_password_data"),
        ("ecr", "get_authorization_token"),
        ("s3", "get_object"),
        ("secretsmanager", "batch_get_secret_value"),
        ("secretsmanager", "get_secret_value"),
        ("ssm", "get_parameter"),
        ("ssm", "get_parameters"),
        ("ssm", "get_parameters_by_path"),
        ("sts", "get_federation_token"),
        ("sts", "get_session_token"),
    }
)
"""Operations that read, but hand out secrets, data or credentials: nobody here needs them."""


def is_reading(service: str, operation: str) -> bool:
    """Whether an operation may be sent; both names are boto3's."""
    return operation.startswith(READING_VERBS) and (service, operation) not in REFUSED
