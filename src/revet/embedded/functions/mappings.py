"""Event source mappings: Lambda reads queues and streams as the function's role, batch by batch.

Looked for after every call that changes something; a batch is read, given to the function, and
deleted or passed when it succeeded. What AWS waits before a batch is tried again is not waited.
Source: AWS Lambda Developer Guide, "How Lambda processes records from stream and queue-based event
sources", "Lambda event filtering".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from moto.awslambda.models import EventSourceMapping, lambda_backends
from moto.events.models import EventPattern

from revet.embedded.call import Json
from revet.embedded.changes import touch
from revet.embedded.credentials import find_role
from revet.embedded.functions import notes
from revet.embedded.functions.definition import Definition, find_function
from revet.embedded.functions.engine import Functions
from revet.embedded.functions.work import Work
from revet.embedded.wire_error import AwsError

_BLOCKED = "revet_blocked"
Poll = Callable[["Mappings", EventSourceMapping], None]
"""Works on what a mapping's source holds now."""
Look = Callable[[EventSourceMapping], float | None]
"""Seconds until a mapping's source has something; none when nothing is coming. Under the lock."""

TakeBack = Callable[[EventSourceMapping], None]
"""Makes available again what was being worked on. Under the lock."""


def _nothing(_mapping: EventSourceMapping) -> None:
    """Where nothing is taken from a source before it is done with."""


class Mappings:
    """The mappings of all functions.

    Args:
        functions: runs them.
        work: does it in the background.
        wrote: called when the state has changed; it is expected to `look` again.
        sources: service in the source's ARN, to what looks at it and what works on it.
        take_back: service, to what takes back what a killed process was working on.
    """

    def __init__(
        self,
        functions: Functions,
        work: Work,
        wrote: Callable[[], None],
        sources: Mapping[str, tuple[Look, Poll]],
        take_back: Mapping[str, TakeBack],
    ) -> None:
        self.functions = functions
        self._work = work
        self._wrote = wrote
        self._sources = sources
        self._take_back = take_back

    def resume(self) -> None:
        """Go on with what an earlier process was working on."""
        with self.functions.lock:
            for mapping in _mappings():
                self._take_back.get(_service(mapping), _nothing)(mapping)
        self.look()

    def look(self) -> None:
        """Queue work for every mapping whose source has something."""
        with self.functions.lock:
            for mapping in _mappings():
                service = _service(mapping)
                if service not in self._sources:
                    continue
                look, poll = self._sources[service]
                after = look(mapping)
                if after is None:
                    self._work.cancel(_key(mapping))
                else:
                    self._add(mapping, poll, after)

    def _add(self, mapping: EventSourceMapping, poll: Poll, after: float) -> None:
        def run() -> None:
            with self.functions.lock:
                known = mapping in list(_mappings())
            if known:
                poll(self, mapping)
                self._wrote()

        self._work.add(_key(mapping), run, after)

    def definition(self, mapping: EventSourceMapping) -> Definition | None:
        """The mapping's function as it is now; none when it is gone, which is noted."""
        try:
            with self.functions.lock:
                return find_function(mapping.account_id, mapping.region, _function(mapping))
        except AwsError as error:
            self.note(notes.NOT_DELIVERED, mapping, error.message)
            return None

    def keep(self, mapping: EventSourceMapping, name: str, shard: str, value: Json) -> None:
        """Keep how far a mapping has come with a shard, in an attribute that is a dictionary."""
        with self.functions.lock:
            vars(mapping).setdefault(name, {})[shard] = value
            changed(mapping)
        self._wrote()

    def note(self, kind: str, mapping: EventSourceMapping, message: str) -> None:
        """Write down what became of a batch."""
        self.functions.notes.add(
            kind, str(mapping.function_arn), str(mapping.event_source_arn), message
        )

    def invoke(
        self,
        mapping: EventSourceMapping,
        definition: Definition,
        records: Sequence[Json],
        chain: Mapping[str, int],
    ) -> Json | None:
        """Give a batch to the function.

        Args:
            mapping: whose batch it is.
            definition: of the function.
            records: the batch.
            chain: how often each function was invoked on the way to them, by ARN.

        Returns:
            The function's answer, decoded; none when it failed or was not run, which is noted.
        """
        payload = json.dumps({"Records": list(records)}).encode()
        try:
            answer = self.functions.invoke(definition, payload, chain)
        except AwsError as error:
            self.note(notes.FAILED, mapping, f"{error.code}: {error.message}")
            return None
        if answer.error:
            text = answer.payload.decode("utf-8", "replace")[:500]
            self.note(notes.FAILED, mapping, f"a batch of {len(records)}: {text}")
            return None
        found = json.loads(answer.payload or b"null")
        return found if isinstance(found, dict) else {}


def state_of(mapping: EventSourceMapping) -> str:
    """Equal as long as the function and its role are as they are; the state's lock is held."""
    try:
        definition = find_function(mapping.account_id, mapping.region, _function(mapping))
    except AwsError as error:
        return error.message
    role = find_role(definition.role)
    policies = [] if role is None else [str(role.policies)]
    attached = role.managed_policies.values() if role is not None else ()
    policies += [f"{policy.arn} {policy.default_version_id}" for policy in attached]
    text = json.dumps([definition.fingerprint, *policies])
    return hashlib.sha256(text.encode()).hexdigest()


def block(mapping: EventSourceMapping) -> None:
    """Read nothing for a mapping until its function or role has changed; the lock is held."""
    setattr(mapping, _BLOCKED, state_of(mapping))
    changed(mapping)


def changed(mapping: EventSourceMapping) -> None:
    """Note that how far a mapping has come is otherwise; the lock is held."""
    touch(lambda_backends[mapping.account_id][mapping.region])


def is_blocked(mapping: EventSourceMapping) -> bool:
    """Whether nothing is read for a mapping; the state's lock is held."""
    blocked = getattr(mapping, _BLOCKED, None)
    return blocked is not None and blocked == state_of(mapping)


def failed_items(
    mapping: EventSourceMapping, answer: Json, known: Sequence[str]
) -> set[str] | None:
    """Which records of a batch the function reported as failed.

    Args:
        mapping: whose batch it is.
        answer: of the function.
        known: identifiers of the batch.

    Returns:
        Their identifiers; none when the answer names one that is not in the batch or has none, for
        which the whole batch counts as failed.
    """
    if "ReportBatchItemFailures" not in (mapping.function_response_types or ()):
        return set()
    reported = answer.get("batchItemFailures") or []
    try:
        found = {str(one["itemIdentifier"] or "") for one in reported}
    except (TypeError, KeyError):
        return None
    return found if found <= set(known) else None


def wanted(mapping: EventSourceMapping, record: Json, body: str = "") -> bool:
    """Whether a record passes the mapping's filter.

    Args:
        mapping: with its filter.
        record: as the function would get it.
        body: name of the member that holds JSON text; empty without one.
    """
    filters = (mapping.filter_criteria or {}).get("Filters") or ()
    if not filters:
        return True
    shown: Json = dict(record)
    if body:
        try:
            shown[body] = json.loads(record[body])
        except ValueError:
            shown[body] = record[body]
    return any(EventPattern.load(one["Pattern"]).matches_event(shown) for one in filters)


def _service(mapping: EventSourceMapping) -> str:
    return str(mapping.event_source_arn).split(":")[2]


def _key(mapping: EventSourceMapping) -> str:
    return f"{mapping.function_arn} {mapping.uuid}"


def _function(mapping: EventSourceMapping) -> str:
    """The function as the mapping was asked for, with its version or alias."""
    name = str(mapping.function_name)
    plain = str(mapping.function_arn)
    qualifier = name.rpartition(":")[2] if ":" in name.rsplit(":function:", maxsplit=1)[-1] else ""
    return f"{plain}:{qualifier}" if qualifier and not plain.endswith(f":{qualifier}") else plain


def _mappings() -> Iterator[EventSourceMapping]:
    for _, regions in sorted(dict.items(lambda_backends)):
        for _, backend in sorted(dict.items(regions)):
            for mapping in list(backend._event_source_mappings.values()):  # noqa: SLF001 - moto has no other way
                if mapping.enabled:
                    yield mapping
