"""`load_given`: a plan or a state, whichever the file is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from revet.plan.inventory import Inventory
from revet.plan.load import planned_inventory
from revet.plan.reading import checked_plan, parse_plan, read_source
from revet.plan.state import is_state, state_of
from revet.plan.synthesis import read_synthesis


def load_given(
    source: Path | bytes,
    synth_json: Path | Mapping[str, Any] | None = None,
    sources: Path | None = None,
) -> Inventory:
    """Load a plan or a state.

    Args:
        source: path or bytes of what `terraform show -json` wrote.
        synth_json: the stack's `cdk.tf.json`; see `load_plan`.
        sources: folder of the configuration's files; see `load_plan`. A state has no configuration
            that they could belong to: they are not looked at.

    Raises:
        InputError: it cannot be read, is neither, or is not complete.
        PrerequisiteError: there are sources, and the parser of them is not installed.
    """
    where = str(source) if isinstance(source, Path) else "the given plan"
    data = read_source(source, where, "plan")
    raw = parse_plan(data, where)
    sha256 = hashlib.sha256(data).hexdigest()
    synthesis = read_synthesis(synth_json) if synth_json is not None else None
    if is_state(raw):
        return state_of(raw, sha256, where, synthesis)
    return planned_inventory(checked_plan(raw, where), sha256, synthesis, sources)
