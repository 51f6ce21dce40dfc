"""Outputs say what another stack needs, and what they name is there."""

from collections.abc import Iterator
from typing import Any

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import MissingResourceError, Reader
from revet.verify.reading.existence import EXISTENCE_ACTIONS, resolve
from revet.verify.subject import Deployment


@live_check(control="terraform-outputs", resource=None, actions=EXISTENCE_ACTIONS)
def check(deployment: Deployment, reader: Reader, *, names: tuple[str, ...] = ()) -> Outcome:
    """Walk through all outputs; sensitive ones, and what names nothing, count by their value."""
    if not deployment.outputs and not deployment.withheld:
        return noncompliant("the stack has no outputs")
    known = {*deployment.outputs, *deployment.withheld}
    missing = [name for name in names if name not in known]
    if missing:
        return noncompliant(f"missing: {', '.join(f'`{name}`' for name in missing)}")
    empty = [name for name, value in deployment.outputs.items() if value in (None, "", [], {})]
    if empty:
        return noncompliant(f"empty: {', '.join(f'`{name}`' for name in empty)}")
    regions = sorted({subject.region for subject in deployment.subjects if subject.region})
    found = 0
    gone: list[str] = []
    for name, value in deployment.outputs.items():
        for text in _texts(value):
            try:
                found += resolve(text, deployment.subjects, reader, regions[0] if regions else "")
            except MissingResourceError:
                gone.append(f"`{name}` names `{text}`, which does not exist")
    if gone:
        return noncompliant("; ".join(gone))
    return compliant(f"{len(known)} outputs, {found} named resources exist")


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - an output may be any JSON value
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
