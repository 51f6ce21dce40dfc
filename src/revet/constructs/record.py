"""What the synthesized configuration tells of each construct: evidence *by construction*."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Any

import cdktn
from constructs import Construct

_ROOM = Path(__file__).parent
_PACKAGE = _ROOM.parent


@dataclass(frozen=True, slots=True)
class Weakening:
    """A default that somebody made weaker, and why.

    Args:
        argument: the argument that weakens it.
        reason: in the words of whoever wrote it.
        gives_up: ids of the controls whose good state it gives up; empty where every control still
            holds with its default settings.
    """

    argument: str
    reason: str
    gives_up: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One construct in a stack.

    Args:
        construct: `service.Class`, for example `s3.Bucket`.
        path: its path in the app.
        resources: the Terraform resources that it made itself; may grow until the synthesis.
        weakened: defaults that were made weaker; may grow until the synthesis.
        source: file and line that made it; the file relative to the working folder when inside it.
    """

    construct: str
    path: str
    resources: Sequence[cdktn.TerraformResource]
    weakened: Sequence[Weakening]
    source: tuple[str, int] | None

    def as_dict(self) -> dict[str, Any]:
        """JSON form, under `//.revet.constructs` of the synthesized stack."""
        return {
            "construct": self.construct,
            "path": self.path,
            "resources": [address(resource) for resource in self.resources],
            "weakened": [
                {
                    "argument": item.argument,
                    "reason": item.reason,
                    "gives_up": list(item.gives_up),
                }
                for item in self.weakened
            ],
            "source": None
            if self.source is None
            else {"file": self.source[0], "line": self.source[1]},
        }


def address(resource: cdktn.TerraformResource) -> str:
    """Terraform's address of a resource."""
    return f"{_terraform_type(type(resource))}.{resource.friendly_unique_id}"


@functools.cache
def _terraform_type(kind: type[cdktn.TerraformResource]) -> str:
    found: str = kind.TF_RESOURCE_TYPE  # type: ignore[attr-defined]  # only generated classes have it
    return found


def make_record(
    construct: Construct,
    kind: str,
    resources: Sequence[cdktn.TerraformResource],
    weakened: Sequence[Weakening] = (),
) -> Record:
    """Describe a construct; called at the end of its constructor.

    Args:
        construct: the construct.
        kind: `service.Class`.
        resources: the Terraform resources that it made itself.
        weakened: defaults that were made weaker.
    """
    return Record(kind, construct.node.path, resources, weakened, _source())


def _source() -> tuple[str, int] | None:
    """The first frame outside this room, cdktn and jsii; a blueprint's frame counts."""
    skipped = _skipped()
    frame = sys._getframe(1)  # noqa: SLF001 - the documented way to one frame; `inspect` reads files
    while frame is not None:
        filename = frame.f_code.co_filename
        if not filename.startswith(skipped) and not filename.startswith("<"):
            return _shown(Path(filename)), frame.f_lineno
        if frame.f_back is None:
            break
        frame = frame.f_back
    return None


def _skipped() -> tuple[str, ...]:
    folders = [str(_ROOM), str(_PACKAGE / "synth")]
    for name in ("jsii", "cdktn", "constructs", "cdktn_provider_aws"):
        spec = util.find_spec(name)
        if spec is not None and spec.origin:
            folders.append(str(Path(spec.origin).parent))
    return tuple(f"{folder}/" for folder in folders)


def _shown(path: Path) -> str:
    for base in (Path.cwd(), _PACKAGE.parent):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()
