"""What an API offers, in a few words: methods, what they take, and who may call them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from revet.constructs.arguments import (
    check_choice,
    check_items,
    check_match,
    check_range,
    refuse,
)
from revet.constructs.context import Context
from revet.constructs.lambda_.function import Function
from revet.constructs.placement import check_construct

_PATH = re.compile(r"(?:/(?:[A-Za-z0-9._:-]+|\{[A-Za-z0-9._-]+\+?\}))+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,127}")
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_PARAMETER = re.compile(r"(?:header|querystring)\.[A-Za-z0-9_.-]+")
_ORIGIN = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]+)?")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_CERTIFICATE = re.compile(r"arn:.+|\$\{.+", re.DOTALL)
_WORD = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
MOST_REQUESTS = 10_000
"""Each second, and at once: the account's own limit."""
_HTTP_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


@dataclass(frozen=True, slots=True)
class Model:
    """What a body must look like; API Gateway answers 400 to any other.

    Args:
        name: letters and digits.
        schema: JSON Schema, draft 4.
    """

    name: str
    schema: Mapping[str, Any]

    def check(self) -> None:
        """Check the arguments.

        Raises:
            ArgumentError: one of them is not allowed.
        """
        check_match("body.name", self.name, _NAME, "letters and digits", "rename the model")
        if not self.schema:
            refuse("body.schema", self.schema, "a JSON Schema", "write a dictionary")

    @property
    def text(self) -> str:
        """The schema as JSON."""
        named = {"$schema": "http://json-schema.org/draft-04/schema#", **self.schema}
        return json.dumps(named, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Authorizer:
    """A function that says whether a request may pass.

    Args:
        name: of the authorizer, unique in the API.
        function: answers with a policy; called by this API alone.
        header: that carries the proof; a request without it is refused unasked.
        type: `REQUEST` shows the function the whole request, `TOKEN` the header only.
        ttl: seconds for which an answer is kept; at 0 a proof that was taken back is refused at
            once, and no answer for one path counts for another.
    """

    name: str
    function: Function
    header: str = "Authorization"
    type: str = "REQUEST"
    ttl: int = 0

    def check(self, context: Context) -> None:
        """Check the arguments.

        Args:
            context: of the stack of the API.

        Raises:
            ArgumentError: one of them is not allowed.
        """
        check_match("authorizer.name", self.name, _NAME, "letters and digits", "rename it")
        check_construct("authorizer.function", self.function, Function, context)
        check_match("authorizer.header", self.header, _HEADER, "the name of a header", "name it")
        check_choice("authorizer.type", self.type, ("REQUEST", "TOKEN"))
        check_range("authorizer.ttl", self.ttl, 0, 3600, "seconds")


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the API, answered by a function.

    An API key identifies a client and meters it; it authenticates nobody. So a method takes a
    signature of AWS's (`AWS_IAM`) unless an authorizer decides.

    Args:
        path: `/orders`, `/orders/{id}`.
        http_method: `GET`, `POST`, …
        function: gets the whole request, and answers it.
        authorizer: decides who may call; by default whom IAM allows `execute-api:Invoke`.
        body: what the body must look like.
        required: parameters without which the answer is 400: `header.X-Request-Id`,
            `querystring.symbol`.
    """

    path: str
    http_method: str
    function: Function
    authorizer: Authorizer | None = None
    body: Model | None = None
    required: Sequence[str] = field(default=())

    def check(self, context: Context) -> None:
        """Check the arguments.

        Args:
            context: of the stack of the API.

        Raises:
            ArgumentError: one of them is not allowed.
        """
        check_match("methods.path", self.path, _PATH, "a path such as `/orders/{id}`", "correct it")
        check_choice("methods.http_method", self.http_method, _HTTP_METHODS)
        check_construct("methods.function", self.function, Function, context)
        check_items("methods.required", self.required, str, "`header.X-Request-Id` is one")
        for name in self.required:
            check_match(
                "methods.required", name, _PARAMETER, "`header.…` or `querystring.…`", "correct it"
            )
        if self.authorizer is not None:
            if not isinstance(self.authorizer, Authorizer):
                refuse(
                    "methods.authorizer",
                    self.authorizer,
                    "an `apigateway.Authorizer`",
                    "say which function decides",
                )
            self.authorizer.check(context)
        if self.body is not None:
            if not isinstance(self.body, Model):
                refuse(
                    "methods.body", self.body, "an `apigateway.Model`", "say what the body is like"
                )
            self.body.check()


@dataclass(frozen=True, slots=True)
class Cors:
    """Pages of one origin that may call the API from a browser.

    Args:
        origin: `https://app.example.com`; `*` would let the pages of everybody.
        headers: that such a page may send.
    """

    origin: str
    headers: Sequence[str] = ("Authorization", "Content-Type", "X-Api-Key")

    def check(self) -> None:
        """Check the arguments.

        Raises:
            ArgumentError: one of them is not allowed.
        """
        check_match(
            *("cors.origin", self.origin, _ORIGIN),
            *("one origin such as `https://app.example.com`", "name the site"),
        )
        check_items("cors.headers", self.headers, str, "`Content-Type` is one")
        for header in self.headers:
            check_match("cors.headers", header, _HEADER, "names of headers", "correct it")


@dataclass(frozen=True, slots=True)
class Domain:
    """A name of one's own, for which API Gateway refuses TLS below 1.2.

    The name that AWS gives an API has a TLS policy that cannot be chosen with every provider that
    the stack is for; with a domain it is switched off.

    Args:
        name: `api.example.com`.
        certificate_arn: of ACM in the API's region, issued.
    """

    name: str
    certificate_arn: str

    def check(self) -> None:
        """Check the arguments.

        Raises:
            ArgumentError: one of them is not allowed.
        """
        check_match("domain.name", self.name, _DOMAIN, "a domain name", "correct it")
        check_match(
            *("domain.certificate_arn", self.certificate_arn, _CERTIFICATE),
            *("an ARN", "pass the certificate's ARN"),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Clients with a limit of their own.

    Args:
        name: of the plan, unique in its API; words of `a-z`, `0-9` and inner hyphens.
        clients: who gets a key each; named in no other plan.
        rate_limit: requests each second for each key, 1 to 10000.
        burst_limit: requests at once for each key, 1 to 10000.
    """

    name: str
    clients: Sequence[str]
    rate_limit: int
    burst_limit: int

    def check(self) -> None:
        """Refuse a plan that API Gateway does not take.

        Raises:
            ArgumentError: it does not.
        """
        words = "`a-z`, `0-9`, inner hyphens"
        check_match("plans.name", self.name, _WORD, words, "rename the plan")
        check_clients("plans.clients", self.clients)
        check_range("plans.rate_limit", self.rate_limit, 1, MOST_REQUESTS, "requests each second")
        check_range("plans.burst_limit", self.burst_limit, 1, MOST_REQUESTS, "requests")


def check_clients(argument: str, clients: Sequence[str]) -> None:
    """Refuse names of clients that are none, or come twice.

    Args:
        argument: that holds them.
        clients: the names.

    Raises:
        ArgumentError: they are.
    """
    check_items(argument, clients, str, "name who gets a key")
    for client in clients:
        check_match(argument, client, _WORD, "`a-z`, `0-9`, inner hyphens", "rename it")
    if not clients or len(set(clients)) < len(clients):
        refuse(argument, clients, "one or more, each once", "name who gets a key")
