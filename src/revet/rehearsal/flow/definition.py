"""A flow as data: samples and steps; `docs/schemas/flow.schema.json` describes the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Field:
    """How one field of a sample is made; exactly one of these is not empty.

    Args:
        choice: values, one of which is drawn.
        walk: start prices by the value of another field; each goes its own way.
        by: name of that other field.
        volatility: of a walk, the standard deviation of one step's relative change.
        digits: of a walk, behind the decimal point.
        lots: of a quantity, how many make a lot; the number of lots is drawn.
        most: of a quantity, lots at most.
        start: of a clock, ISO 8601 with its time zone.
        every: of a clock, seconds on average between two samples.
    """

    choice: tuple[Any, ...] = ()
    walk: Mapping[str, float] = field(default_factory=dict)
    by: str = ""
    volatility: float = 0.0
    digits: int = 2
    lots: int = 0
    most: int = 1
    start: str = ""
    every: float = 1.0


@dataclass(frozen=True, slots=True)
class Samples:
    """A kind of sample.

    Args:
        seed: the same seed makes the same samples.
        fields: name to how it is made, in the order of the file.
    """

    seed: int
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Send:
    """HTTP requests to the deployed API.

    Args:
        method: of HTTP.
        url: template of the URL.
        headers: name to template.
        body: template of a JSON value; None for none.
        text: template of a body that is sent as it is; empty for none.
        samples: kind of samples that are sent as JSON; empty for none.
        count: how many requests.
        together: how many at once.
        each: name of a captured list, an element of which each request has as `${each}`; `count` is
            then its length.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    text: str = ""
    samples: str = ""
    count: int = 1
    together: int = 1
    each: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of AWS's API by an operator: with the deploying credentials.

    Args:
        service: boto3's name of it.
        operation: of the API.
        parameters: template.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    """Until everything is done that was set off."""


@dataclass(frozen=True, slots=True)
class Objects:
    """Look at the objects of a bucket.

    Args:
        bucket: template of its name.
        prefix: template of what their keys begin with.
        each: name of a captured list: each element must have its one object, and no object may be
            there that belongs to none; empty to look for content.
        key: template of the key that `${each}` has.
        contains: templates of texts, all of which one object must hold; gzip is undone.
    """

    bucket: str
    prefix: str = ""
    each: str = ""
    key: str = ""
    contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Log:
    """Look for one event in a log group.

    Args:
        group: template of its name.
        contains: templates of texts that it must hold.
    """

    group: str
    contains: tuple[str, ...]


Action: TypeAlias = Send | Call | Wait | Objects | Log


@dataclass(frozen=True, slots=True)
class Expect:
    """What the answers must be.

    Args:
        status: codes that accept; empty for any.
        seen: codes each of which must come at least once.
        at_least: share of the requests that must be accepted, 0 to 1.
        reason: path of what every other answer must tell; empty for nothing.
        values: path to the value that must be there, a template.
        error: code of the error that a call of AWS's API must meet with; empty for none.
    """

    status: tuple[int, ...] = ()
    seen: tuple[int, ...] = ()
    at_least: float = 1.0
    reason: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Args:
        name: what a client, or an operator, does; unique in its flow.
        action: how.
        expect: what must come of it.
        capture: name to the path of what later steps use; of several requests a list, of those
            that were accepted.
        always: also done when an earlier step failed: it cleans up.
    """

    name: str
    action: Action
    expect: Expect = field(default_factory=Expect)
    capture: Mapping[str, str] = field(default_factory=dict)
    always: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow.

    Args:
        steps: in their order.
        samples: name to kind of sample.
        not_exercised: what of the stack it does not touch, one line each.
    """

    steps: tuple[Step, ...]
    samples: Mapping[str, Samples] = field(default_factory=dict)
    not_exercised: tuple[str, ...] = ()
