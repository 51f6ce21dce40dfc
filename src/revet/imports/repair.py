"""The right names written into a source, everything else left as it is."""

from __future__ import annotations

from dataclasses import dataclass

from revet.imports.examine import examine
from revet.imports.finding import ImportFinding
from revet.imports.source import Source, read_source
from revet.model.errors import InputError, RevetError

_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Repair:
    """A source after its repair.

    Args:
        content: the file, in its own encoding and with its own line ends.
        done: what was cured.
        left: what a person must decide.
    """

    content: bytes
    done: tuple[ImportFinding, ...]
    left: tuple[ImportFinding, ...]


def repair(
    source: Source, *, generated: bool = False, exported: frozenset[str] = frozenset()
) -> Repair:
    """Write the right names into a source.

    Repairing the result changes nothing.

    Args:
        source: a parsed file.
        generated: whether `imports.NAME` is a current package generated for this source.
        exported: names that other sources may import from this one; they stay, with `as`.

    Raises:
        InputError: the file's encoding has no room for a name.
        RevetError: the result would not be right; the file should be left alone.
    """
    done: list[ImportFinding] = []
    content = source.data.decode().encode(source.encoding)
    for _ in range(_ROUNDS):
        seen = examine(source, generated=generated, exported=exported)
        if not seen.edits:
            return Repair(content, tuple(done), seen.findings)
        done += [item for item in seen.findings if item.fixable]
        try:
            edited = source.edited(seen.edits)
            source = read_source(source.name, edited)
        except (ValueError, InputError) as error:
            raise _failed(source, str(error)) from error
        if edited == content:
            return Repair(content, tuple(done), seen.findings)
        content = edited
    raise _failed(source, f"names that still change after {_ROUNDS} rounds")


def _failed(source: Source, got: str) -> RevetError:
    return RevetError(
        "the names of a file could not be corrected",
        where=source.name,
        got=got,
        do="correct them by hand after `revet imports check`; the file was left alone",
    )
