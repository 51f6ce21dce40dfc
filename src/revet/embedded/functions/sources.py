"""Events from AWS services, as the function's resource policy lets them in.

Source: AWS Lambda Developer Guide, "Granting Lambda access to AWS services" (`SourceArn`,
`SourceAccount`).
"""

from __future__ import annotations

import json
from typing import NamedTuple

from revet.embedded.call import Json
from revet.embedded.functions import notes
from revet.embedded.functions.definition import Definition, find_function
from revet.embedded.functions.invoke import queue, running
from revet.embedded.service_access import service_may
from revet.embedded.wire_error import AwsError


class Source(NamedTuple):
    """What an event comes from.

    Args:
        service: service principal, for example `s3.amazonaws.com`.
        arn: of the bucket, topic, rule, secret.
        account: that owns it.
    """

    service: str
    arn: str
    account: str


def send(source: Source, function: str, event: Json) -> bool:
    """Queue an event for a function, as far as its policy allows it.

    Whoever caused the event does not learn what becomes of it; what is not delivered is noted.

    Args:
        source: of the event.
        function: its ARN, with or without a version or alias.
        event: as AWS makes it.

    Returns:
        Whether it was queued.
    """
    definition = permitted(source, function)
    if definition is not None:
        queue(definition, json.dumps(event).encode(), source.arn)
    return definition is not None


def permitted(source: Source, function: str) -> Definition | None:
    """The function, if it exists and lets the source invoke it; else that is noted.

    Args:
        source: what wants to invoke it.
        function: its ARN, with or without a version or alias.
    """
    functions = running()
    parts = (function.split(":", 5) + [""] * 6)[:6]
    try:
        with functions.lock:
            definition = find_function(parts[4], parts[3], function)
    except AwsError as error:
        functions.notes.add(notes.NOT_DELIVERED, function, source.arn, error.message)
        return None
    context = {"aws:sourcearn": source.arn, "aws:sourceaccount": source.account}
    action, resource = "lambda:InvokeFunction", definition.invoked_arn
    if not service_may(definition.policy, source.service, action, resource, context):
        functions.notes.add(
            notes.NOT_ALLOWED,
            function,
            source.arn,
            f"the function's policy does not let {source.service} invoke it for {source.arn}",
        )
        return None
    return definition
