"""The web ACL before a stage, as far as it is run: IP sets, rates by address, and the default.

A rule of another kind is not run: it neither blocks nor counts, and a request that it might have
blocked has no `$context.wafResponseCode`, so that nobody takes it for allowed by WAF.

Source: AWS WAF Developer Guide, "How AWS WAF handles rules", "IP set match rule statement",
"Rate-based rule statement" (addresses that sent more than the limit within the window are acted
on); Amazon API Gateway Developer Guide, "Variables for access logging for API Gateway".
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from moto.wafv2.models import wafv2_backends

from revet.embedded.call import Moto
from revet.embedded.execute_api.refused import RefusedError
from revet.embedded.execute_api.requests import SOURCE_IP, Exchange

_WINDOW = 300
Clock = Callable[[], float]


class Firewall:
    """Web ACLs of one run, with the requests that they counted.

    Args:
        clock: seconds, which never go back.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str, str], deque[float]] = {}

    def require(self, exchange: Exchange) -> None:
        """Go on when the stage's web ACL lets a request pass.

        Args:
            exchange: the request on its way; gets what WAF said.

        Raises:
            RefusedError: it does not.
        """
        arn = str(exchange.stage.web_acl_arn or "")
        acl = _acl(exchange, arn)
        if acl is None:
            return
        exchange.variables["webaclArn"] = arn
        blocked, whole = self._blocks(exchange, acl)
        if whole or blocked:
            code = "WAF_BLOCK" if blocked else "WAF_ALLOW"
            exchange.variables |= {"wafResponseCode": code, "waf.status": "200"}
        if blocked:
            raise RefusedError("WAF_FILTERED", why=f"blocked by {arn}")

    def _blocks(self, exchange: Exchange, acl: Moto) -> tuple[bool, bool]:
        """Whether a web ACL blocks a request, and whether every rule that counted was run."""
        whole = True
        rules = [one if isinstance(one, dict) else one.to_dict() for one in acl.rules or ()]
        for rule in sorted(rules, key=lambda one: int(one["Priority"])):
            hit = self._hits(exchange, acl.arn, rule)
            if hit is None:
                whole = False
            action = rule.get("Action") or {}
            if hit and "Block" in action:
                return True, whole
            if hit and "Allow" in action:
                return False, whole
        return "Block" in (acl.default_action or {}), whole

    def _hits(self, exchange: Exchange, acl: str, rule: Mapping[str, Any]) -> bool | None:
        statement = rule.get("Statement") or {}
        if "IPSetReferenceStatement" in statement:
            asked = statement["IPSetReferenceStatement"]
            if asked.get("IPSetForwardedIPConfig"):
                return None
            return _in_set(exchange, str(asked["ARN"]))
        if "RateBasedStatement" in statement:
            asked = statement["RateBasedStatement"]
            if asked.get("AggregateKeyType", "IP") != "IP" or asked.get("ScopeDownStatement"):
                return None
            return self._too_many((acl, str(rule["Name"]), SOURCE_IP), asked)
        return None

    def _too_many(self, counted: tuple[str, str, str], asked: Mapping[str, Any]) -> bool:
        window = int(asked.get("EvaluationWindowSec") or _WINDOW)
        with self._lock:
            now = self._clock()
            seen = self._seen.setdefault(counted, deque(maxlen=int(asked["Limit"]) + 1))
            seen.append(now)
            while seen[0] <= now - window:
                seen.popleft()
            return len(seen) > int(asked["Limit"])


def _acl(exchange: Exchange, arn: str) -> Moto | None:
    if not arn:
        return None
    backend = wafv2_backends[exchange.account][exchange.region]
    return next((one for one in backend.wacls.values() if one.arn == arn), None)


def _in_set(exchange: Exchange, arn: str) -> bool | None:
    backend = wafv2_backends[exchange.account][exchange.region]
    found = next((one for one in backend.ip_sets.values() if one.arn == arn), None)
    if found is None:
        return None
    address = ipaddress.ip_address(SOURCE_IP)
    return any(address in ipaddress.ip_network(one, strict=False) for one in found.addresses)
