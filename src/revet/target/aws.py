"""Real AWS accounts, used only when the user has confirmed each of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from revet.model.errors import InputError, TargetError, UsageError
from revet.model.finding import Origin
from revet.target.accounts import (
    Configured,
    Identity,
    configured,
    expressions_of,
    identify_all,
)
from revet.target.base import Evaluate, Name
from revet.target.modules import Module
from revet.target.provider_blocks import ProviderBlock, Settings, aws_blocks, planned_aws
from revet.target.roles import WithCredentials, session_like

if TYPE_CHECKING:
    import boto3

Confirm = Callable[[Mapping[str, Identity]], None]
"""Shows the user whose each provider configuration is; raises `UsageError` for a no."""

_ONLY = "allowed_account_ids"
_NEVER = "forbidden_account_ids"
_UNASKED = "skip_requesting_account_id"


class AwsTarget:
    """Real AWS accounts.

    Nothing is sent to them but what it takes to learn whose credentials each configuration of the
    AWS provider ends up with (`sts:GetCallerIdentity`, after the roles that it assumes), until the
    user has confirmed the accounts. From then on the provider itself refuses any other account.

    Args:
        region: where a provider configuration names none.
        confirm: asks the user, or compares with what the user has said.
        environment: the user's environment, credentials included; the process's own by default.
    """

    def __init__(
        self, *, region: str, confirm: Confirm, environment: Mapping[str, str] | None = None
    ) -> None:
        self._region = region
        self._confirm = confirm
        self._environment = dict(os.environ if environment is None else environment)
        self._configured: tuple[Configured, ...] = ()
        self._identities: dict[str, Identity] = {}
        self._session: boto3.Session | None = None

    @property
    def name(self) -> Name:
        """`aws`."""
        return "aws"

    @property
    def origin(self) -> Origin:
        """Real."""
        return Origin.REAL

    def start(self) -> None:
        """Nothing to do: an account is there."""

    def stop(self) -> None:
        """Forget what was confirmed."""
        self._identities = {}
        self._session = None

    def account(self) -> str:
        """The account of the root module's default provider configuration.

        Raises:
            TargetError: nothing has been confirmed.
        """
        self._require_confirmed()
        return next(iter(self._identities.values())).account

    def environment(self) -> Mapping[str, str]:
        """The user's environment, as it is."""
        return dict(self._environment)

    def session(self, region: str) -> boto3.Session:
        """A session with the credentials of the root module's default provider configuration.

        Args:
            region: the region of its clients.

        Raises:
            TargetError: nothing has been confirmed.
        """
        import boto3  # noqa: PLC0415 - heavy, and only this target needs it here

        self._require_confirmed()
        if self._session is None:
            _, self._session = identify_all(self._configured, self._region, self._environment)
        raw = self._session._session  # noqa: SLF001 - boto3 has no other way to another region
        return boto3.Session(botocore_session=raw, region_name=region)

    def backend_override(self, state_path: Path) -> None:
        """None: the configuration's own backend keeps the state."""
        del state_path

    def admit(self, modules: Sequence[Module]) -> None:
        """Refuse nothing: a real account may be told to read from elsewhere."""
        del modules

    def provider_settings(self, modules: Sequence[Module], evaluate: Evaluate) -> Settings:
        """Ask who each configuration is, have it confirmed, and pin each to its account.

        Args:
            modules: of one configuration, the root first.
            evaluate: works out expressions of the root module.

        Raises:
            UsageError: an account is not known, or is not confirmed.
            PrerequisiteError: there are no usable credentials.
            TargetError: AWS cannot be asked.
        """
        blocks = aws_blocks(modules)
        wanted = {
            f"{block.key} {name}": expression
            for block in blocks
            for name, expression in expressions_of(block).items()
        }
        values = evaluate(wanted)
        self._configured = tuple(configured(block, _of(block.key, values)) for block in blocks)
        found, session = identify_all(self._configured, self._region, self._environment)
        if found != self._identities:
            self._confirm(found)
        self._identities, self._session = found, session
        return self._pinned

    def _pinned(self, block: ProviderBlock) -> Mapping[str, Any]:
        settings: dict[str, Any] = {_ONLY: [self._identities[block.key].account]}
        if _NEVER in block.names:
            settings[_NEVER] = None  # the provider takes one of the two only
        if _UNASKED in block.names:
            settings[_UNASKED] = False
        return settings

    def require_plan(self, plan: Mapping[str, Any]) -> None:
        """Each configuration of the AWS provider must be pinned to its confirmed account.

        Args:
            plan: the plan's JSON.

        Raises:
            InputError: one is not.
        """
        self._require_confirmed()
        for key, expressions in planned_aws(plan):
            pinned = expressions.get(_ONLY, {}).get("constant_value")
            identity = self._identities.get(key)
            if identity is None or pinned != [identity.account]:
                raise InputError(
                    "the plan was made with a provider configuration that was not confirmed",
                    where=f"provider configuration `{key}`",
                    got=f"`{_ONLY} = {pinned}`",
                    expected=f"`{identity.account}`"
                    if identity
                    else ", ".join(f"`{name}`" for name in self._identities),
                    do="run it again; if it stays, tell us with the file that sets it",
                )

    def confirm_again(self) -> None:
        """Ask who each configuration is once more; all must be who they were.

        Raises:
            UsageError: one is somebody else now.
            RevetError: it is not known.
        """
        self._require_confirmed()
        found, self._session = identify_all(self._configured, self._region, self._environment)
        for key, identity in found.items():
            before = self._identities[key]
            if identity.account != before.account:
                raise UsageError(
                    "the credentials belong to another account than a moment ago",
                    where=f"provider configuration `{key}`, {identity.arn}",
                    got=identity.account,
                    expected=before.account,
                    do="sign in to the account that you mean, and run it again",
                )

    def wall(self, writable: Sequence[Path]) -> None:
        """None: real accounts lie anywhere."""
        del writable

    @property
    def disposable(self) -> bool:
        """Never."""
        return False

    def lifeline(self) -> AbstractContextManager[None]:
        """None: an account does not go."""
        return nullcontext()

    def leftovers(self) -> None:
        """None: what else lives in the account is not ours to list."""

    def _require_confirmed(self) -> None:
        if not self._identities:
            raise TargetError(
                "no account has been confirmed",
                where="target aws",
                do="call `provider_settings` first",
            )


def own_session(region: str) -> tuple[boto3.Session, Identity]:
    """A session with the credentials of the environment, and whose they are.

    Args:
        region: of its clients, where they name none.

    Raises:
        PrerequisiteError: there are no usable credentials.
        TargetError: AWS cannot be asked.
    """
    own = Configured("environment", "the environment")
    found, session = identify_all((own,), region, dict(os.environ))
    return session, found[own.key]


def own_sessions(beside: boto3.Session) -> WithCredentials:
    """How sessions with other credentials are made beside the one of the environment.

    Args:
        beside: of `own_session`.
    """
    import botocore.session  # noqa: PLC0415 - heavy

    return session_like(beside, beside.region_name, botocore.session.Session)


def _of(key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    prefix = f"{key} "
    return {name.removeprefix(prefix): v for name, v in values.items() if name.startswith(prefix)}
