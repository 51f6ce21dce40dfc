"""The embedded AWS as a target."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from revet.model.errors import TargetError
from revet.model.finding import Origin
from revet.target.base import Evaluate, Name
from revet.target.confine import embedded_settings, require_confined, require_confined_plan
from revet.target.environment import WORKSPACE, confined
from revet.target.modules import Module
from revet.target.provider_blocks import Settings
from revet.target.roles import WithCredentials, session_like
from revet.target.wall import Wall

if TYPE_CHECKING:
    import boto3
    import botocore.session

    from revet.embedded.daemon import Daemon


class EmbeddedTarget:
    """The embedded AWS: a child process on this machine that forgets everything when it is told to.

    Args:
        state_dir: the folder that it keeps its state in, between commands.
        region: default region of the programs that use it; a provider block's own counts more.
        environment: the environment to start from; the process's own by default. Only paths,
            language and Terraform's input variables get through (`confined`).
        disposable: it belongs to one run, which throws the folder away: Terraform's state lies in
            it too.
        states: the folder of Terraform's state where it is disposable; its own by default. Several
            stacks in one embedded AWS have one each.
        functions: whether functions may run in it, from `start` on; None leaves it as it is. They
            run unless they were forbidden.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        region: str = "us-east-1",
        environment: Mapping[str, str] | None = None,
        disposable: bool = False,
        states: Path | None = None,
        functions: bool | None = None,
    ) -> None:
        self._functions = functions
        self.disposable = disposable
        self.state_dir = state_dir
        self._states = states or state_dir
        self.region = region
        self._own = dict(os.environ if environment is None else environment)
        self._daemon: Daemon | None = None
        self._account = ""

    @property
    def name(self) -> Name:
        """`embedded`."""
        return "embedded"

    @property
    def origin(self) -> Origin:
        """Emulated."""
        return Origin.EMULATED

    @property
    def daemon(self) -> Daemon:
        """The running embedded AWS.

        Raises:
            TargetError: it has not been started.
        """
        if self._daemon is None:
            raise TargetError(
                "the embedded AWS has not been started",
                where=str(self.state_dir),
                do="call `start` first",
            )
        return self._daemon

    def start(self) -> None:
        """Start it, or take the one that runs on this folder already.

        Raises:
            EmbeddedError: it does not start.
            PrerequisiteError: the extra `embedded` is not installed.
        """
        from revet.embedded.daemon import start_daemon  # noqa: PLC0415 - needs the extra
        from revet.embedded.daemon_record import let_functions_run  # noqa: PLC0415 - likewise

        if self._functions is not None:
            let_functions_run(self.state_dir, allowed=self._functions)
        self._daemon = start_daemon(self.state_dir, region=self.region)
        self.account()  # kept for the verdict, should it have gone by then

    def stop(self) -> None:
        """End it; its state stays in its folder."""
        from revet.embedded.daemon import stop_daemon  # noqa: PLC0415 - needs the extra

        stop_daemon(self.state_dir)
        self._daemon = None

    def account(self) -> str:
        """The account that moto gives to root credentials; asked once."""
        if not self._account:
            identity = self.session(self.region).client("sts").get_caller_identity()
            self._account = str(identity["Account"])
        return self._account

    def environment(self) -> Mapping[str, str]:
        """The environment of every program that is to reach it.

        Nothing of the user's AWS settings is in it: no profile, no endpoint, no session token. A
        state of ours has the default workspace only.
        """
        daemon = self.daemon
        return {**confined(self._own), WORKSPACE: "default", **daemon.environment()}

    def session(self, region: str) -> boto3.Session:
        """A session that reaches the embedded AWS only, whatever the process's own settings are."""
        import boto3  # noqa: PLC0415 - heavy, and a plan alone does not need it

        settings = self.daemon.environment()
        raw = self._session()
        raw.set_credentials(settings["AWS_ACCESS_KEY_ID"], settings["AWS_SECRET_ACCESS_KEY"])
        return boto3.Session(botocore_session=raw, region_name=region)

    def sessions(self, beside: boto3.Session) -> WithCredentials:
        """How sessions with other credentials are made.

        Args:
            beside: a session of `session`.
        """
        return session_like(beside, beside.region_name or self.region, self._session)

    def _session(self) -> botocore.session.Session:
        """A session without credentials that reaches the embedded AWS only."""
        import botocore.session  # noqa: PLC0415 - heavy
        from botocore.config import Config  # noqa: PLC0415 - same

        settings = self.daemon.environment()
        raw = botocore.session.Session(
            session_vars={
                "profile": (None, None, None, None),
                "config_file": (None, None, os.devnull, None),
                "credentials_file": (None, None, os.devnull, None),
                "ca_bundle": (None, None, settings["AWS_CA_BUNDLE"], None),
            }
        )
        raw.set_default_client_config(
            Config(
                proxies={"https": settings["HTTPS_PROXY"], "http": settings["HTTPS_PROXY"]},
                retries={"total_max_attempts": 1},
            )
        )
        raw.set_config_variable("ignore_configured_endpoint_urls", True)
        return raw

    def backend_override(self, state_path: Path) -> Mapping[str, Any] | None:
        """A state file of our own in place of the configuration's backend."""
        path = self.state(state_path.name) if self.disposable else state_path
        return {"local": {"path": str(path.resolve())}}

    def state(self, name: str) -> Path:
        """The state file of a stack on a disposable target.

        Args:
            name: of the file.
        """
        return self._states / name

    def admit(self, modules: Sequence[Module]) -> None:
        """Refuse what reaches out although no provider configuration says so."""
        require_confined(modules)

    def provider_settings(self, modules: Sequence[Module], evaluate: Evaluate) -> Settings:
        """Unset whatever names hosts, credentials or accounts of the world outside."""
        del modules, evaluate
        return embedded_settings

    def require_plan(self, plan: Mapping[str, Any]) -> None:
        """No configuration of the AWS provider may lead elsewhere."""
        require_confined_plan(plan)

    def confirm_again(self) -> None:
        """Nothing to confirm: whoever holds the keys reaches this embedded AWS only."""

    def wall(self, writable: Sequence[Path]) -> Wall | None:
        """The gateway's port is the only one that anything needs."""
        return Wall(self.daemon.port, (*writable, self.state_dir))

    def lifeline(self) -> AbstractContextManager[int]:
        """A connection that ends with its process, however that ends."""
        return self.daemon.lifeline()

    def leftovers(self) -> list[str] | None:
        """Everything that exists in the embedded AWS, as `service: name`."""
        return [
            f"{service}: {name}"
            for service, names in sorted(self.daemon.inventory().items())
            for name in sorted(names)
        ]
