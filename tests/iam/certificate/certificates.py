"""What the tests of certificates share: those of the prover, full trees, drawn policies."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping
from typing import Any

from revet.iam.certificate import check_certificate
from revet.iam.document import parse_policy
from revet.iam.evaluate.attached import Layer
from revet.iam.prove.ask import Result
from revet.iam.prove.policies import Subject, ask_about, comparison

Policy = dict[str, Any]
Certificate = dict[str, Any]


def proved(new: Policy, old: Policy) -> tuple[Result, Certificate | None]:
    """The prover's answer and its certificate, as it comes back from JSON."""
    ours, theirs = parse_policy(new), parse_policy(old)
    subjects = (Subject("new", ours, Layer.IDENTITY), Subject("old", theirs, Layer.IDENTITY))
    verdict = ask_about(*subjects)
    made = comparison(*subjects, (), verdict)
    return verdict.answer.result, None if made is None else json.loads(made.text)


def claimed(new: Policy, old: Policy) -> Certificate:
    """A certificate that claims that there is nothing new, with trees of which each leaf is open.

    Its universe is wrong, and its leaves have no key; see `open_leaves`.
    """
    texts = {name: json.dumps(policy) for name, policy in (("new", new), ("old", old))}
    sides = {
        name: {"name": name, "layer": "identity policy", "policy": text}
        for name, text in texts.items()
    }
    question = {"kind": "policy", "allowed": sides["new"], "beyond": sides["old"], "about": []}
    return {
        "form": 2,
        "question": question,
        "universe": {"actions": 0, "sha256": ""},
        "proofs": list(_trees(new, old)),
    }


def _trees(new: Policy, old: Policy) -> Iterator[Any]:
    ours, theirs = _numbered("new", new), _numbered("old", old)
    allows = [one for _, one in ours if one["Effect"] == "Allow"]
    denies = [one for one in ours if one[1]["Effect"] == "Deny"]
    if not allows:
        return
    for _ in [one for _, one in theirs if one["Effect"] == "Deny"]:
        inner = ["choice", 1, [_split(denies)]]
        yield ["choice", 0, [inner for _ in allows]]
    granted = [one for one in theirs if one[1]["Effect"] == "Allow"]
    yield ["choice", 0, [_split([*denies, *granted]) for _ in allows]]


def _numbered(name: str, policy: Policy) -> list[tuple[str, Policy]]:
    return [(f"{name}.{at}", one) for at, one in enumerate(policy["Statement"])]


def _split(escaped: list[tuple[str, Policy]]) -> Any:  # noqa: ANN401 - a tree
    if not escaped:
        return ["closed", "?"]
    name, statement = escaped[0]
    rest = _split(escaped[1:])
    demands = sum(len(keys) for keys in statement.get("Condition", {}).values())
    everything = "*" in statement.get("Resource", ())
    return ["split", name, [rest] * (1 + demands + (not everything))]


def open_leaves(certificate: Certificate, keys: list[str]) -> set[str]:
    """The leaves that the checker takes for none of the keys."""
    faults: list[set[str]] = []
    for key in keys:
        text = json.dumps(certificate["proofs"]).replace('"?"', json.dumps(key))
        found = check_certificate({**certificate, "proofs": json.loads(text)})
        faults.append({one.partition(" what is")[0] for one in found if "can be met" in one})
        others = [one for one in found if "can be met" not in one and "universe" not in one]
        assert not others, others
    return set.intersection(*faults)


def keys_of(*policies: Policy) -> list[str]:
    """What leaves of a question can be about."""
    keys = {
        key.lower()
        for policy in policies
        for statement in policy["Statement"]
        for block in statement.get("Condition", {}).values()
        for key in block
    }
    return ["Action", "Resource", *sorted(keys)]


ACTIONS = (
    ["s3:GetObject"],
    ["s3:Get*"],
    ["s3:GetObject", "s3:PutObject"],
    ["s3:*"],
    ["*"],
    ["s3:Foo"],
    ["s3:*Object"],
)
RESOURCES = (
    "*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::a*", "arn:aws:s3:::*", "arn:aws:s3:*",
    "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::a/${aws:username}", "arn:*", "arn:aws:s3:::?",
    "arn:aws:s*3:::a", "arn:aws:sq*:a?:1*2:x", "arn:aws:sqs:a?:1*2:x", "arn:aws:sqs:*:12:*",
    "arn:aws:s3:::${aws:PrincipalTag/x, 'a'}/*", "${aws_s3_bucket.a.arn}/*", "arn:aws:s3:::a/b",
)  # fmt: skip
TEXTS = ("a", "ab", "b", "A", "", "${aws:username}", "a${aws:username}", "${aws:userid}")
PATTERNS = (*TEXTS, "*", "a*", "*b", "?", "?*", "a?", "*a*", "${aws:username}*")
ARNS = (
    "arn:aws:s3:::a", "arn:aws:s3:::*", "arn:*:s3:::a*", "arn:aws:s3:::${aws:username}",
    "arn:aws:*:${aws:username}:1:x", "arn:aws:s?:*:1:x", "a", "arn:aws:s3:::?",
)  # fmt: skip
NUMBERS = ("5", "10", "5.0", "7.5", "-1", "x")
DATES = ("2020-01-01", "2021-01-01T00:00:00Z", "1577836800")
BOOLS = ("true", "false", "True", "x")
ADDRESSES = ("10.0.0.0/8", "10.0.0.0/16", "10.0.0.1", "2001:db8::/32", "0.0.0.0/0")
VALUES: Mapping[str, tuple[str, ...]] = {
    "StringEquals": TEXTS, "StringNotEquals": TEXTS, "StringEqualsIgnoreCase": TEXTS,
    "StringNotEqualsIgnoreCase": TEXTS, "StringLike": PATTERNS, "StringNotLike": PATTERNS,
    "ArnLike": ARNS, "ArnEquals": ARNS, "ArnNotLike": ARNS, "NumericEquals": NUMBERS,
    "NumericNotEquals": NUMBERS, "NumericLessThan": NUMBERS, "NumericGreaterThanEquals": NUMBERS,
    "DateLessThan": DATES, "DateGreaterThan": DATES, "DateNotEquals": DATES, "Bool": BOOLS,
    "IpAddress": ADDRESSES, "NotIpAddress": ADDRESSES, "Null": ("true", "false"),
}  # fmt: skip
KEYS = (
    "aws:PrincipalTag/x", "aws:TagKeys", "aws:SourceArn", "s3:max-keys", "aws:CurrentTime",
    "aws:SecureTransport", "aws:SourceIp", "foo:bar", "aws:username", "aws:PrincipalArn",
    "aws:FederatedProvider", "aws:EpochTime",
)  # fmt: skip


class Draw:
    """Policies drawn at random, small and close to one another."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a seed
        self.keys = self.random.sample(KEYS, 2)
        self.resources = self.random.sample(RESOURCES, 4)

    def policy(self, most: int) -> Policy:
        """A policy of some statements."""
        count = self.random.randint(1, most)
        return {"Version": "2012-10-17", "Statement": [self.statement() for _ in range(count)]}

    def statement(self) -> Policy:
        """A statement; one in five denies."""
        found: Policy = {"Effect": "Deny" if self.random.random() < 0.2 else "Allow"}
        found["NotAction" if self.random.random() < 0.1 else "Action"] = self.random.choice(ACTIONS)
        if self.random.random() < 0.15:
            found["NotResource"] = self.some(self.resources)
        else:
            found["Resource"] = ["*"] if self.random.random() < 0.4 else self.some(self.resources)
        for _ in range(self.random.choice((0, 1, 1, 2))):
            operator = self.random.choice(sorted(VALUES))
            values = self.some(VALUES[operator])
            if operator != "Null":
                if self.random.random() < 0.2:
                    operator = self.random.choice(("ForAllValues:", "ForAnyValue:")) + operator
                operator += "IfExists" if self.random.random() < 0.15 else ""
            block = found.setdefault("Condition", {}).setdefault(operator, {})
            block[self.random.choice(self.keys)] = values
        return found

    def some(self, values: list[str] | tuple[str, ...]) -> list[str]:
        """Up to three of them."""
        return self.random.sample(values, min(len(values), self.random.choice((1, 1, 2, 3))))

    def near(self, policy: Policy) -> Policy:
        """A policy with one thing changed."""
        changed = copy.deepcopy(policy)
        statement = self.random.choice(changed["Statement"])
        other = self.statement()
        for name in self.random.sample(("Action", "Resource", "Condition", "Effect"), 1):
            for key in (name, f"Not{name}"):
                statement.pop(key, None)
                if key in other:
                    statement[key] = other[key]
        if "Action" not in statement and "NotAction" not in statement:
            statement["Action"] = ["s3:*"]
        if "Resource" not in statement and "NotResource" not in statement:
            statement["Resource"] = ["*"]
        return changed
