"""Which pages may read what an API answers: the headers of CORS.

Sources: API Gateway developer guide, "Enabling CORS for a REST API resource", "Map method request
data to integration request parameters" and "Gateway responses"; Fetch Standard, "CORS protocol".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from revet.plan import Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks, elements

PARAMETERS = "response_parameters"
_TEMPLATES = "response_templates"
_ORIGIN = "access-control-allow-origin"
_CREDENTIALS = "access-control-allow-credentials"
_ECHO = "method.request.header."
_OVERRIDE = "responseoverride"
EVERY = "*"
_WRITTEN = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9*.:\[\]_-]+", re.ASCII)
"""Source: Fetch Standard, "serializing a request origin"; `*` is a label that API Gateway takes."""


def fault_of_headers(response: Resource, origins: Collection[str]) -> str:
    """What is wrong with the headers that a response of a REST API is given; empty if nothing.

    Args:
        response: an `aws_api_gateway_integration_response` or `aws_api_gateway_gateway_response`.
        origins: that may be let in; `*` for every one.

    Raises:
        UnknownValueError: which headers it has, or what one says, is not known.
    """
    doubts = Doubts()
    held = response.get(PARAMETERS)
    if isinstance(held, Undecided):
        held.refuse()
    credentials = False
    with doubts:
        credentials = _with_credentials(held or {})
    for name, value in (held or {}).items():
        if _header(name) == _ORIGIN:
            with doubts:
                said = _said(response, value)
                if fault := _fault(said, origins, credentials=credentials):
                    return fault
                _require_origin(response, PARAMETERS, said)
    with doubts:
        _refuse_override(response)
    return doubts.settled("")


def fault_of_block(
    resource: Resource, block: str, origins: Collection[str]
) -> tuple[str, tuple[str, ...]]:
    """As `fault_of_headers`, for blocks with `allow_origins`; with the path of the origin.

    Args:
        resource: an `aws_apigatewayv2_api` or an `aws_lambda_function_url`.
        block: its name.
        origins: that may be let in; `*` for every one.

    Raises:
        UnknownValueError: what the block says is not known.
    """
    doubts = Doubts()
    for path in blocks(resource, block):
        credentials = False
        with doubts:
            credentials = bool(resource.get(f"{path}.allow_credentials"))
        with doubts:
            for one in elements(resource, f"{path}.allow_origins"):
                with doubts:
                    said = resource.get(one)
                    if isinstance(said, Undecided):
                        said.refuse()
                    if fault := _fault(str(said), origins, credentials=credentials):
                        return fault, (one,)
                    _require_origin(resource, one, str(said))
    return doubts.settled(("", ()))


def _header(name: str) -> str:
    """The header that a parameter sets: of the client's answer, whose names have no case."""
    return name.rpartition(".header.")[2].lower()


def _with_credentials(held: Mapping[str, object]) -> bool:
    """Whether a page may send cookies; what is mapped may be anything.

    Raises:
        UnknownValueError: it is not known.
    """
    for name, value in held.items():
        if _header(name) == _CREDENTIALS:
            if isinstance(value, Undecided):
                value.refuse()
            return str(value).strip("'").lower() != "false"
    return False


def _said(response: Resource, value: object) -> str:
    """The origin that a header says: `*` for that of whoever asks.

    Raises:
        UnknownValueError: the value is not known, or comes from what is behind the API.
    """
    if isinstance(value, Undecided):
        value.refuse()
    text = str(value)
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1]
    if text.lower().startswith(_ECHO):
        return EVERY
    why = f"`{text}` says the origin, and where that comes from does not show"
    raise response.doubt(PARAMETERS, why, "write the origin in single quotes")


def _fault(said: str, origins: Collection[str], *, credentials: bool) -> str:
    if said == EVERY and credentials:
        return "it lets pages of every origin in, with the credentials of who looks at them"
    if EVERY in origins or said in origins:
        return ""
    return "it lets pages of every origin in" if said == EVERY else f"it lets pages of `{said}` in"


def _require_origin(resource: Resource, path: str, said: str) -> None:
    """Refuse to conclude anything of a text that no browser takes for an origin.

    Raises:
        UnknownValueError: it is none.
    """
    if said not in (EVERY, "null") and not _WRITTEN.fullmatch(said):
        why = f"`{said}` is not an origin"
        raise resource.doubt(path, why, "write one such as `https://app.example.com`")


def _refuse_override(response: Resource) -> None:
    """Refuse to conclude anything where a template may change the headers.

    Raises:
        UnknownValueError: one may, or what a template says is not known.
    """
    held = response.get(_TEMPLATES)
    if isinstance(held, Undecided):
        held.refuse()
    for text in (held or {}).values():
        if isinstance(text, Undecided):
            text.refuse()
        if text is not None and _OVERRIDE in text.lower():
            why = "a template changes the headers of the answer"
            raise response.doubt(_TEMPLATES, why, "set headers by `response_parameters`")
