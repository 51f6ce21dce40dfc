"""References between the stacks of one app, and where their values are read.

CDK Terrain makes an output of the stack that is referred to and a `terraform_remote_state` of the
one that refers to it, which reads the other's state with the other's backend. Where revet keeps the
state in a file of its own, that is what must be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from revet.files import replace_file
from revet.model.errors import ConfigError, ProgramError
from revet.synth.app import Synthesis, SynthesizedStack

_TYPE = "terraform_remote_state"
_OURS = "cross-stack-reference-input-"
"""How CDK Terrain names the data source, before the name of the other stack (cdktn 0.24)."""

_MARK = "revet"
"""Where a redirected data source says whose state it reads; Terraform takes `//` for a comment."""

_KEPT = ("defaults", "provider")

_LATER = "${timestamp()}"
"""A path that Terraform does not know before the apply, so that what is read there is not either.

Source: Terraform, "timestamp": during a plan its result is unknown.
"""


def references(synthesis: Synthesis, name: str) -> dict[str, str]:
    """What one stack reads of others of its app.

    Args:
        synthesis: of the app.
        name: of the stack.

    Returns:
        Name of the data source to the stack whose state it reads. One that reads the state of
        somebody else is left out.
    """
    found: dict[str, str] = {}
    for source, body in _remote_states(synthesis.stacks[name].json).items():
        named = source.removeprefix(_OURS) if source.startswith(_OURS) else ""
        named = _body(body.get("//", {})).get(_MARK, named)
        if named in synthesis.stacks and named != name:
            found[source] = named
            continue
        same = [
            other.name
            for other in synthesis.stacks.values()
            if other.name != name and _keeps_state_in(other, body)
        ]
        if len(same) == 1:
            found[source] = same[0]
    return found


def needed(synthesis: Synthesis, name: str) -> tuple[str, ...]:
    """The stacks that must be there before one, in the order in which they can be made.

    Args:
        synthesis: of the app.
        name: of the stack; not in the answer.

    Raises:
        ProgramError: stacks refer to each other in a circle.
    """
    order: dict[str, None] = {}

    def visit(one: str, path: tuple[str, ...]) -> None:
        if one in path:
            circle = " → ".join((*path[path.index(one) :], one))
            raise ProgramError(
                "stacks refer to each other in a circle",
                where=str(synthesis.directory),
                got=circle,
                expected="stacks that can be deployed one after the other",
                do="move what both need into a third one",
            )
        if one not in order:
            for other in before(synthesis, one):
                visit(other, (*path, one))
            order[one] = None

    visit(name, ())
    del order[name]
    return tuple(order)


def before(synthesis: Synthesis, name: str) -> tuple[str, ...]:
    """The stacks that one refers to, or says that it depends on.

    Args:
        synthesis: of the app.
        name: of the stack.
    """
    declared = synthesis.stacks[name].dependencies
    read = references(synthesis, name).values()
    return tuple(
        dict.fromkeys(
            item for item in (*declared, *read) if item in synthesis.stacks and item != name
        )
    )


def redirect(synthesis: Synthesis, name: str, states: Mapping[str, Path | None]) -> None:
    """Let a synthesized stack read the states of others where they lie.

    Args:
        synthesis: of the app; the stack's `cdk.tf.json` is rewritten.
        name: of the stack.
        states: for other stacks of the app, the file that holds the state; None where the stack
            is not deployed, so that nothing is known of its outputs before the apply.
    """
    stack = synthesis.stacks[name]
    wanted = {
        source: states[other]
        for source, other in references(synthesis, name).items()
        if other in states
    }
    if not wanted:
        return
    content = json.loads(stack.json_path.read_bytes())
    for source, path in wanted.items():
        where = _LATER if path is None else _literal(str(path.absolute()))
        body = _body(content["data"][_TYPE][source])
        content["data"][_TYPE][source] = {
            **{key: value for key, value in body.items() if key in _KEPT},
            "backend": "local",
            "config": {"path": where},
            "//": {_MARK: references(synthesis, name)[source]},
        }
    replace_file(stack.json_path, json.dumps(content, indent=2) + "\n")


def ordered(names: Iterable[str], needs: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Names in an order in which each comes after what it needs, else as they were.

    Args:
        names: in the order that they have.
        needs: name to those that come before it; names that are not asked for are passed over.

    Raises:
        ConfigError: they need each other in a circle.
    """
    names = tuple(names)
    order: dict[str, None] = {}

    def visit(one: str, path: tuple[str, ...]) -> None:
        if one in path:
            raise ConfigError("stacks need each other in a circle", got=" → ".join((*path, one)))
        if one not in order:
            for other in needs.get(one, ()):
                if other in names:
                    visit(other, (*path, one))
            order[one] = None

    for name in names:
        visit(name, ())
    return tuple(order)


def _remote_states(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found = content.get("data", {}).get(_TYPE, {})
    return {name: _body(body) for name, body in found.items()}


def _body(body: object) -> dict[str, Any]:
    """A block's body; in JSON syntax it may be the only item of a list."""
    if isinstance(body, list) and len(body) == 1:
        return _body(body[0])
    return body if isinstance(body, dict) else {}


def _keeps_state_in(stack: SynthesizedStack, body: Mapping[str, Any]) -> bool:
    backend = _body(_body(stack.json.get("terraform", {})).get("backend", {}))
    kind = body.get("backend")
    return kind in backend and _body(backend[kind]) == _body(body.get("config", {}))


def _literal(text: str) -> str:
    return text.replace("${", "$${").replace("%{", "%%{")
