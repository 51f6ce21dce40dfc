"""Where the resources of a synthesized stack come from in the user's program."""

from __future__ import annotations

from pathlib import Path

from revet.model.errors import InputError
from revet.plan import read_synthesis
from revet.target.diagnostics import Place

SYNTHESIZED = "cdk.tf.json"
"""The file that CDK Terrain writes a stack's configuration to."""


def synthesized_places(directory: Path) -> dict[str, Place]:
    """The places of all resources that a folder's synthesized configuration names.

    Args:
        directory: a folder with Terraform configuration.

    Returns:
        Configuration address to place; empty for hand-written configuration, and for synthesized
        configuration that cannot be read: Terraform itself will say so.
    """
    file = directory / SYNTHESIZED
    if not file.is_file():
        return {}
    try:
        facts = read_synthesis(file)
    except InputError:
        return {}
    return {
        address: Place(facts.paths.get(address, ""), facts.sources.get(address))
        for address in {*facts.paths, *facts.sources}
    }
