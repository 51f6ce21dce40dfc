"""Makes one resource of every fortieth type of the provider, and the tap stack's sub-resources."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from typing import Any

import cdktn
import cdktn_provider_aws
from cdktn_provider_aws.provider import AwsProvider

EVERY = 40


def value_for(hint: object) -> object:
    """A value of a required argument's type, or None for one that takes a block."""
    values = {str: "x", float: 1, bool: True, typing.Sequence[str]: ["x"]}
    if typing.get_origin(hint) is typing.Union:
        found = [value_for(part) for part in typing.get_args(hint)]
        return next((item for item in found if item is not None), None)
    return values.get(hint)  # type: ignore[call-overload]


def main() -> None:
    app = cdktn.App()
    stack = cdktn.TerraformStack(app, "many")
    cdktn.S3Backend(stack, bucket="b", key="k", region="us-west-2")
    AwsProvider(stack, "aws", region="us-west-2")
    names = sorted(item.name for item in pkgutil.iter_modules(cdktn_provider_aws.__path__))
    for name in names[::EVERY]:
        module = importlib.import_module(f"cdktn_provider_aws.{name}")
        for kind in vars(module).values():
            if not (
                inspect.isclass(kind)
                and kind.__module__ == module.__name__
                and issubclass(kind, cdktn.TerraformResource | cdktn.TerraformDataSource)
            ):
                continue
            hints = typing.get_type_hints(kind.__init__)
            required: dict[str, Any] = {
                key: value_for(hints[key])
                for key, parameter in inspect.signature(kind.__init__).parameters.items()
                if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty
            }
            if None not in required.values():
                kind(stack, kind.__name__, **required)
    app.synth()


main()
