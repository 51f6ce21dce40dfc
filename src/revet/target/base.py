"""What a target is: a place that a stack can be deployed to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from revet.model.finding import Origin
from revet.target.blocks import Expression
from revet.target.modules import Module
from revet.target.provider_blocks import Settings
from revet.target.wall import Wall

if TYPE_CHECKING:
    import boto3

Name = Literal["embedded", "aws"]

Evaluate = Callable[[Mapping[str, Expression]], Mapping[str, Any]]
"""Works out expressions of a root module; raises `UsageError` where they have no value yet."""


class Target(Protocol):
    """A place that a stack can be deployed to.

    The configuration is the same for every target; a target differs by the environment that
    Terraform and boto3 get, and by where the state lies.
    """

    @property
    def name(self) -> Name:
        """What reports call it."""

    @property
    def origin(self) -> Origin:
        """What evidence from it counts as; emulated evidence is never shown as real."""

    def start(self) -> None:
        """Make it ready; does nothing when it is ready already."""

    def stop(self) -> None:
        """Let go of what `start` holds."""

    def account(self) -> str:
        """The account's twelve digits; only after `start`."""

    def environment(self) -> Mapping[str, str]:
        """The whole environment for any program that is to reach this target."""

    def session(self, region: str) -> boto3.Session:
        """A boto3 session whose clients reach this target and nothing else.

        Args:
            region: the region of its clients.
        """

    def backend_override(self, state_path: Path) -> Mapping[str, Any] | None:
        """The backend to use in place of the configuration's own.

        Args:
            state_path: the state file to use, where the target keeps the state in a file.

        Returns:
            The content of `terraform.backend`, or None to leave the configuration's backend.
        """

    def admit(self, modules: Sequence[Module]) -> None:
        """Refuse what a configuration must not do on this target.

        Args:
            modules: of one configuration, the root first.

        Raises:
            UsageError: it reaches out of the target.
        """

    def provider_settings(self, modules: Sequence[Module], evaluate: Evaluate) -> Settings:
        """What our override sets in each configuration of the AWS provider.

        Args:
            modules: of one configuration, the root first.
            evaluate: works out expressions of the root module.

        Raises:
            RevetError: a configuration cannot be confined to the target; its account is not
                confirmed.
        """

    def require_plan(self, plan: Mapping[str, Any]) -> None:
        """Hold what Terraform says of the provider configurations against the settings.

        Args:
            plan: the plan's JSON.

        Raises:
            InputError: they differ.
        """

    def confirm_again(self) -> None:
        """Make sure, right before an apply, that the accounts are still those confirmed.

        Raises:
            RevetError: they are not, or it is not known.
        """

    def wall(self, writable: Sequence[Path]) -> Wall | None:
        """What Terraform and its providers must not reach; None where they may reach anything.

        Args:
            writable: folders of the run.
        """

    @property
    def disposable(self) -> bool:
        """Whether it belongs to one run, which throws it away with everything in it."""

    def lifeline(self) -> AbstractContextManager[int | None]:
        """An open file that becomes readable when it has gone; None where that is not known.

        Raises:
            EmbeddedError: it has gone already.
        """

    def leftovers(self) -> list[str] | None:
        """What is still there, as `service: name`, after a stack was destroyed.

        Returns:
            Empty when nothing is left; None when the target cannot know.
        """
