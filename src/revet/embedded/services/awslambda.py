"""Lambda: functions can be deployed and configured; how they are invoked is elsewhere.

moto runs functions in docker, or, without it, answers every call with an invented success. Neither
is wanted: an invocation is an error that says so.

Of a function's configuration moto drops its dead-letter queue and what is said of its log, and of
an update the key, tracing and storage; it invents a network. Each comes back as it was sent, the
network is that of the subnets, and an update of something else is an error that names it. A put of
the invocation settings replaces them, as the name says.

Source: Lambda API reference, `FunctionConfiguration`, UpdateFunctionConfiguration,
PutFunctionEventInvokeConfig.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.ec2.models import ec2_backends

from revet.embedded.call import Moto
from revet.embedded.patching import replace

_KEPT = "revet_kept"
_AS_SENT = ("DeadLetterConfig", "LoggingConfig")
_LATER = {
    "KMSKeyArn": "kms_key_arn",
    "TracingConfig": "tracing_config",
}
_KNOWN = frozenset(
    {
        "FunctionName",
        "RevisionId",
        "Description",
        "Handler",
        "MemorySize",
        "Role",
        "Runtime",
        "Timeout",
        "VpcConfig",
        "Environment",
        "Layers",
        "EphemeralStorage",
        *_AS_SENT,
        *_LATER,
    }
)
_EMPTY: Mapping[str, Any] = {"SnapStart": {"ApplyOn": "None"}}
"""Members whose value asks for nothing."""


def install() -> None:
    """Put the changes in place."""
    replace(LambdaFunction, "invoke", lambda _: _invoke)
    replace(LambdaFunction, "__init__", _init)
    replace(LambdaFunction, "get_configuration", _configuration)
    replace(LambdaFunction, "get_code", _code)
    replace(LambdaFunction, "update_configuration", _update)
    replace(LambdaFunction, "vpc_config", lambda _: property(_network))
    replace(LambdaBackend, "put_function_event_invoke_config", _put_invocation)


def _invoke(self: LambdaFunction, *_args: Moto, **_kwargs: Moto) -> Moto:
    raise NotImplementedError(f"the function `{self.function_name}` is not run")


def _init(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Moto, account_id: str, spec: Moto, *args: Moto, **kwargs: Moto) -> None:
        original(self, account_id, spec, *args, **kwargs)
        self.__dict__[_KEPT] = {name: spec[name] for name in _AS_SENT if spec.get(name)}

    return init


def _configuration(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def get_configuration(self: Moto, on_create: bool = False) -> Moto:  # noqa: FBT001, FBT002 - as moto calls it
        kept = vars(self).get(_KEPT, {})
        dead = kept.get("DeadLetterConfig") or {}
        logging = kept.get("LoggingConfig") or {}
        return {
            **original(self, on_create),
            **({"DeadLetterConfig": dead} if dead.get("TargetArn") else {}),
            "LoggingConfig": {
                "LogFormat": "Text",
                "LogGroup": f"/aws/lambda/{self.function_name}",
                **logging,
            },
        }

    return get_configuration


def _code(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def get_code(self: Moto) -> Moto:
        shown = original(self)
        if self.reserved_concurrency == 0:  # moto takes it for none
            shown["Concurrency"] = {"ReservedConcurrentExecutions": 0}
        return shown

    return get_code


def _update(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def update_configuration(self: Moto, config_updates: Moto) -> Moto:
        for name, value in config_updates.items():
            if name not in _KNOWN and value not in (None, [], {}, _EMPTY.get(name)):
                raise NotImplementedError(f"an update of `{name}` of a function")
        for name, attribute in _LATER.items():
            if name in config_updates:
                setattr(self, attribute, config_updates[name])
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        for name in _AS_SENT:
            if name in config_updates:
                self.__dict__[_KEPT] = {**vars(self).get(_KEPT, {}), name: config_updates[name]}
        return original(self, config_updates)

    return update_configuration


def _network(self: Moto) -> Moto:
    """The function's subnets and groups, and the network that the subnets are in."""
    config = dict(self._vpc_config or {})
    if not config.get("SubnetIds"):
        return None
    backend = ec2_backends[self.account_id][self.region]
    subnet = backend.get_subnet(config["SubnetIds"][0])
    return {**config, "VpcId": subnet.vpc_id}


def _put_invocation(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def put_function_event_invoke_config(self: Moto, function_name: str, config: Moto) -> Moto:
        self.get_function(function_name).event_invoke_config = []
        return original(self, function_name, config)

    return put_function_event_invoke_config
