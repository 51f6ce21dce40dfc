"""Names that a person would choose, in place of those that hold a hash.

A synthesized name is the construct's path with a hash behind it. The new one is the path without
what the type says already: `aws_s3_bucket_policy.data-store_policy_7F633534` is
`aws_s3_bucket_policy.data_store`. A name that the program has chosen itself stays, and so does that
of a variable or an output: whoever runs Terraform gives the one by its name and reads the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from revet.synth.hcl.lexer import Item, Token

Place = tuple[str, ...]
"""Where a name is declared: `(resource, aws_kms_key)`, `(data, aws_region)`, `(locals,)`, …"""

TYPED = ("resource", "data", "ephemeral")
_REFERRED = {"locals": "local", "module": "module"}
_HASHED = re.compile(r"_[0-9A-F]{8}$")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_APART = re.compile(r"[^A-Za-z0-9]+")
_SOLE = "main"
_PRESENT = "current"


@dataclass(frozen=True, slots=True)
class Names:
    """The new name of each old one.

    Args:
        of: place to old name to new name.
    """

    of: Mapping[Place, Mapping[str, str]] = field(default_factory=dict)

    def new(self, place: Place, old: str) -> str:
        """The new name; the old one where it stays."""
        return self.of.get(place, {}).get(old, old)

    def addresses(self) -> dict[str, str]:
        """Old address to new address of resources, data sources, modules and outputs."""
        return {
            _address(place, old): _address(place, new)
            for place, names in self.of.items()
            if place[0] in (*TYPED, "module", "output")
            for old, new in names.items()
        }

    def rename(self, tokens: Sequence[Item]) -> list[Item]:
        """Write the new names into an expression.

        Args:
            tokens: of the expression; what is in its texts is renamed when that is read.
        """
        found = list(tokens)
        words = [at for at, item in enumerate(found) if item != Token("\n")]
        for here in range(len(words)):
            if here and found[words[here - 1]] == Token("."):
                continue
            for place, steps in self._places([found[index] for index in words[here : here + 5]]):
                index = words[here + steps]
                old = found[index]
                if isinstance(old, Token):
                    found[index] = Token(self.new(place, old.text), is_word=True)
        return found

    def _places(self, begun: Sequence[Item]) -> Iterable[tuple[Place, int]]:
        """What a reference may refer to that begins so, and at which token its name is."""
        words = [item.text if isinstance(item, Token) else "" for item in begun]
        if len(words) < 3 or words[1] != ".":  # noqa: PLR2004 - `type.name`
            return
        for kind, word in _REFERRED.items():
            if words[0] == word:
                yield (kind,), 2
        if words[0] in ("data", "ephemeral") and len(words) > 4 and words[3] == ".":  # noqa: PLR2004
            yield (words[0], words[2]), 4
        elif ("resource", words[0]) in self.of:
            yield ("resource", words[0]), 2


def choose(configuration: Mapping[str, Any]) -> Names:
    """Choose all names of a synthesized stack.

    Args:
        configuration: its `cdk.tf.json`.
    """
    kinds = {record["path"]: record["construct"] for record in _records(configuration)}
    chosen: dict[Place, dict[str, str]] = {}
    for place, bodies in _declared(configuration):
        wishes = {old: _wishes(place, old, body, kinds) for old, body in bodies.items()}
        chosen[place] = _unique(wishes)
    chosen[("output",)] = {name: name for name in configuration.get("output", {})}
    return Names(chosen)


def construct_path(body: object) -> str:
    """The path of the construct that made a resource; empty where the synthesis does not say."""
    metadata = body.get("//", {}).get("metadata", {}) if isinstance(body, Mapping) else {}
    return str(metadata.get("path", ""))


def _records(configuration: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = (
        configuration.get("//", {}).get("revet", {}).get("constructs", ())
    )
    return found


def _declared(configuration: Mapping[str, Any]) -> Iterable[tuple[Place, Mapping[str, Any]]]:
    for kind in TYPED:
        for type_name, bodies in configuration.get(kind, {}).items():
            yield (kind, type_name), bodies
    for kind in ("locals", "module"):
        yield (kind,), configuration.get(kind, {})


def _address(place: Place, name: str) -> str:
    kind = place[0]
    return ".".join((*(place[1:] if kind == "resource" else place), name))


def _wishes(place: Place, old: str, body: Mapping[str, Any], kinds: Mapping[str, str]) -> list[str]:
    """The names that would do, best first."""
    _, *steps = construct_path(body).split("/")
    if not _HASHED.search(old) and (len(steps) != 1 or place[0] not in TYPED or steps[0] != old):
        return [old]  # the program's own
    if place[0] == "data" and not set(body) - {"//", "provider"}:
        return [_PRESENT]
    if not steps:
        steps = [_HASHED.sub("", old)]
    of_type = [word for part in place[1:] for word in _words(part)]
    own = [word for word in _words(steps[-1]) if not _is_known(word, of_type)]
    scopes = [_scope(steps, end, kinds) for end in range(1, len(steps))]
    return _candidates(own, scopes, of_type)


def _candidates(own: list[str], scopes: Sequence[list[str]], of_type: Sequence[str]) -> list[str]:
    """The nearest scope before the resource's own words, then one scope more each time."""
    found: list[str] = []
    for begin in range(max(len(scopes) - 1, 0), -1, -1):
        words: list[str] = []
        for scope in (*scopes[begin:], own):
            words = scope if scope[: len(words)] == words else words + scope
        if not own and words == of_type[len(of_type) - len(words) :]:
            words = []  # `aws_vpc.vpc` says nothing
        if words and words[0][0].isdigit():
            words = [*of_type[-1:], *words] if of_type else ["_", *words]
        found.append("_".join(words) or _SOLE)
    return found


def _scope(steps: Sequence[str], end: int, kinds: Mapping[str, str]) -> list[str]:
    """The words of a construct's id; without those of its class at its end."""
    words = _words(steps[end - 1])
    suffix = "/".join(steps[:end])
    kind = next((k for path, k in kinds.items() if path.partition("/")[2] == suffix), "")
    nouns = _words(kind.rpartition(".")[2])
    if nouns and words[-len(nouns) :] == nouns and len(words) > len(nouns):
        return words[: -len(nouns)]
    is_noun = words[-1:] == nouns[-1:] and set(words) - set(nouns)
    return words[:-1] if is_noun else words


def _words(name: str) -> list[str]:
    return [word.lower() for word in _APART.split(_HUMP.sub("_", name)) if word]


def _is_known(word: str, known: Sequence[str]) -> bool:
    """Whether a word is among others, in the singular or plural."""
    return word in known or word.removesuffix("s") in known or f"{word}s" in known


def _unique(wishes: Mapping[str, list[str]]) -> dict[str, str]:
    """Give each its best name that no other wants; a number where all are taken."""
    level = dict.fromkeys(wishes, 0)
    while True:
        names = {old: wished[level[old]] for old, wished in wishes.items()}
        often = Counter(names.values())
        moved = [
            old
            for old, name in names.items()
            if often[name] > 1 and level[old] + 1 < len(wishes[old])
        ]
        if not moved:
            break
        for old in moved:
            level[old] += 1
    given: dict[str, str] = {}
    fixed = {name for old, name in names.items() if name == old}
    for old, name in sorted(names.items()):
        taken = set(given.values()) | (fixed - {old} if name != old else set())
        number = 1
        unique = name
        while unique in taken:
            number += 1
            unique = f"{name}_{number}"
        given[old] = unique
    return {old: given[old] for old in wishes}
