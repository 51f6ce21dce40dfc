"""Which members of requests no code ever read: arguments that would be dropped without a word.

Switched on by the variable `REVET_EMBEDDED_MEMBERS`, which names a file; off, nothing here is
loaded. What a service is given is wrapped, in whichever form it takes it: parameters that moto has
parsed, the query, JSON or XML that it parses itself, headers, and our own calls' parameters. A
member counts as read once it was taken out of its wrapping while some call was served; a structure
that is kept whole counts when its members are, in this call or when a later one answers with them.
What was parsed for deciding and recording does not count.

The file holds one line a member, `sent` or `read`; `unread_members` compares them. It exists from
the start of a daemon on, so that one which noted nothing differs from none.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import xmltodict
from botocore.model import ListShape, MapShape, Shape, StructureShape
from moto.core.request import Request
from moto.core.responses import BaseResponse
from moto.s3.responses import S3Response

from revet.embedded.call import CALL, Answer, Call, Json, Moto
from revet.embedded.faults import append_private, read_lines
from revet.embedded.operation import service_model
from revet.embedded.patching import replace as patch
from revet.embedded.watched import Headers, Query, hooked, watched

_UNTRACEABLE = ("blob", "string")
"""Kinds of payload that services take as the body itself."""
_IN_PATH_OR_FREE = ("uri", "headers")
"""Places of members that routes have to read, and of headers with names of the caller's."""


class Watch:
    """Notes what is sent and what is read.

    Args:
        path: file to write to.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._noted: set[tuple[str, str, str]] = set()
        self._serving = 0
        self._call: tuple[str, StructureShape, bytes] | None = None
        self._names: dict[int, tuple[Shape, dict[str, str]]] = {}
        self._wrap_parsers()

    def serve(self, call: Call, request: Request, serve: Callable[[], Answer]) -> Answer:
        """Serve a call, with everything that it is given wrapped.

        Args:
            call: it.
            request: as moto's services get it.
            serve: does the work.
        """
        model = service_model(call.boto_service)
        shape = model.operation_model(call.operation).input_shape if model else None
        if shape is None or not call.operation:
            return serve()
        operation = f"{call.boto_service}:{call.operation}"
        for path in _sent(shape, call.parameters):
            self._note("sent", operation, path)
        outer = self._call, self._serving
        self._call, self._serving = (operation, shape, call.body), threading.get_ident()
        request.environ[CALL] = replace(call, parameters=self.wrapped(call.parameters))
        request.headers = Headers(request.environ, self)
        try:
            return serve()
        finally:
            self._call, self._serving = outer

    def wrapped(self, value: Moto) -> Moto:
        """The input of the current call, or a part with its members, wrapped."""
        if self._call is None:
            return value
        operation, shape, _ = self._call
        return self._wrap(value, operation, shape, "")

    def read(self, operation: str, path: str) -> None:
        """Note that a member was read, if a call is being served in this thread."""
        if path and self._serving == threading.get_ident():
            self._note("read", operation, path)

    def header(self, name: str) -> None:
        """Note that a header was read."""
        if self._call is not None:
            operation, shape, _ = self._call
            member = self.member(shape, name)
            if member:
                self.read(operation, member)

    def query(self, name: str) -> None:
        """Note that a part of the query was read, `Tags.member.1.Key` for one."""
        if self._call is None:
            return
        operation, shape, _ = self._call
        path, at = self.step("", shape, "")
        for part in name.split("."):
            path, at = self.step(path, at, part)
        self.read(operation, path)

    def step(self, path: str, shape: Shape | None, key: str) -> tuple[str, Shape | None]:
        """Where a key leads from a place in the input.

        A key that is no member's, like the root of an XML document, leads nowhere else.
        """
        if isinstance(shape, StructureShape):
            member = self.member(shape, key)
            if not member:
                return path, shape
            return f"{path}.{member}" if path else member, shape.members[member]
        if isinstance(shape, ListShape):
            return path, shape.member
        if isinstance(shape, MapShape):
            return path, shape.value
        return path, shape

    def member(self, shape: StructureShape, key: str) -> str:
        """The member that a key on the wire or in code stands for; empty when there is none."""
        found = self._names.get(id(shape))
        if found is None:
            names: dict[str, str] = {}
            for name, member in shape.members.items():
                names[_plain(str(member.serialization.get("name", name)))] = name
            names |= {_plain(name): name for name in shape.members}
            found = self._names[id(shape)] = (shape, names)
        return found[1].get(_plain(key), "")

    def _wrap(self, value: Moto, operation: str, shape: Shape | None, path: str) -> Moto:
        if isinstance(value, list):
            inner = shape.member if isinstance(shape, ListShape) else shape
            return [self._wrap(one, operation, inner, path) for one in value]
        if not isinstance(value, Mapping):
            return value
        at = shape
        if isinstance(shape, ListShape) and (
            shape.serialization.get("flattened") or len(value) != 1
        ):
            at = shape.member  # the one element of a list, as XML has it
        return watched(type(value)).made(self, operation, path, at, value)

    def child(self, value: Moto, operation: str, path: str, shape: Shape | None, key: str) -> Moto:
        """The value of a key, wrapped."""
        below, at = self.step(path, shape, key)
        return self._wrap(value, operation, at, below)

    def _note(self, what: str, operation: str, path: str) -> None:
        if (what, operation, path) not in self._noted:
            self._noted.add((what, operation, path))
            line = json.dumps({"what": what, "operation": operation, "member": path})
            append_private(self._path, line)

    def _is_body(self, text: Moto) -> bool:
        if self._call is None or not isinstance(text, (str, bytes)) or not text:
            return False
        body = self._call[2]
        return (text.encode() if isinstance(text, str) else text) == body

    def _wrap_parsers(self) -> None:
        """Wrap what services are given; for the rest of the process."""
        loads, parse = json.loads, xmltodict.parse

        def loads_watched(text: Moto, **options: Moto) -> Json:
            if not self._is_body(text):
                return loads(text, **options)
            hook = options.pop("object_hook", None)
            found = self.wrapped(loads(text, **options))
            return found if hook is None else hooked(found, hook)

        def parse_watched(text: Moto, *arguments: Moto, **options: Moto) -> Moto:
            found = parse(text, *arguments, **options)
            return self.wrapped(found) if self._is_body(text) else found

        json.loads = loads_watched  # type: ignore[assignment]
        xmltodict.parse = parse_watched
        patch(BaseResponse, "parse_parameters", self._after_parsing)
        patch(BaseResponse, "setup_class", self._after_setup)
        patch(BaseResponse, "_get_params", self._instead_of_params)
        patch(S3Response, "_get_querystring", self._of_s3)

    def _after_parsing(self, original: Callable[..., None]) -> Callable[..., None]:
        def parse_parameters(response: Moto, request: Moto) -> None:
            original(response, request)
            response.params = self.wrapped(response.params)

        return parse_parameters

    def _after_setup(self, original: Callable[..., None]) -> Callable[..., None]:
        def setup_class(response: Moto, *arguments: Moto, **options: Moto) -> None:
            original(response, *arguments, **options)
            if self._call is not None:
                response.querystring = Query(self, response.querystring)
                response.data = response.querystring

        return setup_class

    def _of_s3(self, original: Callable[..., Moto]) -> Callable[..., Moto]:
        def get_querystring(response: Moto, *arguments: Moto) -> Moto:
            found = original(response, *arguments)
            return found if self._call is None else Query(self, found)

        return get_querystring

    def _instead_of_params(self, original: Callable[..., Moto]) -> Callable[..., Moto]:
        def get_params(response: Moto) -> Moto:
            if response.automated_parameter_parsing or self._call is None:
                return original(response)
            found: dict[str, Any] = {}
            for key, value in sorted(dict.items(response.querystring)):
                response._parse_param(key, value[0], found)  # noqa: SLF001 - moto's own way
            return self.wrapped(found)

        return get_params


def unread_members(path: Path) -> set[str]:
    """Members that were sent and never read, `ec2:CreateVpc.CidrBlock`.

    Of a structure that was not read, its members are left out.

    Args:
        path: file that daemons wrote, by `REVET_EMBEDDED_MEMBERS`.

    Raises:
        ValueError: no member was noted: the daemons did not watch, and nothing is known.
    """
    noted: dict[str, set[str]] = {"sent": set(), "read": set()}
    for line in read_lines(path):
        noted[str(line["what"])].add(f"{line['operation']}.{line['member']}")
    if not noted["sent"]:
        raise ValueError(f"{path} has no member that was sent")
    read = noted["read"] | {part for one in noted["read"] for part in _above(one)}
    unread = noted["sent"] - read
    return {one for one in unread if not any(part in unread for part in _above(one))}


def _above(member: str) -> Iterator[str]:
    while "." in member:
        member = member.rpartition(".")[0]
        yield member


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()


def _sent(shape: StructureShape, parameters: Mapping[str, Any]) -> Iterable[str]:
    payload = shape.serialization.get("payload")
    for name, value in parameters.items():
        member = shape.members.get(name)
        if member is None or member.serialization.get("location") in _IN_PATH_OR_FREE:
            continue
        if name == payload and member.type_name in _UNTRACEABLE:
            continue
        yield from _paths(name, member, value)


def _paths(path: str, shape: Shape, value: Moto) -> Iterable[str]:
    if value is None:
        return
    yield path
    if isinstance(shape, ListShape):
        for one in value if isinstance(value, list) else ():
            yield from list(_paths(path, shape.member, one))[1:]
    elif isinstance(shape, StructureShape) and isinstance(value, Mapping):
        for name, one in value.items():
            if name in shape.members:
                yield from _paths(f"{path}.{name}", shape.members[name], one)
