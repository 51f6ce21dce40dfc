"""Random statements that match a request, or miss it in one thing; policies made of them."""

from __future__ import annotations

import random
from typing import Any

from tests.iam.differential.case_conditions import VARIABLES, condition, pattern
from tests.iam.differential.naive_statements import Request
from tests.iam.differential.vocabulary import (
    ACCOUNTS,
    SERVICE_CALLERS,
    SERVICES,
    Key,
    Service,
)

ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
WITH_PRINCIPAL = {"resource", "resource_control", "endpoint"}
COMPLETED = {"identity", "boundary"}
"""Layers in whose policies AWS completes ARNs that lack parts."""
NAMED_AS = {"service": "Service", "provider": "Federated"}
OTHERS = {
    "Service": "backup.amazonaws.com",
    "Federated": "arn:aws:iam::111122223333:oidc-provider/accounts.example.com",
}
VARIABLE_VERSION = "2012-10-17"
ACTIONS = [f"{service.prefix}:{name}" for service in SERVICES for name in service.actions]
PRINCIPALS = [
    text.format(account)
    for account in ACCOUNTS
    for text in (
        "{}", "arn:aws:iam::{}:root", "arn:aws:iam::{}:user/carol", "arn:aws:iam::{}:role/other",
        "arn:aws:sts::{}:assumed-role/blue/somebody-else",
    )
]  # fmt: skip


class Author:
    """Writes the policies of one case."""

    def __init__(
        self, draw: random.Random, request: Request, service: Service, keys: list[Key]
    ) -> None:
        self.draw = draw
        self.request = request
        self.service = service
        self.keys = keys + [key for key in keys if key.service] * 2
        self.trust = service.prefix == "sts"
        self.needs_policy = service.prefix in {"kms", "sts"}
        self.named_in = {"resource"}
        if service.prefix not in {"s3", "dynamodb"} and request.caller.account:
            # A gateway endpoint reads the ARN of an account in another way than all others.
            self.named_in.add("endpoint")
        self.other_actions = [name for name in ACTIONS if name != request.action]
        who = request.caller
        own = {who.text, who.role, who.account, f"arn:aws:iam::{who.account}:root"}
        if who.kind == "federated user":
            # Which user federated, and so what a policy about a user means, no ARN tells.
            own.add(f"arn:aws:iam::{who.account}:user/carol")
        self.other_principals = [text for text in PRINCIPALS if text not in own]

    def chance(self, probability: float) -> bool:
        return self.draw.random() < probability

    def policy(self, layer: str, state: str) -> dict[str, Any]:
        """A policy whose statements allow, deny, or say nothing about the request."""
        version = self.draw.choices(
            (VARIABLE_VERSION, "2008-10-17", None), weights=(90, 5, 5)
        )[0]  # fmt: skip
        wanted: list[tuple[str, bool]] = []
        if state == "deny":
            wanted.append(("Deny", True))
        if state == "allow" or (state == "deny" and self.chance(0.7)):
            wanted.append(("Allow", True))
        wanted += [
            (self.draw.choice(("Allow", "Deny")), False)
            for _ in range(self.draw.choice((0, 0, 1, 1, 2)))
        ]
        if not wanted:
            wanted.append((self.draw.choice(("Allow", "Allow", "Deny")), False))
        self.draw.shuffle(wanted)
        statements: Any = [
            self.statement(layer, effect, version or "2008-10-17", matching=matching)
            for effect, matching in wanted
        ]
        if len(statements) == 1 and self.chance(0.3):
            statements = statements[0]
        policy = {"Version": version} if version else {}
        return policy | {"Statement": statements}

    def levels(self, layer: str, state: str) -> list[list[dict[str, Any]]]:
        """The policies of each level of an organization, root first."""
        count = self.draw.choice((1, 2, 2, 3))
        special = self.draw.randrange(count)
        return [self.level(layer, state if index == special else "allow") for index in range(count)]

    def level(self, layer: str, state: str) -> list[dict[str, Any]]:
        full = dict(ANYTHING)
        if layer == "resource_control":
            full["Principal"] = "*"
        policies = []
        if state == "allow" and self.chance(0.6):
            policies.append({"Version": VARIABLE_VERSION, "Statement": [full]})
            if self.chance(0.5):
                policies.append(self.policy(layer, "silent"))
        elif state == "deny" and self.chance(0.6):
            policies.append({"Version": VARIABLE_VERSION, "Statement": [full]})
            policies.append(self.policy(layer, "deny"))
        else:
            policies.append(self.policy(layer, state))
        return policies

    def statement(self, layer: str, effect: str, version: str, *, matching: bool) -> dict[str, Any]:
        """One statement; one that must not match misses in exactly one element, if it can."""
        has_resource = not (self.trust and layer == "resource")
        elements = ["action", "condition", "condition"]
        elements += ["resource"] if has_resource else []
        elements += ["principal"] if layer in self.named_in else []
        missed = None if matching else self.draw.choice(elements)
        statement: dict[str, Any] = {"Effect": effect}
        if self.chance(0.3):
            statement["Sid"] = f"S{self.draw.randrange(100)}"
        if layer in WITH_PRINCIPAL:
            statement |= self.principal(layer, effect, matching=missed != "principal")
        statement |= self.action(matching=missed != "action")
        if has_resource:
            statement |= self.resource(layer, version, matching=missed != "resource")
        if missed == "condition" or self.chance(0.5):
            conditions = self.conditions(version, matching=missed != "condition")
            if conditions:
                statement["Condition"] = conditions
        return statement

    def one_or_list(self, values: list[str]) -> Any:  # noqa: ANN401 - either form is legal
        self.draw.shuffle(values)
        return values[0] if len(values) == 1 and self.chance(0.6) else values

    def action(self, *, matching: bool) -> dict[str, Any]:
        draw, action = self.draw, self.request.action
        prefix, _, name = action.partition(":")
        hit = draw.choice(
            (
                action, action.lower(), action.swapcase(), f"{prefix}:*", f"{prefix}:{name[:3]}*",
                f"{prefix}:*{name[-3:]}", f"{prefix}:?{name[1:]}", "*",
            )
        )  # fmt: skip
        miss = [
            draw.choice((other, f"{prefix}:{name}?", f"{prefix}:{name[1:]}"))
            for other in draw.choices(self.other_actions, k=draw.choice((1, 1, 2)))
        ]
        if self.chance(0.12) and not self.trust:
            return {"NotAction": self.one_or_list(miss if matching else [hit])}
        listed = ([hit] if matching else []) + (miss if self.chance(0.3) or not matching else [])
        return {"Action": self.one_or_list(listed)}

    def resource(self, layer: str, version: str, *, matching: bool) -> dict[str, Any]:
        draw, arn = self.draw, self.request.resource
        if arn == "*":  # the action is on no resource
            others = [f"arn:aws:{self.request.action.partition(':')[0]}:::*"]
            if self.chance(0.12):
                return {"NotResource": self.one_or_list(others if matching else ["*"])}
            return {"Resource": self.one_or_list(["*"] if matching else others)}
        start = arn.rindex(":") + 1
        if arn.startswith("arn:aws:logs"):
            start = arn.index("/")
        elif any(kind in arn for kind in (":table/", ":role/", ":instance/", ":key/")):
            start = arn.index("/") + 1
        head, tail = arn[:start], arn[start:]
        hits = self.resource_hits(head, tail, version)
        if layer in COMPLETED and self.chance(0.15):
            parts = arn.split(":")
            hits = [":".join(parts[: draw.choice((3, 4, 5))])]
        hit = draw.choice(hits)
        misses = self.resource_misses(head, tail)
        miss = draw.choices(misses, k=draw.choice((1, 1, 2)))
        if self.chance(0.12):
            # A variable without a value makes the statement invalid.
            listed = [item for item in miss if "nowhere" not in item] or [head + tail + "x"]
            if not matching:
                listed = [draw.choice((hit, head + "${aws:nowhere}*"))]
            return {"NotResource": self.one_or_list(listed)}
        if matching and not self.chance(0.3):
            miss = []
        return {"Resource": self.one_or_list(([hit] if matching else []) + miss)}

    def resource_hits(self, head: str, tail: str, version: str) -> list[str]:
        draw = self.draw
        hits = ["*", head + tail, head + "*"] + [head + pattern(draw, tail)] * 2
        first, (region, account, last) = head[: head.index(":", 8)], self.fields()
        hits.append(f"{first}:*:{draw.choice((account, '*'))}:{last}")
        if region and self.chance(0.3):
            # Wildcards in the fields before the last stay within them, unless they end one.
            hits.append(f"{first}:{pattern(draw, region)}:{account}:{last}")
            hits.append(f"{first}:{region[:3]}*:{account}:{last}")
            # Six fields as well, for the last has a colon: the wildcard reaches over two fields.
            hits += [f"{first}:{region[:3]}*:{last}"] * (2 * (":" in last))
        if version == VARIABLE_VERSION:
            if any(character in tail for character in "*?"):
                hits += [head + tail.replace("*", "${*}").replace("?", "${?}")] * 3
            hits += self.with_variables(head, tail) * 2 if self.chance(0.4) else []
        return hits

    def resource_misses(self, head: str, tail: str) -> list[str]:
        arn = head + tail
        misses = [
            arn + "x", arn[:-1] + "_", head + tail.swapcase(), arn.replace("aws", "aws-cn", 1),
            arn[:-1], head + "${aws:nowhere}*",
        ]  # fmt: skip
        first, (region, account, last) = head[: head.index(":", 8)], self.fields()
        if region:
            # These would match if a wildcard reached over a colon.
            rest = last if ":" in last else f"{account}:{last}"
            misses.append(f"{first}:{region[:2]}*{account[-2:]}:{rest}")
            misses.append(f"{first}:{region}?{account}:{rest}")
        return misses

    def fields(self) -> list[str]:
        """Region, account and last part of the ARN."""
        return self.request.resource.split(":", 5)[3:]

    def with_variables(self, head: str, tail: str) -> list[str]:
        """Patterns in which a variable stands for what its key holds, or its default."""
        found = []
        for name in VARIABLES:
            values = self.request.context.get(name.lower(), ())
            if len(values) == 1 and values[0] in tail:
                found.append(head + tail.replace(values[0], f"${{{name}}}", 1))
            elif not values and not set("*?$'") & set(tail):
                found.append(head + tail[:2] + f"${{{name}, '{tail[2:]}'}}")
        return found

    def principal(self, layer: str, effect: str, *, matching: bool) -> dict[str, Any]:
        draw, who = self.draw, self.request.caller
        if layer == "resource_control":
            return {"Principal": "*"}
        if layer == "endpoint" and matching and (who.kind in NAMED_AS or self.chance(0.6)):
            return {"Principal": "*" if who.kind in NAMED_AS else draw.choice(("*", {"AWS": "*"}))}
        noise = draw.sample(self.other_principals, draw.choice((1, 1, 2)))
        if self.chance(0.4) and effect == "Deny" and layer == "resource" and not self.trust:
            denied = self.not_principal(noise, matching=matching)
            if denied is not None:
                return denied
        return {"Principal": self.caller(noise) if matching else self.others(noise)}

    def others(self, noise: list[str]) -> dict[str, Any]:
        kind, other = self.draw.choice(
            (("Service", self.draw.choice(SERVICE_CALLERS)), ("Federated", OTHERS["Federated"]))
        )
        if other != self.request.caller.text and self.chance(0.3):
            return {kind: other} | ({"AWS": noise} if self.chance(0.3) else {})
        return {"AWS": self.one_or_list(noise)}

    def caller(self, noise: list[str]) -> Any:  # noqa: ANN401 - either form is legal
        own, kind = self.own_principals(), NAMED_AS.get(self.request.caller.kind)
        if self.chance(0.2) or not own:
            # That `{"AWS": "*"}` stands for services too is nowhere said.
            return "*" if kind else self.draw.choice(("*", {"AWS": "*"}))
        if kind:
            named = {kind: self.one_or_list([*own, OTHERS[kind]])}
            return named | ({"AWS": noise} if self.chance(0.2) else {})
        listed = [self.draw.choice(own), *(noise if self.chance(0.3) else [])]
        return {"AWS": self.one_or_list(listed)}

    def own_principals(self) -> list[str]:
        who = self.request.caller
        if who.kind in NAMED_AS:
            return [who.text]
        if not who.account:
            return []
        account = draw_account(self.draw, who.account)
        return [text for text in (who.text, who.text, who.role, who.role, account) if text]

    def not_principal(self, noise: list[str], *, matching: bool) -> dict[str, Any] | None:
        """A Deny for all but some: with the caller's whole chain, or nothing of it.

        What a part of the chain means depends on the service, says the documentation.
        """
        who = self.request.caller
        bounded = self.request.has_boundary  # then the chain is of no use
        if matching and not (bounded and self.chance(0.5)):
            above = [who.role, f"arn:aws:iam::{who.account}:root"] if who.account else []
            above = [text for text in above if text and self.chance(0.5)]
            return {"NotPrincipal": {"AWS": self.one_or_list([*noise, *above])}}
        if bounded != matching or not who.account:
            return None
        chain = [who.text, *filter(None, [who.role]), f"arn:aws:iam::{who.account}:root"]
        return {"NotPrincipal": {"AWS": self.one_or_list(chain)}}

    def conditions(self, version: str, *, matching: bool) -> dict[str, dict[str, Any]]:
        """One or two conditions; if they must not match, at least one is false."""
        block: dict[str, dict[str, Any]] = {}
        targets = [matching] + [True] * self.draw.choice((0, 0, 1))
        for target in targets:
            found = condition(self.draw, self.keys, self.request.context, version, wanted=target)
            if found is None and not target:
                # Nothing false was found in time: what no request has.
                found = "StringEquals", "aws:FederatedProvider", "none"
            if found is not None:
                operator, key, values = found
                block.setdefault(operator, {}).setdefault(key, values)
        return block


def draw_account(draw: random.Random, account: str) -> str:
    return draw.choice((account, f"arn:aws:iam::{account}:root"))
