"""What is to be run: a function as it was deployed, apart from moto."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import lambda_backends

from revet.embedded.call import Moto
from revet.embedded.credentials import partition_of
from revet.embedded.wire_error import NOT_IMPLEMENTED, AwsError

KEPT = "revet_kept"
"""Attribute of moto's functions that holds members of their configuration that moto drops."""
LATEST = "$LATEST"
_PYTHON = "python3."
_ARN_PARTS = 7
_ACCOUNT = re.compile(r"[0-9]{12}")
_MEMBERS = ("Sid", "Effect", "Principal", "Action", "Condition")


@dataclass(frozen=True, slots=True)
class Asynchronous:
    """What becomes of asynchronous invocations.

    Args:
        retries: after the first try.
        max_age: seconds that an event may wait.
        dead_letter: ARN of a queue or topic; empty without one.
        on_success: ARN of a destination; empty without one.
        on_failure: likewise.
    """

    retries: int = 2
    max_age: int = 21_600
    dead_letter: str = ""
    on_success: str = ""
    on_failure: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A version of a function.

    Args:
        account: that owns it.
        region: likewise.
        name: of the function.
        version: `$LATEST` or a number.
        arn: of the function, without version or alias.
        invoked_arn: as it was asked for, with its version or alias.
        qualifier: version or alias that was asked for; empty without one.
        role: ARN of its execution role.
        runtime: for example `python3.12`.
        handler: module and function.
        timeout: seconds.
        memory: MiB.
        variables: of its environment.
        code: its package, a zip file.
        layers: their packages, in their order.
        log_group: that its output goes to.
        reserved: concurrent executions; none without a bound.
        policy: its resource policy, JSON text; empty without one.
        asynchronous: what becomes of its asynchronous invocations.
    """

    account: str
    region: str
    name: str
    version: str
    arn: str
    invoked_arn: str
    qualifier: str
    role: str
    runtime: str
    handler: str
    timeout: int
    memory: int
    variables: Mapping[str, str]
    code: bytes = field(repr=False)
    layers: tuple[bytes, ...] = field(repr=False)
    log_group: str
    reserved: int | None
    policy: str
    asynchronous: Asynchronous

    @property
    def fingerprint(self) -> str:
        """Equal for all that one process can serve."""
        digest = hashlib.sha256()
        for part in (self.code, *self.layers):
            digest.update(hashlib.sha256(part).digest())
        rest = (self.arn, self.version, self.role, self.runtime, self.handler, self.timeout)
        settings = [*rest, self.memory, dict(self.variables), self.log_group]
        digest.update(json.dumps(settings, sort_keys=True).encode())
        return digest.hexdigest()


def find_function(account: str, region: str, function: str, qualifier: str = "") -> Definition:
    """A function as it is now; the state's lock is held.

    Args:
        account: of the caller, for a function that is only named.
        region: of the call.
        function: its name or ARN, each with or without a version or alias.
        qualifier: version or alias, where `function` has none.

    Raises:
        AwsError: there is no such function, version or alias; its runtime is not Python.
    """
    owner, name, own = _parts(account, region, function)
    if own and qualifier and own != qualifier:
        raise AwsError(
            "InvalidParameterValueException",
            "The derived qualifier from the function name does not match the specified qualifier.",
        )
    asked = own or qualifier
    found = _find(owner, region, name, asked)
    if found is None:
        arn = f"arn:{partition_of(region)}:lambda:{region}:{owner}:function:{name}"
        missing = f"{arn}:{asked}" if asked else arn
        raise AwsError("ResourceNotFoundException", f"Function not found: {missing}", 404)
    return _definition(found, owner, region, asked)


def _parts(account: str, region: str, function: str) -> tuple[str, str, str]:
    """Account, name and qualifier of how a function is named."""
    parts = function.split(":")
    if parts[0] == "arn":
        if len(parts) < _ARN_PARTS or parts[2] != "lambda" or parts[3] != region:
            raise AwsError("ResourceNotFoundException", f"Function not found: {function}", 404)
        return parts[4], parts[6], ":".join(parts[7:])
    if len(parts) > 1 and parts[0].isdigit():  # account, `function`, name
        return parts[0], parts[2 if parts[1] == "function" else 1], ":".join(parts[3:])
    return account, parts[0], ":".join(parts[1:])


def _find(account: str, region: str, name: str, qualifier: str) -> Moto | None:
    regions = dict.get(lambda_backends, account)
    backend: Moto = dict.get(regions, region) if regions is not None else None
    if backend is None:
        return None
    try:
        return backend._lambdas.get_function_by_name_with_qualifier(name, qualifier or None)  # noqa: SLF001 - the only look-up that takes aliases
    except LambdaClientError:
        return None


def _definition(found: Moto, account: str, region: str, qualifier: str) -> Definition:
    name = str(found.function_name)
    if found.package_type != "Zip":
        raise AwsError(
            NOT_IMPLEMENTED, f"the embedded AWS runs no container images, and `{name}` is one"
        )
    runtime = str(found.run_time or "")
    if not runtime.startswith(_PYTHON):
        raise AwsError(
            NOT_IMPLEMENTED,
            f"the embedded AWS runs functions in Python only, and `{name}` has the runtime "
            f"`{runtime}`",
        )
    backend: Moto = lambda_backends[account][region]
    latest = backend._lambdas.get_function_by_name_forbid_qualifier(name)  # noqa: SLF001 - likewise
    arn = f"arn:{partition_of(region)}:lambda:{region}:{account}:function:{name}"
    logging = vars(found).get(KEPT, {}).get("LoggingConfig") or {}
    reserved = latest.reserved_concurrency
    return Definition(
        account=account,
        region=region,
        name=name,
        version=LATEST if found is latest else str(found.version),
        arn=arn,
        invoked_arn=f"{arn}:{qualifier}" if qualifier else arn,
        qualifier=qualifier,
        role=str(found.role),
        runtime=runtime,
        handler=str(found.handler or ""),
        timeout=int(found.timeout or 3),
        memory=int(found.memory_size or 128),
        variables={str(key): str(text) for key, text in (found.environment_vars or {}).items()},
        code=bytes(found.code_bytes),
        layers=tuple(_layer(backend, layer["Arn"]) for layer in found.layers or ()),
        log_group=str(logging.get("LogGroup") or f"/aws/lambda/{name}"),
        reserved=None if reserved is None else int(reserved),
        policy=_policy(arn, latest, found),
        asynchronous=_asynchronous(latest, found),
    )


def _asynchronous(latest: Moto, found: Moto) -> Asynchronous:
    config = latest.event_invoke_config[0].config if latest.event_invoke_config else {}
    targets = config.get("DestinationConfig") or {}
    dead = vars(found).get(KEPT, {}).get("DeadLetterConfig") or {}
    return Asynchronous(
        int(config.get("MaximumRetryAttempts", 2)),
        int(config.get("MaximumEventAgeInSeconds", 21_600)),
        str(dead.get("TargetArn") or ""),
        str((targets.get("OnSuccess") or {}).get("Destination") or ""),
        str((targets.get("OnFailure") or {}).get("Destination") or ""),
    )


def _layer(backend: Moto, arn: str) -> bytes:
    found = backend.layers_versions_by_arn(arn)
    if found is None:
        raise AwsError("ResourceNotFoundException", f"Layer version not found: {arn}", 404)
    return bytes(found.code_bytes)


def _policy(arn: str, *objects: Moto) -> str:
    """The resource policy of a function, with the statements for its versions and aliases.

    moto names the version before the alias in the latter's resources.
    """
    found = []
    for one in {id(each): each for each in objects}.values():
        for statement in one.policy.statements:
            resource = str(statement.get("Resource") or arn)
            end = resource.removeprefix(arn).rpartition(":")[2]
            clean = {name: value for name, value in statement.items() if name in _MEMBERS}
            principal = statement.get("Principal")
            if isinstance(principal, str) and _ACCOUNT.fullmatch(principal):
                partition = arn.split(":")[1]
                clean["Principal"] = {"AWS": f"arn:{partition}:iam::{principal}:root"}
            elif isinstance(principal, str) and principal.startswith("arn:"):
                clean["Principal"] = {"AWS": principal}
            found.append({**clean, "Resource": f"{arn}:{end}" if end else arn})
    return json.dumps({"Version": "2012-10-17", "Statement": found}) if found else ""
