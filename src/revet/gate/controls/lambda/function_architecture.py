"""Function for another processor than what was agreed on."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.values import one_of
from revet.model.errors import InputError
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Resource

_PATH = "architectures"
_DEFAULT = "x86_64"
ARCHITECTURES = ("arm64", _DEFAULT)
"""Source: Lambda API reference, `CreateFunction`, `Architectures`: one, `x86_64` by default."""


@control(
    title="functions run on the processors that are asked for",
    severity=Severity.LOW,
    resource="aws_lambda_function",
    required="`architectures` holds `architecture` alone",
    impact="libraries that were built for the other processor fail, and prices are not as planned",
    fix='architectures = ["arm64"]',
    deviations=("other-processor",),
)
def rule(resource: Resource, inventory: Inventory, *, architecture: str) -> Outcome:
    """Nothing written is `x86_64`.

    Args:
        resource: a function.
        inventory: it belongs to.
        architecture: `arm64` or `x86_64`.
    """
    del inventory
    if architecture not in ARCHITECTURES:
        raise InputError(
            "the setting `architecture` names none that Lambda has",
            got=f"`{architecture}`",
            expected=quoted(ARCHITECTURES),
            do="correct it under `[settings.lambda-function-architecture]`",
        )
    found = _DEFAULT
    if resource.is_set(_PATH):
        found = one_of(resource, f"{_PATH}.0", ARCHITECTURES, "Lambda has no architecture `{}`")
    if found != architecture:
        return noncompliant(f"it runs on `{found}`", paths=(_PATH,))
    return compliant(f"it runs on `{found}`")
