"""From a request to its answer: service, operation, authorization, then the service's own code.

moto is not thread-safe, so one lock holds while a service runs. Whatever a service does wrong
becomes a named error with status 400: see `wire_error` for the reason.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, BinaryIO, Protocol, cast

from moto.core.request import Request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

from revet.embedded import changes, faults, wire_error
from revet.embedded.authentication import HOST_REGION, Asked, Authentic, Authenticator
from revet.embedded.authorization import Authorizer, allow_known
from revet.embedded.body import MalformedBodyError, TooLargeError
from revet.embedded.call import CALL, DISPATCH, Answer, Call, Moto, Principal
from revet.embedded.credentials import RootKey
from revet.embedded.current import serving
from revet.embedded.denials import Denials
from revet.embedded.faults import Faults
from revet.embedded.hosts import canonical, is_aws
from revet.embedded.lock import StateLock
from revet.embedded.operation import Identified, boto_name, identify, service_model
from revet.embedded.recorder import Recorder, is_read_only
from revet.embedded.refusals import Refusal, answer_refusal
from revet.embedded.routes import Routes
from revet.embedded.subresources import falls_through
from revet.embedded.to_moto import hand_over, request_for
from revet.embedded.unsigned import admit, is_deployed_api

Serve = Callable[[Call, Request, Callable[[], Answer]], Answer]
"""Runs what serves a call."""
_XML_CODE = re.compile(rb"<Code>([^<]+)</Code>")
_XML_MESSAGE = re.compile(rb"<Message>([^<]*)</Message>")
_ERROR = 400
_SERVER_ERROR = 500
_DENIED = 403
_NOT_FOUND = 404


class Apis(Protocol):
    """What answers for deployed APIs."""

    def serves(self, host: str) -> bool:
        """Whether a host is a domain name of one; the state's lock is held."""

    def answer(self, asked: Asked) -> Answer:
        """Answer a request for one; the state's lock is not held."""


class Dispatcher:
    """Answers API calls.

    Args:
        recorder: where every call is written down.
        faults: where what goes wrong inside is written down.
        wrote: called after each call that may have changed something.
        root: the deploying credentials.
        authorize: decides about every call before a service sees it.
        serve: what runs a service for a call; it may watch.
        denials: where what policies denied is written down; none for nowhere.
    """

    def __init__(
        self,
        recorder: Recorder,
        faults: Faults,
        wrote: Callable[[], None],
        root: RootKey,
        authorize: Authorizer = allow_known,
        serve: Serve = lambda _call, _request, run: run(),
        denials: Denials | None = None,
    ) -> None:
        self.lock = StateLock()
        self.apis: Apis | None = None
        self.authorize = authorize
        self._serve_call = serve
        self._recorder = recorder
        self._faults = faults
        self._denials = denials
        self._wrote = wrote
        self._routes = Routes()
        self._root = root
        self._authenticator = Authenticator(root)

    def answer(
        self,
        method: str,
        host: str,
        target: str,
        headers: Sequence[tuple[str, str]],
        body: BinaryIO,
        *,
        encrypted: bool = True,
    ) -> Answer:
        """Answer one request; never raises.

        Args:
            method: HTTP method.
            host: an AWS host name, without its port.
            target: path and query as they arrived.
            headers: of the request, in the order in which they came.
            body: without transfer coding.
            encrypted: whether it came over TLS.
        """
        host = canonical(host)
        try:
            own = is_deployed_api(host, target) or (not is_aws(host) and self.serves(host))
            if self.apis is not None and own:
                asked = Asked(method, host, target, headers, body, "", encrypted)
                with changes.together():
                    answer = self.apis.answer(asked)  # CloudTrail has no event of it
                self._wrote()
                return answer
            with self.lock:
                service = self._routes.service(host)
            named = boto_name(service) if service else ""
            asked = Asked(method, host, target, headers, body, named, encrypted)
            if not service:
                return self._unknown_service(asked)
            call, answer = self._answer(asked, service)
            self._recorder.record(call, answer)
            if _may_write(call):
                self._wrote()
        except Exception as error:  # noqa: BLE001 - the last resort: recorded, and told to the caller
            return self._internal(error, host, method, dict(headers))
        return answer

    def serves(self, host: str) -> bool:
        """Whether a host that is not AWS's is served: a domain name of a deployed API.

        Args:
            host: without its port.
        """
        with self.lock:
            return self.apis is not None and self.apis.serves(host)

    def _answer(self, asked: Asked, service: str) -> tuple[Call, Answer]:
        try:
            known = self._authenticator.authenticate(asked)
        except (Refusal, MalformedBodyError, TooLargeError) as error:
            call = _unread(asked, service)
            if isinstance(error, Refusal):
                return call, answer_refusal(error, asked.boto_service, call.headers)
            too_large = isinstance(error, TooLargeError)
            code = wire_error.ENTITY_TOO_LARGE if too_large else wire_error.MALFORMED
            return call, _Failure(call)(code, str(error))
        request = request_for(asked, known)
        with self.lock:
            found = identify(request, asked.boto_service)
            call = _call(asked, known, service, found)
            if call.principal.kind == "anonymous":
                try:
                    account = admit(call, dt.datetime.now(dt.UTC))
                except Refusal as refusal:
                    answer = answer_refusal(refusal, asked.boto_service, call.headers)
                    return call, answer
                call = replace(call, principal=replace(call.principal, account=account))
            hand_over(request, call, known, self._root)
            request.environ[DISPATCH] = self.answer
            return call, self._serve(call, request)

    def _unknown_service(self, asked: Asked) -> Answer:
        message = f"the embedded AWS has no service for the host `{asked.host}`"
        self._faults.add(faults.UNMODELLED, message)
        return wire_error.answer_with_error(
            _ERROR, wire_error.UNKNOWN_SERVICE, message, model=None, headers=asked.joined
        )

    def _serve(self, call: Call, request: Request) -> Answer:
        fail = _Failure(call)
        with self.lock:
            decided = self._decide(call, fail)
            if isinstance(decided, Answer):
                return decided
            request.environ[CALL] = call = decided
            try:
                named = (call.boto_service, call.operation)
                handler = self._routes.handler(call.host, call.service, request.raw_path, named)
                with _noting(call), serving(call):
                    answer = self._serve_call(call, request, lambda: _run(handler, request))
            except wire_error.AwsError as error:
                return fail(error.code, error.message, error.status)
            except (NotImplementedError, ModuleNotFoundError) as error:
                return self._unmodelled(call, fail, str(error))
            except Exception as error:  # noqa: BLE001 - becomes a named error, and is recorded
                return self._crashed(call, fail, error)
        return self._checked(call, fail, answer)

    def _checked(self, call: Call, fail: _Failure, answer: Answer) -> Answer:
        """Keep answers from the client that would hide a gap or make it retry."""
        if answer.status == _NOT_FOUND and not answer.body and not call.operation:
            return self._unmodelled(call, fail, "no operation matches")
        if answer.status >= _SERVER_ERROR:
            text = answer.body.decode("utf-8", "replace")[:500]
            return self._crashed(call, fail, RuntimeError(f"status {answer.status}: {text}"))
        return answer

    def _decide(self, call: Call, fail: _Failure) -> Answer | Call:
        """The call, without the objects that it may not touch, or the answer that refuses it."""
        gap = _gap(call)
        if gap:
            return self._unmodelled(call, fail, gap)
        with changes.watching():  # what is only looked at is not changed
            denial = self.authorize(call)
        if denial is None:
            return call
        for one in (denial, *denial.objects.values()):
            if not one.modelled:
                self._add(faults.UNMODELLED, one.message, call)
            elif one.details and self._denials is not None:
                self._denials.add(call, one.message, one.details)
        if denial.objects:
            return replace(call, refused=frozenset(denial.objects))
        code = denial.code or wire_error.default_denial_code(fail.model, call.headers)
        return fail(code, denial.message, _DENIED)

    def _unmodelled(self, call: Call, fail: _Failure, why: str) -> Answer:
        asked = call.operation or f"{call.method} {call.target.split('?', 1)[0]}"
        message = f"the embedded AWS does not model {call.boto_service}:{asked} ({why})"
        self._add(faults.UNMODELLED, message, call)
        return fail(wire_error.NOT_IMPLEMENTED, message)

    def _add(self, kind: str, message: str, call: Call, error: Exception | None = None) -> None:
        self._faults.add(
            kind,
            message,
            service=call.boto_service,
            operation=call.operation,
            traceback="".join(traceback.format_exception(error)) if error else "",
        )

    def _crashed(self, call: Call, fail: _Failure, error: Exception) -> Answer:
        message = (
            "internal error of the embedded AWS, not of your configuration, in "
            f"{call.boto_service}:{call.operation or call.method}: {type(error).__name__}: {error}"
        )
        self._add(faults.INTERNAL, message, call, error)
        return fail(wire_error.INTERNAL, message)

    def _internal(
        self, error: Exception, host: str, method: str, headers: Mapping[str, str]
    ) -> Answer:
        message = (
            "internal error of the embedded AWS, not of your configuration, at "
            f"{method} {host}: {type(error).__name__}: {error}"
        )
        details = "".join(traceback.format_exception(error))
        self._faults.add(faults.INTERNAL, message, traceback=details)
        return wire_error.answer_with_error(
            _ERROR,
            wire_error.INTERNAL,
            message,
            model=service_model("s3") if ".s3." in f".{host}" else None,
            headers=headers,
        )


class _Failure:
    """Makes errors in the wire format of one call."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.model = service_model(call.boto_service) if call.boto_service else None

    def __call__(self, code: str, message: str, status: int = _ERROR) -> Answer:
        return wire_error.answer_with_error(
            status,
            code,
            message,
            model=self.model,
            headers=self._call.headers,
        )


def _call(asked: Asked, known: Authentic, service: str, found: Identified) -> Call:
    match = HOST_REGION.search(asked.host)
    return Call(
        method=asked.method,
        host=asked.host,
        target=asked.target,
        headers=cast("Mapping[str, str]", Headers(known.headers.items())),
        body=known.body,
        service="sesv2" if found.service == "sesv2" else service,
        boto_service=found.service or asked.boto_service,
        operation=found.name,
        parameters=found.parameters,
        unparsed=found.why,
        principal=known.principal,
        region=match["region"] if match else known.principal.region or "us-east-1",
        encrypted=asked.encrypted,
    )


def _may_write(call: Call) -> bool:
    """Whether a call may change something; a read of S3 may deliver an access log."""
    return not is_read_only(call.operation) or call.boto_service == "s3"


@contextmanager
def _noting(call: Call) -> Iterator[None]:
    """Note what a call may change."""
    touched = changes.Changes()
    try:
        with changes.watching() as touched:
            yield
    finally:
        if _may_write(call):
            if call.boto_service == "s3" and call.parameters.get("Key"):
                touched.keys.add(str(call.parameters["Key"]))
            changes.note(touched)


def _unread(asked: Asked, service: str) -> Call:
    """A request whose sender is not known: nothing of it is looked at."""
    known = Authentic(Principal("unknown"), asked.joined, b"", None)
    return _call(asked, known, service, Identified(why="its sender is not known"))


def _gap(call: Call) -> str:
    """Why an operation that may be called is not served; empty when it is."""
    if call.boto_service == "s3":
        return falls_through(call.operation, call.target.partition("?")[2])
    return "" if call.operation else call.unparsed


def _run(handler: Callable[..., Any] | None, request: Request) -> Answer:
    if handler is None:
        raise NotImplementedError("no route")
    try:
        result = handler(request, request.raw_url, request.headers)
    except HTTPException as error:  # moto's way to answer with an AWS error
        return _http_error(error)
    status, headers, body = result if isinstance(result, tuple) else (200, {}, result)
    names = {str(name): str(value) for name, value in dict(headers).items()}
    content = _bytes(body)
    if int(status) < _ERROR:
        return Answer(int(status), names, content)
    return Answer(int(status), names, content, *_error_in(names, content))


def _bytes(body: Moto) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    return b"".join(body)


def _http_error(error: HTTPException) -> Answer:
    headers = {str(name): str(value) for name, value in error.get_headers()}
    content = _bytes(error.get_body())
    return Answer(error.code or _ERROR, headers, content, *_error_in(headers, content))


def _error_in(headers: Mapping[str, str], body: bytes) -> tuple[str, str]:
    """Code and message of an error, read from any of the wire formats."""
    found = _XML_CODE.search(body)
    if found:
        text = _XML_MESSAGE.search(body)
        return found[1].decode("utf-8", "replace"), text[1].decode(
            "utf-8", "replace"
        ) if text else ""
    lowered = {name.lower(): value for name, value in headers.items()}
    code, message = lowered.get("x-amzn-errortype", ""), ""
    try:
        parsed = json.loads(body)
    except ValueError:
        parsed = None
    if isinstance(parsed, dict):
        code = code or str(parsed.get("__type") or parsed.get("code") or "")
        message = str(parsed.get("message") or parsed.get("Message") or "")
    return code.split("#")[-1].split(":")[0], message
