"""Mutations of policies: parsed, validated as each type, compiled, evaluated and explained."""

from __future__ import annotations

import json
import os
import random
import re
import tomllib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from tests.fuzz.attempt import InapplicableError
from tests.fuzz.policy_kinds import ILL_TYPED, POLICY_KINDS
from tests.fuzz.result import Outcome, Result
from tests.fuzz.text_kinds import TEXT_KINDS, broken
from tests.fuzz.watch import Job
from tests.iam.validate.case import case_files, read_cases

from revet.iam.compiled.policy import PolicyKind, compile_policy
from revet.iam.document import PolicyDocument, parse_policy, render
from revet.iam.evaluate import Decision, Request, decide
from revet.iam.evaluate import Outcome as Decided
from revet.iam.evaluate import Policies as Attached
from revet.iam.evaluate.explain import explanation
from revet.iam.validate import Level, PolicyType, validate_policy
from revet.model.errors import RevetError

ORACLES = os.environ.get("REVET_ORACLES")
NAMES = (*POLICY_KINDS, *TEXT_KINDS)
_TESTS = Path(__file__).parents[1]
_LARGEST = 6_000
_LARGEST_OF_ALL = 200_000
_USER = "arn:aws:iam::111122223333:user/ana"
_ALL = parse_policy('{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}')
_REQUESTS = (
    Request(_USER, "s3:GetObject", "arn:aws:s3:::bucket/key", {"aws:SecureTransport": "false"}),
    Request("anonymous", "iam:PassRole", "arn:aws:iam::111122223333:role/app"),
)
Item = TypeVar("Item")
_WILD = re.compile(r"[*?]")
_BOM = "\ufeff"


class Policies:
    """All mutations of a run.

    Args:
        seed: of the dice.
        few: whether only the suite's small policies are mutated.
    """

    name = "policies"

    def __init__(self, seed: int, *, few: bool) -> None:
        self.seed = seed
        self.few = few

    @cached_property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Name and text of each policy."""
        largest = _LARGEST if self.few else _LARGEST_OF_ALL
        found = {text: name for name, text in _stored(self.few) if len(text) <= largest}
        return tuple((name, text) for text, name in found.items())

    def jobs(self, count: int) -> list[Job]:
        """At least so many, each kind equally often."""
        rounds = -(-count // len(NAMES))
        return [(kind, "", number) for number in range(rounds) for kind in NAMES]

    def run(self, job: Job) -> Result:
        """Make one mutation and let everything that reads policies read it."""
        kind = job[0]
        name, text, data = self._made(job)
        if not data:
            return Result(kind, "", name, Outcome.INAPPLICABLE)
        wrong = "; ".join(_wrong(kind, text, data, job[2] if self.few else None))
        outcome = Outcome.READ
        if wrong:
            outcome = Outcome.ALLOWED if wrong.startswith("allowed") else Outcome.CRASH
        elif _parsed(data) is None:
            outcome = Outcome.REFUSED
        return Result(
            kind, "", name, outcome, data[:300].decode(errors="replace"), wrong, len(data)
        )

    def describe(self, job: Job) -> tuple[str, str]:
        """The policy, and what it became."""
        name, _, data = self._made(job)
        return name, data[:300].decode(errors="replace")

    def data(self, job: Job) -> bytes:
        """The mutated policy."""
        return self._made(job)[2]

    def _made(self, job: Job) -> tuple[str, str, bytes]:
        kind, _, number = job
        name = text = ""
        for more in range(8):
            draw = random.Random(f"{self.seed} {kind} {number} {more}")  # noqa: S311 - no secret
            name, text = self.texts[draw.randrange(len(self.texts))]
            try:
                if kind in TEXT_KINDS:
                    return name, text, broken(kind, draw, text)
                return name, text, POLICY_KINDS[kind](draw, text).encode("utf-8", "surrogatepass")
            except (InapplicableError, ValueError, KeyError, TypeError, IndexError):
                continue
        return name, text, b""


def _wrong(kind: str, text: str, data: bytes, turn: int | None) -> Iterator[str]:
    """What must not be of a mutated policy; an error that is not ours goes through.

    Every type and every place is tried; with a turn, which counts up, two types and one place, by
    turns.
    """
    document = _parsed(data)
    readable = _is_json(data)
    if document is not None and not readable:
        yield "allowed: it is not JSON, and was read as a policy"
    for policy_type in _turned(tuple(PolicyType), turn, 2):
        findings = validate_policy(data, policy_type)
        levels = {finding.level for finding in findings}
        if not readable and Level.ERROR not in levels:
            yield f"allowed: it is not JSON, and has no error as {policy_type}"
        for finding in findings:
            json.dumps(finding.as_dict())
    if document is None:
        return
    _read_through(document, turn)
    if kind in ILL_TYPED:
        yield from _opened(text, document)


def _read_through(document: PolicyDocument, turn: int | None) -> None:
    """Everything that reads a policy reads it; nothing may crash."""
    render(document)
    for policy_kind in PolicyKind:
        compile_policy(document, policy_kind)
    for request in (*_REQUESTS, *_asked(document)):
        for attached in _turned(tuple(_places(document)), turn, 1):
            decision = _decided(request, attached)
            if decision is not None:
                json.dumps(explanation("x", decision))


def _turned(items: tuple[Item, ...], turn: int | None, count: int) -> tuple[Item, ...]:
    if turn is None:
        return items
    first = turn % len(items)
    return (*items[first:], *items[:first])[:count]


def _opened(text: str, document: PolicyDocument) -> Iterator[str]:
    """A denial that can no longer be read must not have become an allowance."""
    before = _parsed(text.encode())
    if before is None:
        return
    for request in (*_REQUESTS, *_asked(before)):
        was = _decided(request, Attached(identity=(_ALL, before)))
        if was is None or was.outcome is not Decided.EXPLICITLY_DENIED:
            continue
        now = _decided(request, Attached(identity=(_ALL, document)))
        if now is not None and now.outcome is Decided.ALLOWED:
            yield f"allowed: `{request.action}` on `{request.resource}` was denied"


def _places(document: PolicyDocument) -> Iterator[Attached]:
    yield Attached(identity=(document,))
    yield Attached(identity=(_ALL,), resource=document)
    yield Attached(identity=(_ALL,), boundary=document, scps=((document,),))


def _decided(request: Request, attached: Attached) -> Decision | None:
    try:
        return decide(request, attached)
    except RevetError as error:
        str(error).encode()
        return None


def _asked(document: PolicyDocument) -> Iterator[Request]:
    """A request that the first statement speaks of."""
    for statement in document.statements[:2]:
        actions = [text for text in statement.actions or () if ":" in text]
        resources = list(statement.resources or ())
        if actions:
            yield Request(
                _USER,
                _WILD.sub("x", actions[0]),
                _WILD.sub("x", resources[0]) if resources else "*",
            )


def _parsed(data: bytes) -> PolicyDocument | None:
    try:
        return parse_policy(data)
    except RevetError as error:
        str(error).encode()
        return None


def _is_json(data: bytes) -> bool:
    """Whether another reader takes it for JSON, by the letter of RFC 8259."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        text = data.decode("utf-8")
        json.loads(text, parse_constant=refuse, parse_int=str, parse_float=str)
    except RecursionError:
        return True
    except ValueError:
        return False
    return not text.startswith(_BOM)


def _stored(few: bool) -> Iterator[tuple[str, str]]:  # noqa: FBT001 - of the campaign
    for path in case_files():
        for case in read_cases(path):
            yield f"validate/{case}", case.policy
    for case in tomllib.loads((_TESTS / "iam/documents.toml").read_text()).get("case", ()):
        yield f"documents/{case['name']}", case["text"]
    for path in sorted((_TESTS / "iam/cases").glob("*.toml")):
        for name, statements in tomllib.loads(path.read_text()).get("policies", {}).items():
            yield f"{path.stem}/{name}", f'{{"Version":"2012-10-17","Statement":{statements}}}'
    for path in sorted((_TESTS / "plan/data").glob("*.json")):
        for number, text in enumerate(_texts(json.loads(path.read_text()))):
            yield f"{path.stem}/{number}", text
    if ORACLES and not few:
        for path in sorted((Path(ORACLES) / "access_analyzer/policies").rglob("*.json")):
            yield path.stem, path.read_text()


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
    elif isinstance(value, str) and '"Statement"' in value:
        yield value
