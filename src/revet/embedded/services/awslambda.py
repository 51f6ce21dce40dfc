"""Lambda: functions can be deployed, and are not run.

moto runs functions in docker, or, without it, answers every call with an invented success. Neither
is wanted: an invocation is an error that says so.
"""

from __future__ import annotations

from moto.awslambda.models import LambdaFunction

from revet.embedded.call import Moto
from revet.embedded.patching import replace


def install() -> None:
    """Put the change in place."""
    replace(LambdaFunction, "invoke", lambda _: _invoke)


def _invoke(self: LambdaFunction, *_args: Moto, **_kwargs: Moto) -> Moto:
    raise NotImplementedError(f"the function `{self.function_name}` is not run")
