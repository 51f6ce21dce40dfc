"""A stack of which a part can be destroyed, and a part cannot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from revet.gate.catalog import control
from revet.gate.readings.destruction import End, Said, all_said, only_in_terraform
from revet.model.errors import InputError
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted, unknown
from revet.plan import Inventory, Reading
from revet.plan.doubts import Doubts

_MEANT = {End.EPHEMERAL: "nothing is left after a destroy", End.PROTECTED: "it is kept"}


@control(
    title="either all of a stack can be destroyed, or what holds data is kept",
    severity=Severity.MEDIUM,
    resource=None,
    readings=(Reading.PLAN, Reading.STATE),
    on_request=True,
    required=(
        "`force_destroy`, deletion protection, final snapshots, retained backups, recovery windows "
        "and `prevent_destroy` all say the same, and with `lifecycle` (`EPHEMERAL`, `PROTECTED`) "
        "they say that"
    ),
    impact=(
        "a destroy stops halfway and leaves what is paid for and forgotten, or takes data along "
        "that somebody believed to be protected"
    ),
    fix="""variable "ephemeral" {
  type = bool
}

resource "aws_s3_bucket" "data" {
  bucket        = "example-data"
  force_destroy = var.ephemeral
}

resource "aws_dynamodb_table" "sessions" {
  # ...
  deletion_protection_enabled = !var.ephemeral
}""",
    deviations=("wrong-deletion-protection",),
)
def rule(inventory: Inventory, *, lifecycle: str = "") -> Outcome:
    """An account shows deletion protection alone; what Terraform alone knows is said there.

    Of a KMS key something is left for seven days at least, whatever is written.

    Args:
        inventory: of a stack.
        lifecycle: what all must say; empty for whatever they agree on.
    """
    if lifecycle and lifecycle not in set(End):
        raise InputError(
            "the setting `lifecycle` is neither",
            got=f"`{lifecycle}`",
            expected=quoted(End),
            do="correct it under `[settings.terraform-one-lifecycle]`",
        )
    doubts = Doubts()
    said = tuple(all_said(inventory, doubts))
    wanted = End(lifecycle) if lifecycle else _what_most_say(said)
    odd = [one for one in said if one.end is not wanted]
    rest = [one for one in said if one.end is wanted]
    if odd and (lifecycle or rest):
        return noncompliant(
            _contradiction(odd, rest, wanted, lifecycle),
            paths=tuple(f"{one.resource.address}.{one.path}" for one in odd),
            related=_addresses((*odd, *rest[:1])),
        )
    doubts.refuse()
    related = _addresses(said)
    if inventory.reading is Reading.ACCOUNT:
        hidden = only_in_terraform(inventory)
        if not said:
            return unknown(
                "an account shows nothing of it but deletion protection, which nothing here has",
                resolve="judge the plan, or the state",
            )
        more = f"; an account does not show {quoted(hidden)}" if hidden else ""
        return compliant(f"deletion protection of {len(related)} says {wanted}{more}")
    if not said:
        return compliant("nothing in it has a switch that keeps it")
    return compliant(f"all {len(related)} with a switch say {wanted}", related=related)


def _what_most_say(said: Sequence[Said]) -> End:
    """Where as many say one as the other, what can be destroyed is what is out of line."""
    addresses = {end: {one.resource.address for one in said if one.end is end} for end in End}
    ephemeral, kept = addresses[End.EPHEMERAL], addresses[End.PROTECTED]
    return End.EPHEMERAL if len(ephemeral - kept) > len(kept - ephemeral) else End.PROTECTED


def _contradiction(odd: Sequence[Said], rest: Sequence[Said], wanted: End, lifecycle: str) -> str:
    first = odd[0]
    own = [one for one in rest if one.resource is first.resource]
    more = len(_addresses(odd)) - 1
    said = f"`{first.resource.address}`: {first.words}, so {_MEANT[first.end]}"
    said += f" (and {more} more)" if more else ""
    if lifecycle:
        return f"{said}; `lifecycle` is `{lifecycle}`"
    other = own[0] if own else rest[0]
    others = (
        "it says also"
        if own
        else f"{len(_addresses(rest))} say otherwise, `{other.resource.address}`"
    )
    return f"{said}; {others}: {other.words}, so {_MEANT[wanted]}"


def _addresses(said: Iterable[Said]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.resource.address for one in said))
