"""Rotation of a secret: the four steps of its function, one after the other.

A step that fails ends it: the new version keeps its label AWSPENDING, and nothing is current that
was not. Source: AWS Secrets Manager User Guide, "Rotation by Lambda function".
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from moto.secretsmanager.models import secretsmanager_backends

from revet.embedded.call import Moto
from revet.embedded.changes import touch
from revet.embedded.functions import notes
from revet.embedded.functions.invoke import in_background, running
from revet.embedded.functions.sources import Source, permitted
from revet.embedded.wire_error import AwsError

_SERVICE = "secretsmanager.amazonaws.com"
_STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
_PENDING, _CURRENT = "AWSPENDING", "AWSCURRENT"
_UNDER_WAY = "revet_rotation"
"""Attribute of moto's secrets that holds the rotation that has begun."""


class Rotation(NamedTuple):
    """A rotation that has begun.

    Args:
        token: id of the new version.
        steps: that are done.
    """

    token: str
    steps: Sequence[str]


def begin(secret: Moto, token: str | None, *, immediately: bool) -> bool:
    """Begin to rotate a secret; the state's lock is held.

    Args:
        secret: of moto; it has a function.
        token: id of the new version; none for a new one.
        immediately: rotate; else only try whether the function could.

    Returns:
        False when an earlier rotation has not come to its end; that one is tried again then.
    """
    left = _pending(secret)
    name = left or token or str(uuid.uuid4())
    if not left:
        secret.versions[name] = {
            "createdate": int(time.time()),
            "version_id": name,
            "version_stages": [_PENDING],
        }
    setattr(secret, _UNDER_WAY, Rotation(name, _STEPS if immediately else ("testSecret",)))
    _schedule(secret)
    return not left


def resume() -> None:
    """Go on with rotations that an earlier process has begun; the state's lock is held."""
    for secret in _secrets():
        if vars(secret).get(_UNDER_WAY) is not None:
            _schedule(secret)


def _schedule(secret: Moto) -> None:
    in_background(f"rotation of {secret.arn}", partial(_rotate, secret))


def _pending(secret: Moto) -> str:
    """The version that an earlier rotation has left; empty without one."""
    for name, version in secret.versions.items():
        stages = version["version_stages"]
        if _PENDING in stages and _CURRENT not in stages:
            return str(name)
    return ""


def _rotate(secret: Moto) -> None:
    functions = running()
    rotation: Rotation | None = vars(secret).get(_UNDER_WAY)
    if rotation is None:
        return
    function = str(secret.rotation_lambda_arn)
    why = ""
    for step in rotation.steps:
        why = _run(secret, function, step, rotation.token)
        if why:
            functions.notes.add(notes.FAILED, function, str(secret.arn), f"{step}: {why}")
            break
    with functions.lock:
        parts = str(secret.arn).split(":")
        touch(secretsmanager_backends[parts[4]][parts[3]])
        setattr(secret, _UNDER_WAY, None)
        version = secret.versions.get(rotation.token)
        if rotation.steps != _STEPS:
            if version is not None and _CURRENT not in version["version_stages"]:
                del secret.versions[rotation.token]
        elif not why and (version is None or _CURRENT not in version["version_stages"]):
            text = f"finishSecret did not make the version {rotation.token} current"
            functions.notes.add(notes.FAILED, function, str(secret.arn), text)
        elif not why:
            version["version_stages"] = [
                one for one in version["version_stages"] if one != _PENDING
            ]
            secret.last_rotation_date = int(time.time())


def _run(secret: Moto, function: str, step: str, token: str) -> str:
    """Why a step did not succeed; empty when it did."""
    functions = running()
    event = {"Step": step, "SecretId": str(secret.arn), "ClientRequestToken": token}
    definition = permitted(
        Source(_SERVICE, str(secret.arn), str(secret.arn).split(":")[4]), function
    )
    if definition is None:
        return "the function is not there, or its policy does not let Secrets Manager invoke it"
    try:
        answer = functions.invoke(definition, json.dumps(event).encode(), {})
    except AwsError as error:
        return f"{error.code}: {error.message}"
    return answer.payload.decode("utf-8", "replace")[:500] if answer.error else ""


def _secrets() -> Iterator[Moto]:
    for _, regions in sorted(dict.items(secretsmanager_backends)):
        for _, backend in sorted(dict.items(regions)):
            yield from list(backend.secrets.values())
