"""From a request to its answer: service, operation, authorization, then the service's own code.

moto is not thread-safe, so one lock holds while a service runs. Whatever a service does wrong
becomes a named error with status 400: see `wire_error` for the reason.
"""

from __future__ import annotations

import json
import re
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from moto.core.request import Request
from werkzeug.exceptions import HTTPException

from revet.embedded import faults, wire_error
from revet.embedded.authorization import Authorizer, allow_root
from revet.embedded.body import decode_aws_chunked
from revet.embedded.call import Answer, Call, Moto
from revet.embedded.faults import Faults
from revet.embedded.hosts import canonical
from revet.embedded.operation import Identified, boto_name, identify, service_model
from revet.embedded.principal import principal_of
from revet.embedded.recorder import Recorder, is_read_only
from revet.embedded.routes import Routes

_REGION = re.compile(r"\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com")
_XML_CODE = re.compile(rb"<Code>([^<]+)</Code>")
_XML_MESSAGE = re.compile(rb"<Message>([^<]*)</Message>")
_ERROR = 400
_SERVER_ERROR = 500
_DENIED = 403
_NOT_FOUND = 404


class Dispatcher:
    """Answers API calls.

    Args:
        recorder: where every call is written down.
        faults: where what goes wrong inside is written down.
        wrote: called after each call that may have changed something.
        authorize: decides about every call before a service sees it.
    """

    def __init__(
        self,
        recorder: Recorder,
        faults: Faults,
        wrote: Callable[[], None],
        authorize: Authorizer = allow_root,
    ) -> None:
        self.lock = threading.RLock()
        self.authorize = authorize
        self._recorder = recorder
        self._faults = faults
        self._wrote = wrote
        self._routes = Routes()

    def answer(
        self, method: str, host: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Answer one request; never raises.

        Args:
            method: HTTP method.
            host: an AWS host name, without its port.
            target: path and query as they arrived.
            headers: of the request, looked up without regard to case.
            body: without transfer coding.
        """
        host = canonical(host)
        try:
            plain, payload = decode_aws_chunked(headers, body)
            request: Request = Request.from_primitives(
                method, f"https://{host}{target}", {**plain, "Host": host}, payload
            )
            with self.lock:
                service = self._routes.service(host)
                found = identify(request, boto_name(service)) if service else Identified()
            call = _call(request, target, service, found)
            answer = self._serve(call, request)
            self._recorder.record(call, answer)
        except Exception as error:  # noqa: BLE001 - the last resort: recorded, and told to the caller
            return self._internal(error, host, method, headers)
        if not is_read_only(call.operation) or service == "s3":
            self._wrote()  # a read of S3 may deliver an access log
        return answer

    def _serve(self, call: Call, request: Request) -> Answer:
        fail = _Failure(call)
        with self.lock:
            refused = self._refuse(call, fail)
            if refused is not None:
                return refused
            try:
                handler = self._routes.handler(call.host, call.service, request.raw_path)
                answer = _run(handler, request)
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

    def _refuse(self, call: Call, fail: _Failure) -> Answer | None:
        if not call.service:
            message = f"the embedded AWS has no service for the host `{call.host}`"
            self._faults.add(faults.UNMODELLED, message)
            return fail(wire_error.UNKNOWN_SERVICE, message)
        denial = self.authorize(call)
        if denial is None:
            return None
        if not denial.modelled:
            self._faults.add(
                faults.UNMODELLED,
                denial.message,
                service=call.boto_service,
                operation=call.operation,
            )
        code = denial.code or wire_error.default_denial_code(fail.model, call.headers)
        return fail(code, denial.message, _DENIED)

    def _unmodelled(self, call: Call, fail: _Failure, why: str) -> Answer:
        asked = call.operation or f"{call.method} {call.target.split('?', 1)[0]}"
        message = f"the embedded AWS does not model {call.boto_service}:{asked} ({why})"
        self._faults.add(
            faults.UNMODELLED, message, service=call.boto_service, operation=call.operation
        )
        return fail(wire_error.NOT_IMPLEMENTED, message)

    def _crashed(self, call: Call, fail: _Failure, error: Exception) -> Answer:
        message = (
            "internal error of the embedded AWS, not of your configuration, in "
            f"{call.boto_service}:{call.operation or call.method}: {type(error).__name__}: {error}"
        )
        self._faults.add(
            faults.INTERNAL,
            message,
            service=call.boto_service,
            operation=call.operation,
            traceback="".join(traceback.format_exception(error)),
        )
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


def _call(request: Request, target: str, service: str, found: Identified) -> Call:
    headers = dict(request.headers.items())
    principal = principal_of(headers, target)
    host = request.host.split(":", 1)[0]
    match = _REGION.search(host)
    return Call(
        method=request.method,
        host=host,
        target=target,
        headers=headers,
        body=request.get_data(cache=True),
        service=service,
        boto_service=boto_name(service) if service else "",
        operation=found.name,
        parameters=found.parameters,
        unparsed=found.why or ("" if service else "no service for the host"),
        principal=principal,
        region=match["region"] if match else principal.region or "us-east-1",
    )


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
