"""How other services call a function: by its ARN, and as its policy allows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends

from revet.embedded.call import Moto
from revet.embedded.functions.invoke import Answer, invoke, invoke_later
from revet.embedded.wire_error import AwsError

_ARN = re.compile(
    r"arn:[a-z-]+:lambda:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):function:"
    r"(?P<name>[A-Za-z0-9_-]+)(?::(?P<qualifier>[A-Za-z0-9_$-]+))?"
)


Run = Callable[[str, str, str, bytes], Answer]
"""`run(account, region, function, payload)`: waits for the answer."""
Start = Callable[[str, str, str, bytes, str], None]
"""`start(account, region, function, payload, source)`: goes on at once."""


@dataclass(frozen=True, slots=True)
class FunctionCalls:
    """Calls of functions.

    Args:
        run: runs one and waits.
        start_in_background: queues an event.
    """

    run: Run = field(default=invoke)
    start_in_background: Start = field(default=invoke_later)

    def call(self, arn: str, payload: bytes) -> Answer:
        """Call a function, and wait for it.

        Args:
            arn: of the function, a version or an alias.
            payload: the event.

        Raises:
            AwsError: there is no such function, or it cannot be run.
        """
        account, region, name = _place(arn)
        return self.run(account, region, name, payload)

    def start(self, arn: str, payload: bytes, source: str) -> None:
        """Call a function, and do not wait.

        Args:
            arn: of the function, a version or an alias.
            payload: the event.
            source: the service that calls.

        Raises:
            AwsError: there is no such function, or it cannot be run.
        """
        account, region, name = _place(arn)
        self.start_in_background(account, region, name, payload, source)

    @staticmethod
    def policy_of(arn: str) -> str:
        """The resource policy of a function, JSON text; empty without one.

        Args:
            arn: of the function, a version or an alias.

        Raises:
            AwsError: there is no such function.
        """
        match = _match(arn)
        backend = lambda_backends[match["account"]][match["region"]]
        try:
            found: Moto = backend.get_function(match["name"])
        except UnknownFunctionException as error:
            raise AwsError(
                "ResourceNotFoundException", f"Function not found: {arn}", 404
            ) from error
        statements = [
            {name: value for name, value in statement.items() if name != "Sid"}
            for statement in found.policy.statements
        ]
        if not statements:
            return ""
        return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _match(arn: str) -> re.Match[str]:
    match = _ARN.fullmatch(arn)
    if match is None:
        raise AwsError("InvalidParameterValueException", f"`{arn}` is not the ARN of a function")
    return match


def _place(arn: str) -> tuple[str, str, str]:
    match = _match(arn)
    return match["account"], match["region"], arn
