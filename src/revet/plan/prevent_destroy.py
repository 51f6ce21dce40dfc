"""Whether Terraform refuses to destroy a resource, which only its configuration says."""

from __future__ import annotations

from revet.plan.address import without_indices
from revet.plan.inventory import Inventory
from revet.plan.resource import Resource
from revet.plan.source.modules import literal
from revet.plan.source.syntax import Body, SourceError
from revet.plan.synthesis import prevents

_BLOCK, _PATH = "lifecycle", "prevent_destroy"
_TRUE = (True, "true")


def prevents_destroy(resource: Resource, inventory: Inventory) -> bool:
    """Whether `lifecycle` says `prevent_destroy`, as far as a synthesis or sources show it.

    Neither a plan nor a state carries it. Terraform takes only a literal there. Source: Terraform
    language, "The `lifecycle` Meta-Argument".

    Args:
        resource: to look for.
        inventory: it belongs to.

    Raises:
        UnknownValueError: what is written there is not understood.
    """
    place = f"{resource.type}.{resource.name}"
    synthesis = inventory.synthesis
    if synthesis is not None and not resource.module and place in synthesis.kept:
        return True
    sources = inventory.sources
    module = sources.modules.get(without_indices(resource.module)) if sources else None
    block = module.resources.get(place) if module else None
    try:
        return block is not None and _in_body(block.body)
    except SourceError as error:
        raise resource.doubt(f"{_BLOCK}.{_PATH}", str(error), "write `true` or `false`") from error


def _in_body(body: Body) -> bool:
    written = (block.body for block in body.blocks if block.kind == _BLOCK)
    if any(literal(inner, _PATH) in _TRUE for inner in written):
        return True
    argument = body.arguments.get(_BLOCK)  # as JSON syntax has it
    return argument is not None and prevents(argument.raw)
