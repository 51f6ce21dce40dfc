"""IAM Access Analyzer: analyzers and archive rules; moto has no such service.

(IAM Access Analyzer API Reference.) It analyzes nothing yet: operations that would answer with
findings are not modelled, and say so.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any
from urllib.parse import unquote

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import JsonRESTError
from moto.core.responses import BaseResponse

from revet.embedded.patching import parameter
from revet.embedded.routes import OWN_HOSTS

_HOST = re.compile(r"^access-analyzer\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$")


def install() -> None:
    """Put the service in place."""
    OWN_HOSTS.append((_HOST, "accessanalyzer", AccessAnalyzerResponse.dispatch))


class AccessAnalyzerBackend(BaseBackend):
    """State of one account and region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.analyzers: dict[str, Analyzer] = {}

    def named(self, name: str) -> Analyzer:
        """One analyzer.

        Raises:
            JsonRESTError: there is none of that name.
        """
        if name not in self.analyzers:
            raise _missing(f"Analyzer {name} not found")
        return self.analyzers[name]

    def with_arn(self, arn: str) -> Analyzer:
        """One analyzer, by its ARN.

        Raises:
            JsonRESTError: there is none.
        """
        return self.named(arn.rpartition("/")[2])


class Analyzer:
    """One analyzer.

    Args:
        backend: that holds it.
        asked: body of CreateAnalyzer.
    """

    def __init__(self, backend: AccessAnalyzerBackend, asked: dict[str, Any]) -> None:
        self.name: str = asked["analyzerName"]
        region, account = backend.region_name, backend.account_id
        self.arn = (
            f"arn:{backend.partition}:access-analyzer:{region}:{account}:analyzer/{self.name}"
        )
        self.kind: str = asked["type"]
        self.created = _now()
        self.tags: dict[str, str] = dict(asked.get("tags") or {})
        self.configuration: dict[str, Any] | None = asked.get("configuration")
        self.rules: dict[str, dict[str, Any]] = {}
        for rule in asked.get("archiveRules") or ():
            self.put_rule(rule["ruleName"], rule["filter"])

    def put_rule(self, name: str, criteria: dict[str, Any]) -> None:
        """Create an archive rule, or change it."""
        created = self.rules.get(name, {}).get("createdAt", _now())
        self.rules[name] = {
            "ruleName": name,
            "filter": criteria,
            "createdAt": created,
            "updatedAt": _now(),
        }

    def rule(self, name: str) -> dict[str, Any]:
        """One archive rule.

        Raises:
            JsonRESTError: there is none of that name.
        """
        if name not in self.rules:
            raise _missing(f"Archive rule {name} not found")
        return self.rules[name]

    def summary(self) -> dict[str, Any]:
        """As GetAnalyzer shows it."""
        shown = {
            "arn": self.arn,
            "name": self.name,
            "type": self.kind,
            "createdAt": self.created,
            "tags": self.tags,
            "status": "ACTIVE",
        }
        return {**shown, "configuration": self.configuration} if self.configuration else shown


accessanalyzer_backends = BackendDict(AccessAnalyzerBackend, "accessanalyzer")


class AccessAnalyzerResponse(BaseResponse):
    """The service's operations, one method each."""

    def __init__(self) -> None:
        super().__init__(service_name="accessanalyzer")

    @property
    def backend(self) -> AccessAnalyzerBackend:
        """State that the request is for."""
        return accessanalyzer_backends[self.current_account][self.region]

    @property
    def asked(self) -> dict[str, Any]:
        """Body of the request."""
        body: dict[str, Any] = json.loads(self.body) if self.body else {}
        return body

    def create_analyzer(self) -> str:
        """Create an analyzer."""
        asked = self.asked
        if asked["analyzerName"] in self.backend.analyzers:
            raise _error(
                "ConflictException", f"Analyzer {asked['analyzerName']} already exists", 409
            )
        analyzer = Analyzer(self.backend, asked)
        self.backend.analyzers[analyzer.name] = analyzer
        return json.dumps({"arn": analyzer.arn})

    def get_analyzer(self) -> str:
        """Show an analyzer."""
        return json.dumps({"analyzer": self._analyzer().summary()})

    def list_analyzers(self) -> str:
        """Show all analyzers, or those of one type."""
        kind = parameter(self, "type")
        found = [
            item.summary() for item in self.backend.analyzers.values() if kind in (None, item.kind)
        ]
        return json.dumps({"analyzers": found})

    def update_analyzer(self) -> str:
        """Change an analyzer's configuration."""
        analyzer = self._analyzer()
        analyzer.configuration = self.asked.get("configuration")
        return json.dumps({"configuration": analyzer.configuration})

    def delete_analyzer(self) -> str:
        """Delete an analyzer."""
        del self.backend.analyzers[self._analyzer().name]
        return "{}"

    def create_archive_rule(self) -> str:
        """Create an archive rule."""
        self._analyzer().put_rule(self.asked["ruleName"], self.asked["filter"])
        return "{}"

    def update_archive_rule(self) -> str:
        """Change an archive rule."""
        analyzer = self._analyzer()
        analyzer.put_rule(analyzer.rule(self._label("ruleName"))["ruleName"], self.asked["filter"])
        return "{}"

    def get_archive_rule(self) -> str:
        """Show an archive rule."""
        return json.dumps({"archiveRule": self._analyzer().rule(self._label("ruleName"))})

    def list_archive_rules(self) -> str:
        """Show all archive rules of an analyzer."""
        return json.dumps({"archiveRules": list(self._analyzer().rules.values())})

    def delete_archive_rule(self) -> str:
        """Delete an archive rule."""
        analyzer = self._analyzer()
        del analyzer.rules[analyzer.rule(self._label("ruleName"))["ruleName"]]
        return "{}"

    def list_tags_for_resource(self) -> str:
        """Tags of an analyzer."""
        return json.dumps({"tags": self._tagged().tags})

    def tag_resource(self) -> str:
        """Add tags, or change them."""
        self._tagged().tags.update(self.asked["tags"])
        return "{}"

    def untag_resource(self) -> str:
        """Take tags away."""
        for key in self.querystring.get("tagKeys", []):
            self._tagged().tags.pop(key, None)
        return "{}"

    def _analyzer(self) -> Analyzer:
        return self.backend.named(self._label("analyzerName"))

    def _label(self, name: str) -> str:
        return unquote(str(self.uri_match.get(name) or self.asked.get(name, "")))

    def _tagged(self) -> Analyzer:
        return self.backend.with_arn(unquote(self.raw_path.split("/tags/", 1)[1]))


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()


def _missing(message: str) -> JsonRESTError:
    return _error("ResourceNotFoundException", message, 404)


def _error(code: str, message: str, status: int) -> JsonRESTError:
    error = JsonRESTError(code, message)
    error.code = status
    return error
