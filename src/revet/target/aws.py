"""A real AWS account, used only when the user has named it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from revet.model.errors import ArgumentError, PrerequisiteError, TargetError, UsageError
from revet.model.finding import Origin
from revet.target.base import Name

if TYPE_CHECKING:
    import boto3

_ACCOUNT = re.compile(r"[0-9]{12}")


class AwsTarget:
    """A real AWS account.

    Nothing is sent to it but one `sts:GetCallerIdentity`, until that has shown that the
    credentials belong to the account which the user has confirmed.

    Args:
        account: the twelve digits that the user has confirmed.
        region: region of the identity call; Terraform's comes from the configuration.
        environment: the user's environment, credentials included; the process's own by default.

    Raises:
        ArgumentError: not twelve digits.
    """

    def __init__(
        self, account: str, *, region: str, environment: Mapping[str, str] | None = None
    ) -> None:
        if not _ACCOUNT.fullmatch(account):
            raise ArgumentError(
                "not an AWS account id",
                where="account",
                got=f"`{account}`",
                expected="twelve digits",
                do="give the id of the account that you mean to change",
            )
        self._confirmed = account
        self._region = region
        self._environment = dict(os.environ if environment is None else environment)
        self._proven = False

    @property
    def name(self) -> Name:
        """`aws`."""
        return "aws"

    @property
    def origin(self) -> Origin:
        """Real."""
        return Origin.REAL

    def start(self) -> None:
        """Make sure that the credentials belong to the confirmed account.

        Raises:
            PrerequisiteError: there are no usable credentials.
            UsageError: they belong to another account.
            TargetError: AWS cannot be asked.
        """
        identity = identify(self._region, self._environment)
        if identity.account != self._confirmed:
            raise UsageError(
                "the credentials belong to another account",
                where=identity.arn,
                got=identity.account,
                expected=self._confirmed,
                do="use credentials of the account that you confirmed, or confirm this one",
            )
        self._proven = True

    def stop(self) -> None:
        """Forget that the account was proven."""
        self._proven = False

    def account(self) -> str:
        """The confirmed account.

        Raises:
            TargetError: `start` has not proven it.
        """
        self._require_proven()
        return self._confirmed

    def environment(self) -> Mapping[str, str]:
        """The user's environment, as it is.

        Raises:
            TargetError: `start` has not proven the account.
        """
        self._require_proven()
        return dict(self._environment)

    def session(self, region: str) -> boto3.Session:
        """A session with the user's credentials.

        Raises:
            TargetError: `start` has not proven the account.
        """
        self._require_proven()
        return _session(region, self._environment)

    def backend_override(self, state_path: Path) -> None:
        """None: the configuration's own backend keeps the state."""
        del state_path

    @property
    def disposable(self) -> bool:
        """Never."""
        return False

    def lifeline(self) -> AbstractContextManager[None]:
        """None: an account does not go."""
        return nullcontext()

    def leftovers(self) -> None:
        """None: what else lives in the account is not ours to list."""

    def _require_proven(self) -> None:
        if not self._proven:
            raise TargetError(
                "the account has not been confirmed against the credentials",
                where=f"account {self._confirmed}",
                do="call `start` first",
            )


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose credentials the environment holds.

    Args:
        account: the account's twelve digits.
        arn: of the principal.
    """

    account: str
    arn: str


def identify(region: str, environment: Mapping[str, str] | None = None) -> Identity:
    """Ask AWS whose credentials these are: one `sts:GetCallerIdentity`, nothing else.

    Args:
        region: region of the call.
        environment: the user's environment, credentials included; the process's own by default.

    Raises:
        PrerequisiteError: there are no usable credentials.
        TargetError: AWS cannot be asked.
    """
    from botocore import exceptions  # noqa: PLC0415 - 0.3 s that no other target pays

    settings = os.environ if environment is None else environment
    try:
        answer = _session(region, settings).client("sts").get_caller_identity()
    except (
        exceptions.NoCredentialsError,
        exceptions.PartialCredentialsError,
        exceptions.ProfileNotFound,
        exceptions.TokenRetrievalError,
        exceptions.UnauthorizedSSOTokenError,
    ) as error:
        raise PrerequisiteError(
            "no usable AWS credentials",
            where="the environment's AWS settings",
            got=str(error),
            do="sign in (`aws sso login`, `AWS_PROFILE`, …) and run it again",
        ) from error
    except (exceptions.ClientError, exceptions.BotoCoreError) as error:
        raise TargetError(
            "AWS does not say whose credentials these are",
            where="sts:GetCallerIdentity",
            got=str(error),
            do="check the credentials and the network",
        ) from error
    return Identity(answer["Account"], answer["Arn"])


def _session(region: str, environment: Mapping[str, str]) -> boto3.Session:
    import boto3  # noqa: PLC0415 - heavy, and only this target needs it here

    return boto3.Session(
        aws_access_key_id=environment.get("AWS_ACCESS_KEY_ID"),
        aws_secret_access_key=environment.get("AWS_SECRET_ACCESS_KEY"),
        aws_session_token=environment.get("AWS_SESSION_TOKEN"),
        profile_name=environment.get("AWS_PROFILE"),
        region_name=region,
    )
