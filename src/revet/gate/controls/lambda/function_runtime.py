"""Function on a runtime that gets no patches."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant, unknown
from revet.plan import Inventory, Resource
from revet.plan.lambda_runtimes import AS_OF, is_supported, runtimes

_PATH = "runtime"
_PACKAGES = ("Zip", "Image")
"""Source: Lambda API reference, CreateFunction, `PackageType`."""


@control(
    title="functions run on a runtime that AWS patches",
    severity=Severity.MEDIUM,
    resource="aws_lambda_function",
    required="`runtime` is one that AWS has not deprecated, nor offers as a preview only",
    impact="known weaknesses of the language and its libraries stay open",
    fix='runtime = "python3.13"',
    deviations=("outdated-runtime",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """An image brings its own runtime, which no plan shows."""
    del inventory
    package = one_of(
        resource, "package_type", _PACKAGES, "Lambda has no package type `{}`", default="Zip"
    )
    if package == "Image":
        return compliant("it is an image, which brings its own runtime")
    runtime = resource.get(_PATH)
    if not runtime:
        raise resource.doubt(_PATH, "a function from an archive has a runtime", "name it")
    patched = is_supported(str(runtime))
    if patched is None:
        why = f"`{runtime}` is not among the runtimes of {AS_OF.isoformat()}"
        return unknown(why, resolve="take a known runtime, or a newer revet", paths=(_PATH,))
    if patched:
        return compliant(f"`{runtime}` is patched")
    day = runtimes()[runtime]
    since = f"deprecated since {day.isoformat()}" if day else "a preview"
    return noncompliant(f"`{runtime}` is {since}", paths=(_PATH,))
