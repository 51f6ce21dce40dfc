"""Sessions in other accounts, through a role that is assumed in each.

Sources: AWS STS API Reference, AssumeRole; IAM User Guide, "Access to AWS accounts owned by third
parties" (external ids) and "Methods to assume a role" (chained roles last an hour at most).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from revet.model.arn import Arn
from revet.model.errors import PrerequisiteError, RevetError, TargetError
from revet.target.organization import ACTION as LIST_ACCOUNTS

if TYPE_CHECKING:
    import boto3
    import botocore.session
    from botocore.config import Config
    from botocore.credentials import RefreshableCredentials

ACTION = "sts:AssumeRole"
_DENIED = ("AccessDenied", "AccessDeniedException")

WithCredentials: TypeAlias = Callable[["RefreshableCredentials"], "boto3.Session"]
"""A session that reaches the same AWS as another one, with these credentials."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role to assume.

    Args:
        arn: of the role.
        session_name: shown in CloudTrail.
        external_id: that the trust policy asks for; empty for none.
        seconds: how long a session lasts; None for an hour, AWS's default. Sessions are renewed.
    """

    arn: str
    session_name: str
    external_id: str = ""
    seconds: int | None = None

    def request(self) -> dict[str, Any]:
        """The parameters of AssumeRole."""
        return {
            "RoleArn": self.arn,
            "RoleSessionName": self.session_name,
            **({"ExternalId": self.external_id} if self.external_id else {}),
            **({"DurationSeconds": self.seconds} if self.seconds else {}),
        }


class RoleRefusedError(RevetError):
    """A role cannot be assumed.

    Args:
        role: the role.
        caller: ARN of whoever asked.
        got: what AWS answered.
    """

    def __init__(self, role: Role, caller: str, got: str) -> None:
        external = f" under the external id `{role.external_id}`" if role.external_id else ""
        super().__init__(
            f"`{ACTION}` was denied",
            where=role.arn,
            got=got,
            expected=f"a session of the role for `{caller}`{external}",
            do=f"make sure that the role exists, that its trust policy names the caller{external}, "
            f"and that the caller's own policy allows `{ACTION}` on it",
        )
        self.action = ACTION


class RoleSessions:
    """Sessions in other accounts for one caller; safe between threads once it is made.

    Args:
        hub: a session of the caller.
        caller: the caller's ARN, for messages.
        with_credentials: makes a session of credentials.
    """

    def __init__(self, hub: boto3.Session, caller: str, with_credentials: WithCredentials) -> None:
        self._caller = caller
        self._with_credentials = with_credentials
        self._sts = hub.client("sts", config=_of_aws_itself())

    def session(self, role: Role) -> boto3.Session:
        """Assume a role, and make sure that the session is in the account of the role's ARN.

        Args:
            role: the role.

        Returns:
            A session whose credentials are renewed before they end.

        Raises:
            RoleRefusedError: AWS does not hand the role out.
            PrerequisiteError: the caller's own credentials cannot be used.
            TargetError: AWS cannot be asked, or the session is in another account.
        """
        from botocore.credentials import RefreshableCredentials  # noqa: PLC0415 - heavy

        credentials = RefreshableCredentials.create_from_metadata(
            metadata=self._assume(role),
            refresh_using=lambda: self._assume(role),
            method="assume-role",
        )
        session = self._with_credentials(credentials)
        with _asking(role, self._caller):
            found = session.client("sts", config=_of_aws_itself()).get_caller_identity()
        account = Arn.parse(role.arn).account
        if found["Account"] != account:
            raise TargetError(
                "the session of a role is in another account than the role; nothing was read",
                where=role.arn,
                got=f"{found['Account']}, as {found['Arn']}",
                expected=account,
                do="find out who answers for AWS: look at proxies, endpoints and the role",
            )
        return session

    def _assume(self, role: Role) -> dict[str, str]:
        """Credentials, as botocore renews them."""
        with _asking(role, self._caller):
            found = self._sts.assume_role(**role.request())["Credentials"]
        return {
            "access_key": found["AccessKeyId"],
            "secret_key": found["SecretAccessKey"],
            "token": found["SessionToken"],
            "expiry_time": found["Expiration"].isoformat(),
        }


def _of_aws_itself() -> Config:
    """Whoever the user's settings name instead of AWS is not asked."""
    from botocore.config import Config  # noqa: PLC0415 - heavy

    return Config(ignore_configured_endpoint_urls=True)  # type: ignore[call-arg] # the stubs lack it


def calling_policy(roles: Sequence[str], *, organization: bool) -> dict[str, Any]:
    """The identity policy of whoever assumes roles in other accounts.

    Args:
        roles: their ARNs; one for every account has `*` for the account.
        organization: whether the accounts are those of the organization; roles elsewhere are then
            left out.
    """
    inside = {"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}
    assume: dict[str, Any] = {
        "Sid": "AssumeReadingRoles",
        "Effect": "Allow",
        "Action": ACTION,
        "Resource": list(roles),
        **({"Condition": inside} if organization else {}),
    }
    listing = {
        "Sid": "ListAccounts",
        "Effect": "Allow",
        "Action": LIST_ACCOUNTS,
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [assume, *([listing] if organization else [])]}


@contextmanager
def _asking(role: Role, caller: str) -> Iterator[None]:
    """Raise what boto3 says in the block as an error of ours."""
    from botocore import exceptions  # noqa: PLC0415 - heavy

    try:
        yield
    except exceptions.NoCredentialsError as error:
        raise PrerequisiteError(
            "no usable AWS credentials",
            where=role.arn,
            got=str(error),
            do="sign in (`aws sso login`, `AWS_PROFILE`, …) and run it again",
        ) from error
    except (exceptions.ClientError, exceptions.BotoCoreError) as error:
        answer = getattr(error, "response", {})
        if str(answer.get("Error", {}).get("Code", "")) in _DENIED:
            raise RoleRefusedError(role, caller, str(error)) from error
        raise TargetError(
            "a role cannot be assumed",
            where=role.arn,
            got=str(error),
            expected="a session of the role",
            do="see the error: a session lasts no longer than the role's maximum, and an hour "
            "where the caller is a session of a role itself; `duration` asks for less",
        ) from error


def session_like(
    hub: boto3.Session, region: str, raw: Callable[[], botocore.session.Session]
) -> WithCredentials:
    """How sessions with other credentials are made beside a session.

    Args:
        hub: whose parsed service models they share, so that they are read once.
        region: of the sessions.
        raw: makes a session with everything set but credentials.
    """
    import boto3  # noqa: PLC0415 - heavy
    from botocore.credentials import CredentialResolver  # noqa: PLC0415 - same

    models = hub._session.get_component("data_loader")  # noqa: SLF001 - boto3 has no way to ask

    def make(credentials: RefreshableCredentials) -> boto3.Session:
        inner = raw()
        inner.register_component("data_loader", models)
        given = cast("Any", _Given(credentials))
        inner.register_component("credential_provider", CredentialResolver([given]))
        return boto3.Session(botocore_session=inner, region_name=region)

    return make


class _Given:
    """A provider of credentials, as botocore calls them, of those that there are."""

    METHOD = "assume-role"
    CANONICAL_NAME = None

    def __init__(self, credentials: RefreshableCredentials) -> None:
        self._credentials = credentials

    def load(self) -> RefreshableCredentials:
        return self._credentials
