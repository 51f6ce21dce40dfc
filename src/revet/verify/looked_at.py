"""Which deployed resources the live checks looked at, and which nothing but their tags.

A check asks AWS about its subject, and AWS's answer says what other resources of the configuration
have made of it: the versioning of a bucket is an `aws_s3_bucket_versioning` of its own. A check
names those types as its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from revet.verify.subject import Subject


def with_parts(
    judged: Iterable[Subject], deployed: Iterable[Subject], types: tuple[str, ...]
) -> set[str]:
    """The subjects of a check and the parts that were looked at with them.

    Args:
        judged: of the check.
        deployed: everything there is.
        types: Terraform types of the parts.

    Returns:
        Addresses: of the subjects, of the parts that name one or that one names, and so on from
        part to part.
    """
    named: dict[str, list[Subject]] = {}
    naming: dict[str, list[Subject]] = {}
    for part in deployed:
        if part.type in types:
            for name in _names(part):
                named.setdefault(name, []).append(part)
            for value in _values(part):
                naming.setdefault(value, []).append(part)
    left = list(judged)
    reached: set[str] = set()
    while left:
        known = left.pop()
        if known.address not in reached:
            reached.add(known.address)
            for name in _names(known):
                left += naming.get(name, ())
            for value in _values(known):
                left += named.get(value, ())
    return reached


def _names(subject: Subject) -> set[str]:
    return {name for name in (subject.id, subject.arn) if name}


def _values(subject: Subject) -> Iterator[str]:
    """Texts of an instance's attributes, and those in lists; its own identity left out."""
    for name, value in subject.attributes.items():
        if name in ("id", "arn"):
            continue
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, str):
                yield item
