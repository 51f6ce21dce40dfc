"""One resource instance as it will be after apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from revet.iam.compiled.policy import unreadable
from revet.iam.document import PolicyDocument
from revet.model.errors import UnknownValueError
from revet.model.finding import SourceLine
from revet.model.work import spend
from revet.plan.address import Index
from revet.plan.expression import Expression, Opaque
from revet.plan.kinds import attribute_kind
from revet.plan.missing_values import has_gap, merged
from revet.plan.provider_facts import is_left_to_the_provider
from revet.plan.unread_marks import Mark
from revet.plan.values import Computed, Sensitive, Symbolic, Undecided, Unknown
from revet.plan.walk import Position, Resolve, read, stated, step, written

_MOST_RESOURCES = 2048


@dataclass(slots=True)
class _Walked:
    """Where the paths of one resource lead, and what the plan does not say of them.

    Args:
        resource: kept, so that its identity stays its own.
        places: path to place.
        undecided: path to the answer of `Resource.get`.
    """

    resource: Resource
    places: dict[str, Position]
    undecided: dict[str, Undecided]


class Places:
    """What was walked of the resources that were asked last; shared by a plan."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, _Walked] = {}

    def of(self, resource: Resource) -> _Walked:
        """What is remembered of a resource, to be added to."""
        found = self._known.get(id(resource))
        if found is None:
            spend()
            if len(self._known) >= _MOST_RESOURCES:
                del self._known[next(iter(self._known))]
            found = self._known[id(resource)] = _Walked(resource, {}, {})
        return found

    def clear(self) -> None:
        """Forget what was walked before all resources were known."""
        self._known.clear()


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource instance. Two are the same only when they are the same object.

    Args:
        address: full instance address, `module.m["a"].aws_s3_bucket.b[0]`: its identity.
        type: Terraform type, `aws_s3_bucket`.
        name: name in the configuration.
        module: instance address of its module; empty for the root module.
        index: key of `for_each` or number of `count`; `None` without them.
        actions: `no-op`, `create`, `update`, `delete`, `read`, `forget`; two for a replacement.
        provider_region: where its provider works; empty when the plan does not say it.
        identity: the first of the provider configurations that have the credentials of its own;
            empty when the plan does not say it.
        construct_path: CDK Terrain's path; empty for hand-written configuration.
        source: the user's line that made it, when the synthesis recorded it.
        mode: `managed` or `data`.
        made_by: `aws` for what AWS made by itself in an account; empty otherwise.
        unread: why the resources of this type could not be listed, for the one that stands for all
            of them; `None` for every other.
    """

    address: str
    type: str
    name: str
    module: str = ""
    index: Index = None
    actions: tuple[str, ...] = ()
    provider_region: str = ""
    construct_path: str = ""
    source: SourceLine | None = None
    mode: str = "managed"
    made_by: str = ""
    unread: Mark | None = None
    identity: str = ""
    _root: Position = field(default=Position(None, None, None, ()), repr=False)
    _resolve: Resolve = field(default=lambda expression: expression, repr=False)
    _places: Places = field(default_factory=Places, repr=False)
    _policy: Callable[[Resource, str], PolicyDocument | None] = field(
        default=lambda _resource, _path: None, repr=False
    )

    def get(self, path: str) -> Any:  # noqa: ANN401 - any value, see Returns
        """The value under an attribute path.

        Args:
            path: attribute names, map keys and list indices (from 0), with dots between:
                `rule.0.apply_server_side_encryption_by_default.0.sse_algorithm`.

        Returns:
            the known value (lists and mappings must not be changed); `None` when absent;
            `Symbolic`, `Computed`, `Sensitive` or `Unknown` when the plan does not state it. Those
            refuse every comparison with `UnknownValueError`; a list or mapping may hold some.
        """
        known = self._places.of(self).undecided
        if path in known:
            return known[path]
        value = read(self.place(path), f"{self.address}.{path}", self._resolve)
        if isinstance(value, Computed) and not self._is_left_to_the_provider(path):
            value = Unknown(
                value.path,
                "known after apply, though the configuration does not set it and the provider "
                "cannot",
                "make a new plan",
            )
        if isinstance(value, Undecided):
            known[path] = value
        return value

    def doubt(self, path: str, why: str, resolve: str) -> UnknownValueError:
        """The exception that says why something about an attribute is not known.

        Args:
            path: of the attribute.
            why: it is not known, lower case.
            resolve: what would make it known.
        """
        return UnknownValueError(f"{self.address}.{path}", why=why, resolve=resolve)

    def _is_left_to_the_provider(self, path: str) -> bool:
        if self.mode != "managed":
            return True
        head, dot, name = path.rpartition(".")
        if dot and not all(isinstance(node, Mapping) for node in self.place(head).nodes):
            return True  # nobody wrote the block, or it may come from a `dynamic` one
        kind = attribute_kind(self.type, path)
        inner = kind[1] if isinstance(kind, tuple) else kind  # of a list or a map of scalars
        plain = isinstance(inner, str)
        return not plain or name.isdigit() or is_left_to_the_provider(self.type, path)

    def is_set(self, path: str) -> bool:
        """Whether the user gives this attribute a value.

        Unknown values count when the configuration makes them of exactly one attribute of a
        resource, or of a text around some: both are never null. A conditional, or a name that the
        plan does not resolve (`local.x`), may be null, so nothing is said.

        Args:
            path: as in `get`.

        Returns:
            true for a value, `0` and `false` included; false when absent, empty (`""`, `[]`,
            `{}`), or left to the provider.

        Raises:
            UnknownValueError: it is not known.
        """
        value = self.get(path)
        if isinstance(value, Undecided):
            if isinstance(value, Computed):
                return False
            if isinstance(value, Symbolic) and value.strong:
                return True
            if not isinstance(value, Sensitive):
                value.refuse()
            value = self.place(path).value  # looked at, and never shown
        if isinstance(value, str) and value and not any(map(_shows, value)):
            why = "it is white space and nothing else"
            raise self.doubt(path, why, "give it a value, or leave it out")
        if isinstance(value, (str, list, dict)):
            return len(value) > 0
        return value is not None

    def sensitive_text(self, path: str) -> str | None:
        """The text of an attribute that is marked sensitive, to be judged and never shown.

        Args:
            path: as in `get`.

        Returns:
            `None` for one that is not sensitive, not known, or no text.
        """
        place = self.place(path)
        known = place.sensitive is True and place.unknown is not True
        return place.value if known and isinstance(place.value, str) else None

    def policy(self, path: str = "policy") -> PolicyDocument | None:
        """The policy document in an attribute.

        Args:
            path: as in `get`.

        Returns:
            the document, attributes that are not known yet as `${aws_kms_key.k.arn}` in it;
            `None` when the attribute is absent, empty or left to the provider.

        Raises:
            UnknownValueError: the plan does not show the document, or it has something that AWS
                would not take, so that it could mean anything.
            PolicyError: the attribute holds something that is no policy.
        """
        document = self.written_policy(path)
        fault = unreadable(document) if document is not None else ""
        if fault:
            why = f"AWS would not take the policy: {fault}"
            raise self.doubt(path, why, "correct the policy; `iam-policy-valid` says what is wrong")
        return document

    def written_policy(self, path: str = "policy") -> PolicyDocument | None:
        """As `policy`, for who judges the document's form: whatever AWS would say of it.

        Raises:
            UnknownValueError: the plan does not show the document.
            PolicyError: the attribute holds something that is no policy.
        """
        return self._policy(self, path)

    def stated(self, path: str) -> object:
        """The value that the plan states for a path, whatever the configuration says.

        Args:
            path: as in `get`.

        Returns:
            the value; `None` where it is absent, sensitive, or not known in every part.
        """
        return stated(self._root, path)

    def values(self) -> Any:  # noqa: ANN401 - a mapping of any values
        """All of its attributes, as `get` gives one; what is not known is undecided in it."""
        return read(self._root, self.address, self._resolve)

    def place(self, path: str) -> Position:
        """Where a path leads, for the rest of this room."""
        known = self._places.of(self).places
        found = known.get(path)
        if found is None:
            head, dot, name = path.rpartition(".")
            found = known[path] = step(self.place(head) if dot else self._root, name)
        return found

    def expression(self, path: str) -> Expression | None:
        """The one resolved expression that an attribute is written with; `None` without one.

        Where the plan has another value than the configuration, nothing is known of it.
        """
        place = self.place(path)
        return Opaque("", ()) if has_gap(place.unknown) else written(place, self._resolve)

    def marked(self, marks: Mapping[str, Any]) -> Resource:
        """The same resource with more marks of what is not known."""
        return replace(self, _root=replace(self._root, unknown=merged(self._root.unknown, marks)))


def _shows(character: str) -> bool:
    """Whether a character is more than white space or a control character."""
    return character.isprintable() and not character.isspace()
