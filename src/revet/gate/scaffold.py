"""Begin a new control: its file and its case file, with everything that is left to say marked.

What is written does not pass for a control until it is filled in: the empty fields break the rules
of the catalogue, and every kind of case is lacking.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from revet.model.errors import ArgumentError, UsageError

_NAME = re.compile(r"^(?P<service>[a-z][a-z0-9]*)/(?P<name>[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*)$")
_CONTROL = '''"""What is found in the field, in its words."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="",  # the good state, one line: "buckets keep every version of an object"
    severity=Severity.MEDIUM,
    resource="RESOURCE",
    required="",  # the good state in the terms of the resource, one sentence
    impact="",  # what a deviation makes possible, one sentence
    fix="",  # Terraform configuration that repairs it
    construct="",  # the same with revet's constructs
    deviations=(),  # names in `docs/deviations.toml` of what it catches
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Say what is easily overlooked; the source of each fact about AWS."""
    del inventory
    if resource.get("ARGUMENT"):
        return compliant("ARGUMENT is on")
    return noncompliant("`ARGUMENT` is off", paths=("ARGUMENT",))
'''
_CASES = """# Cases of {id}; tests/gate/case_file.py describes the format.
# At least one of each kind, or a reason under `[omitted]`.

case = []

# [[case]]
# name = "what is special about it"
# kind = "compliant"
# [case.resource.RESOURCE.main]
# ARGUMENT = true

# [[case]]
# name = "what is special about it"
# kind = "noncompliant"
# [case.resource.RESOURCE.main]
# ARGUMENT = false

# [[case]]
# name = "decided during apply"
# kind = "unknown"
# unknown = ["RESOURCE.main.ARGUMENT"]
# [case.resource.RESOURCE.main]
# ARGUMENT = true
"""


def new_control(name: str, *, controls: str, cases: str) -> dict[PurePosixPath, str]:
    """The files of a new control.

    Args:
        name: `SERVICE/NAME`, for example `s3/bucket_versioning`.
        controls: folder of the controls.
        cases: folder of the case files.

    Returns:
        Path to text: the control, its case file, and the service's `__init__.py`.

    Raises:
        ArgumentError: the name has another form.
    """
    match = _NAME.match(name)
    if match is None:
        raise ArgumentError(
            "this is not a name for a control",
            where="SERVICE/NAME",
            got=f"`{name}`",
            expected="two words of a-z, 0-9 and `_`, for example `s3/bucket_versioning`",
            do="name the service, then the good state or the thing that is judged",
        )
    service, stem = match["service"], match["name"].replace("-", "_")
    control_id = f"{service}-{stem}".replace("_", "-")
    return {
        PurePosixPath(controls, service, "__init__.py"): f'"""Controls of {service}."""\n',
        PurePosixPath(controls, service, f"{stem}.py"): _CONTROL,
        PurePosixPath(cases, service, f"{stem}.toml"): _CASES.format(id=control_id),
    }


def write_control(files: Mapping[PurePosixPath, str], root: Path) -> tuple[Path, ...]:
    """Write the files of a new control.

    Args:
        files: of `new_control`.
        root: folder that their paths start from.

    Returns:
        The files that were written. An `__init__.py` that is there already is left alone.

    Raises:
        UsageError: the control or its case file exists already; then nothing is written.
    """
    for path in files:
        if path.name != "__init__.py" and (root / path).exists():
            raise UsageError(
                "this control exists already",
                where=str(root / path),
                got="a file",
                expected="no file",
                do="choose another name, or edit that file",
            )
    written = []
    for path, text in files.items():
        target = root / path
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return tuple(written)
