"""What questions are about: requests that can be made.

A typing error in a question is not granted, too, so an answer about requests that cannot be made
says nothing. What a question names is looked at before it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from revet.iam.compiled.resources import completed, resource_glob
from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Policies, Request
from revet.iam.evaluate.alone import allows_alone
from revet.iam.prove.access import Access, Group, Question
from revet.iam.prove.domains import RESOURCES
from revet.iam.prove.patterns import of_resource
from revet.iam.prove.search import Found, search
from revet.iam.prove.words import shortest
from revet.iam.reference.actions import fits_an_action, match_actions
from revet.iam.reference.conditions import condition_key
from revet.iam.reference.resources import formats_of
from revet.iam.reference.services import service
from revet.iam.reference.similar import similar
from revet.model.errors import InputError

_BUCKET = re.compile(r"arn:[a-z-]+:s3:::[^/:]+")
_OPEN_SERVICE = re.compile(r"[^:]*:[^:]*:[^:]*\$")
_BOTH = frozenset(("bucket", "object"))
ANYBODY = "arn:aws:iam::111122223333:role/any"
"""Who makes the requests of policies that do not say whom they are about."""


def about(actions: Sequence[str], resources: Sequence[str] = ("*",)) -> PolicyDocument:
    """A policy whose one statement says what requests are about."""
    return about_any((actions, resources))


def about_any(*parts: tuple[Sequence[str], Sequence[str]]) -> PolicyDocument:
    """A policy of which each statement says what requests are about: actions on resources."""
    return _about(tuple((tuple(actions), tuple(resources)) for actions, resources in parts))


@lru_cache(maxsize=1024)
def _about(parts: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]) -> PolicyDocument:
    statements = [
        {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
        for actions, resources in parts
    ]
    return parse_policy({"Version": "2012-10-17", "Statement": statements})


def made_to(arn: str, actions: Sequence[str]) -> tuple[PolicyDocument, ...]:
    """The requests that AWS makes to a resource with a policy and to what is in it, as policies.

    Of S3's actions some are made to a bucket and others to an object in it; those that the data
    set does not know of may be made to either. Of other resources nothing is known, nor said.

    Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".

    Args:
        arn: of the resource.
        actions: patterns of those that are asked about.
    """
    if not _BUCKET.fullmatch(arn):
        return ()
    asked = (one for pattern in actions for one in match_actions(pattern) if one.service == "s3")
    kinds = {str(one): {kind.name for kind in one.resources} for one in asked}
    to_buckets = [name for name, kind in kinds.items() if kind & _BOTH == {"bucket"}]
    to_objects = [name for name, kind in kinds.items() if kind & _BOTH == {"object"}]
    parts: tuple[tuple[str, list[str], list[str]], ...] = (
        ("Action", to_buckets, [arn]),
        ("Action", to_objects, [f"{arn}/*"]),
        ("NotAction", [*to_buckets, *to_objects], [arn, f"{arn}/*"]),
    )
    statements = [
        {"Effect": "Allow", element: names, "Resource": resources}
        for element, names, resources in parts
        if names
    ]
    if not statements:
        return (about(["*"], [arn, f"{arn}/*"]),)
    return (parse_policy({"Version": "2012-10-17", "Statement": statements}),)


def is_about(request: Request, document: PolicyDocument) -> bool | None:
    """Whether a request is one that a policy of such statements is about, whoever makes it."""
    anybody = Request(ANYBODY, request.action, request.resource, request.context)
    return allows_alone(anybody, Policies(identity=(document,)))


def why_impossible(request: Request, *, written: bool = True) -> Iterator[str]:
    """Why no request can be like one that a question names; nothing where no reason is known.

    Args:
        request: whose action AWS knows.
        written: whether its resource is an ARN as AWS writes it, not a text in place of one.
    """
    if not _can_be_resource(request.resource):
        yield f"`{request.resource}` is not an ARN"
    elif not _is_made(request) or (written and not _fits_a_kind(request)):
        yield f"AWS makes no request for `{request.action}` to `{request.resource}`"
    for key in request.context:
        if condition_key(key) is None:
            yield f"AWS knows no condition key `{key}`"


def _is_made(request: Request) -> bool:
    """Whether an action is made to a bucket, or to an object, of those that are made to one."""
    bucket = request.resource.partition("/")[0]
    return all(is_about(request, one) for one in made_to(bucket, [request.action]))


def _fits_a_kind(request: Request) -> bool:
    """Whether a resource is of a type that the action is made to, as far as the data set knows.

    Of a type that several services have (a recovery point of a backup) it knows the ARNs of some.
    """
    if request.resource == "*":
        return True
    kinds = [
        found.resource_types[kind.name]
        for action in match_actions(request.action)
        if (found := service(action.service)) is not None
        for kind in action.resources
        if kind.name in found.resource_types
    ]
    if not kinds or any(_OPEN_SERVICE.match(arn) for kind in kinds for arn in kind.arns):
        return True
    return any(formats_of(kinds).met_by(request.resource, any_place=True))


def _can_be_resource(text: str) -> bool:
    """Whether a text or pattern fits an ARN or `*`."""
    pattern = of_resource(resource_glob(completed(text), variables=True))
    return shortest(frozenset((frozenset((pattern,)), RESOURCES)), frozenset()) is not None


def can_be_made(groups: tuple[Group, ...]) -> bool:
    """Whether a request can be about one statement of each group.

    Raises:
        TooHardError: it is not worth looking on.
    """
    question = Question(Access(((),)), about=groups)
    problems = question.problems(question.universe(), most=True)
    return any(isinstance(search(problem), Found) for problem in problems)


def require_actions(actions: Iterable[str], where: str) -> None:
    """Refuse actions that AWS does not know.

    Args:
        actions: actions or patterns, as the user writes them.
        where: where they are written.

    Raises:
        InputError: one of them fits no action.
    """
    for action in actions:
        if fits_an_action(action):
            continue
        found = service(action.partition(":")[0].lower())
        close = similar(action, map(str, found.actions.values())) if found else None
        raise InputError(
            "no such action",
            where=where,
            got=f"`{action}`",
            expected="an action of AWS, `service:Name`, or a pattern that fits one",
            do=f"write `{close}`" if close else "correct it",
        )


def require_resources(resources: Iterable[str], where: str) -> None:
    """Refuse resources that no request can have.

    Args:
        resources: ARNs or patterns, as the user writes them.
        where: where they are written.

    Raises:
        InputError: one of them fits neither an ARN nor `*`.
    """
    for resource in resources:
        if not _can_be_resource(resource):
            raise InputError(
                "this is not an ARN",
                where=where,
                got=f"`{resource}`",
                expected="an ARN, a pattern of ARNs, or `*`",
                do="write the whole ARN",
            )
