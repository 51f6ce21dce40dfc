"""Terraform's diagnostics, and the errors of a step that failed or did not come to its end."""

from __future__ import annotations

import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from revet.model.errors import EmbeddedError, InputError, InterruptedRunError, TargetError
from revet.model.finding import SourceLine
from revet.plan import read_synthesis

_ADDRESS_PARTS = 3
_PROTECTED = re.compile(r"Resource (?P<address>\S.*?) has lifecycle\.prevent_destroy set")
_SHOWN = 5
_SYNTHESIZED = "cdk.tf.json"
"""The file that CDK Terrain writes a stack's configuration to."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the user's program a resource comes from.

    Args:
        construct_path: CDK Terrain's path of the construct; empty for hand-written configuration.
        source: the user's line that made the resource, when it is known.
    """

    construct_path: str = ""
    source: SourceLine | None = None


def synthesized_places(directory: Path) -> dict[str, Place]:
    """The places of all resources that a folder's synthesized configuration names.

    Args:
        directory: a folder with Terraform configuration.

    Returns:
        Configuration address to place; empty for hand-written configuration, and for synthesized
        configuration that cannot be read: Terraform itself will say so.
    """
    file = directory / _SYNTHESIZED
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


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning of Terraform or of the provider.

    Args:
        severity: `error` or `warning`.
        summary: one line.
        detail: the rest; may be empty and may have several lines.
        address: the resource; empty when Terraform names none.
        file: configuration file that it points to; empty when it points to none.
        line: line in that file, counted from 1; 0 when it points to none.
    """

    severity: str
    summary: str
    detail: str = ""
    address: str = ""
    file: str = ""
    line: int = 0

    @classmethod
    def from_message(cls, raw: Mapping[str, Any]) -> Diagnostic:
        """Read the `diagnostic` object of a message.

        An error in the configuration carries no address; the snippet's context
        (`resource.aws_kms_key.data`) holds it then. That a resource is protected from destruction
        is said in the detail alone.
        """
        place = raw.get("range") or {}
        context = (raw.get("snippet") or {}).get("context") or ""
        return cls(
            raw["severity"],
            " ".join(raw["summary"].split()),
            raw.get("detail", "").strip(),
            raw.get("address") or _address_in(context) or _protected(raw.get("detail", "")),
            place.get("filename", ""),
            place.get("start", {}).get("line", 0),
        )

    def where(self, places: Mapping[str, Place]) -> str:
        """Address, construct path and source line, as far as they are known."""
        place = places.get(self.address) or places.get(without_keys(self.address)) or Place()
        parts = [self.address, place.construct_path, str(place.source or "")]
        if not place.source and self.file:
            parts.append(f"{self.file}:{self.line}" if self.line else self.file)
        return ", ".join(part for part in parts if part)


class TerraformError(TargetError):
    """Terraform ended with errors.

    Args:
        what: the step and the first error's summary.
        diagnostics: all errors, in Terraform's order.
        where: the first error's place.
        got: the first error's detail, and one line for each further error.
        do: what the user can do now.
    """

    def __init__(
        self,
        what: str,
        *,
        diagnostics: Sequence[Diagnostic] = (),
        where: str = "",
        got: str = "",
        do: str = "",
    ) -> None:
        super().__init__(what, where=where, got=got, do=do)
        self.diagnostics = tuple(diagnostics)


def without_keys(address: str) -> str:
    """An instance address without its `count` and `for_each` keys: `a["x.y"].b[0]` → `a.b`.

    Keys may hold dots, brackets and escaped quotes.
    """
    kept: list[str] = []
    inside = quoted = escaped = False
    for letter in address:
        if escaped:
            escaped = False
        elif quoted and letter == "\\":
            escaped = True
        elif letter == '"' and inside:
            quoted = not quoted
        elif letter == "[" and not quoted:
            inside = True
        elif letter == "]" and not quoted:
            inside = False
        elif not inside:
            kept.append(letter)
    return "".join(kept)


def failure(
    step: str,
    code: int,
    diagnostics: Sequence[Diagnostic],
    text: Sequence[str],
    places: Mapping[str, Place],
) -> TerraformError:
    """The error for a Terraform command that failed.

    Args:
        step: the step, `plan` for example.
        code: Terraform's exit code; negative: the signal that ended it.
        diagnostics: errors and warnings that it reported.
        text: lines that were no messages: all there is when Terraform crashed.
        places: resource address to its place in the user's program.
    """
    errors = [item for item in diagnostics if item.severity == "error"]
    if not errors and code < 0:
        return TerraformError(
            f"terraform {step} was ended by {signal.Signals(-code).name}",
            got="\n".join(text[-20:]) or "no word of its own; its providers were ended with it",
            do="see who ends processes here (out of memory?), then run the same command again",
        )
    if not errors:
        return TerraformError(
            f"terraform {step} ended with exit code {code} and named no error",
            got="\n".join(text[-20:]) or "no output",
            do=f"run `terraform {step}` by hand in the stack's work folder",
        )
    first, further = errors[0], errors[1:]
    lines = [first.detail] if first.detail else []  # the AWS provider puts all in the summary
    lines += [
        f"also: {item.where(places) or 'the configuration'}: {item.summary}"
        for item in further[:_SHOWN]
    ]
    if len(further) > _SHOWN:
        lines.append(f"and {len(further) - _SHOWN} more")
    return TerraformError(
        f"terraform {step} failed: {first.summary[:1].lower()}{first.summary[1:]}",
        diagnostics=errors,
        where=first.where(places),
        got="\n".join(lines),
        do=_advice(step, first),
    )


def interrupted(step: str, *, aborted: bool) -> InterruptedRunError:
    """The error of a step that the user has stopped.

    Args:
        step: its name.
        aborted: whether Terraform was told to give up at once.
    """
    if step not in ("apply", "destroy"):
        return InterruptedRunError(
            f"{step} was stopped", got="nothing has been changed", do="run it again"
        )
    if aborted:
        return InterruptedRunError(
            f"{step} was given up at once",
            got="the state may lack resources that were being made",
            do="look for them in the account, then run it again, or destroy what the state holds",
        )
    return InterruptedRunError(
        f"{step} was stopped",
        got="the state holds everything that has been made so far",
        do="run the same command again to go on from there, or destroy what is there",
    )


def lost(step: str) -> EmbeddedError:
    """The error of a step whose target has gone.

    Args:
        step: its name.
    """
    return EmbeddedError(
        f"the embedded AWS has ended during {step}",
        got="its process is gone; Terraform was stopped",
        do="run the same command again",
    )


def _advice(step: str, diagnostic: Diagnostic) -> str:
    text = f"{diagnostic.summary} {diagnostic.detail}".lower()
    if "state lock" in text:
        return "wait until the other run has ended; it holds the lock on this state"
    if "no space left" in text:
        return "free some disk space and run it again"
    if "permission denied" in text:
        return "make the folder writable for the user that runs revet"
    if "instance cannot be destroyed" in text or "prevent_destroy" in text:
        return "the stack protects this resource; synthesize it with an ephemeral lifecycle first"
    if step in ("apply", "destroy"):
        return "correct the cause and run it again: Terraform goes on from the state it has written"
    return "correct the configuration and run it again"


def _address_in(context: str) -> str:
    """`resource.aws_kms_key.data.policy` → `aws_kms_key.data`; empty when it names no resource."""
    parts = context.split(".")
    if parts[0] == "resource" and len(parts) >= _ADDRESS_PARTS:
        return ".".join(parts[1:_ADDRESS_PARTS])
    if parts[0] == "data" and len(parts) >= _ADDRESS_PARTS:
        return ".".join(parts[:_ADDRESS_PARTS])
    return ""


def _protected(detail: str) -> str:
    match = _PROTECTED.match(detail)
    return match["address"] if match else ""
