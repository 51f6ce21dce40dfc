"""What a target is: a place that a stack can be deployed to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from revet.model.finding import Origin

if TYPE_CHECKING:
    import boto3

Name = Literal["embedded", "aws"]


class Target(Protocol):
    """A place that a stack can be deployed to.

    The configuration is the same for every target; a target differs by the environment that
    Terraform and boto3 get, and by where the state lies.
    """

    @property
    def name(self) -> Name:
        """What reports call it."""
        ...

    @property
    def origin(self) -> Origin:
        """What evidence from it counts as; emulated evidence is never shown as real."""
        ...

    def start(self) -> None:
        """Make it ready; does nothing when it is ready already."""
        ...

    def stop(self) -> None:
        """Let go of what `start` holds."""
        ...

    def account(self) -> str:
        """The account's twelve digits; only after `start`."""
        ...

    def environment(self) -> Mapping[str, str]:
        """The whole environment for any program that is to reach this target."""
        ...

    def session(self, region: str) -> boto3.Session:
        """A boto3 session whose clients reach this target and nothing else.

        Args:
            region: the region of its clients.
        """
        ...

    def backend_override(self, state_path: Path) -> Mapping[str, Any] | None:
        """The backend to use in place of the configuration's own.

        Args:
            state_path: the state file to use, where the target keeps the state in a file.

        Returns:
            The content of `terraform.backend`, or None to leave the configuration's backend.
        """
        ...

    @property
    def disposable(self) -> bool:
        """Whether it belongs to one run, which throws it away with everything in it."""
        ...

    def lifeline(self) -> AbstractContextManager[int | None]:
        """An open file that becomes readable when it has gone; None where that cannot be told.

        Raises:
            EmbeddedError: it has gone already.
        """
        ...

    def leftovers(self) -> list[str] | None:
        """What is still there, as `service: name`, after a stack was destroyed.

        Returns:
            Empty when nothing is left; None when the target cannot know.
        """
        ...
