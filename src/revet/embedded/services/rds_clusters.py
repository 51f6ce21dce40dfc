"""RDS: what moto does otherwise with clusters, and with parameter groups that nobody names.

- The Data API can be switched on for Serverless v1 alone; EnableHttpEndpoint and
  DisableHttpEndpoint are missing. (Aurora User Guide, "Using the Amazon RDS Data API": clusters of
  instances have it, too.)
- Every cluster without a parameter group has `default.aurora8.0`, whatever its engine, and that of
  an instance lacks its version where only a major version was asked for. (Aurora User Guide,
  "Parameter groups for Amazon Aurora": `default.aurora-postgresql16`.)
- Automated snapshots stay when their cluster is deleted, and it may be deleted without saying what
  becomes of a final snapshot. (RDS API Reference, DeleteDBCluster: `DeleteAutomatedBackups` is true
  by default; `SkipFinalSnapshot` or `FinalDBSnapshotIdentifier` must be given.)
- ModifyDBCluster forgets that IAM authentication was switched on or off.
- DescribeGlobalClusters answers every global database, whichever cluster is asked for, so that
  Terraform takes any cluster for a part of it. (RDS API Reference, DescribeGlobalClusters:
  `db-cluster-id` takes identifiers and ARNs.)
"""

from __future__ import annotations

import re
from collections.abc import Callable

from moto.core.responses import ActionResult
from moto.rds.exceptions import InvalidParameterCombination, RDSClientError
from moto.rds.models import DBCluster, DBInstance
from moto.rds.responses import RDSResponse

from revet.embedded.call import Moto
from revet.embedded.patching import add, replace

_AURORA = ("aurora-mysql", "aurora-postgresql")
_BY_MAJOR_VERSION = ("aurora-postgresql", "postgres")
_BY_SHORT_VERSION = ("aurora-mysql", "mariadb", "mysql")
_WITHOUT = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
_WITH = "FinalDBSnapshotIdentifier cannot be specified when deleting with SkipFinalSnapshot."
_NO_GLOBAL = "GlobalClusterNotFoundFault"
_OLDEST_BY_MAJOR = 10
"""Before PostgreSQL 10 a major version has two numbers."""


def install() -> None:
    """Put the changes in place."""
    replace(DBCluster, "__init__", _init)
    replace(DBCluster, "enable_http_endpoint", _as_asked)
    add(RDSResponse, enable_http_endpoint, disable_http_endpoint)
    replace(DBInstance, "default_db_parameter_group_details", _of_version)
    replace(DBCluster, "iam_database_authentication_enabled", _as_modified)
    replace(RDSResponse, "delete_db_cluster", _with_snapshots)
    replace(RDSResponse, "describe_global_clusters", _of_members)


def family(engine: str, version: str) -> str:
    """The parameter group family of an engine; empty for engines that have another form.

    Args:
        engine: as RDS calls it.
        version: of the engine, as far as it was named.
    """
    numbers = re.findall(r"\d+", version)
    if not numbers:
        return ""
    if engine in _BY_MAJOR_VERSION and int(numbers[0]) >= _OLDEST_BY_MAJOR:
        return f"{engine}{numbers[0]}"
    if engine in (*_BY_MAJOR_VERSION, *_BY_SHORT_VERSION) and len(numbers) > 1:
        return f"{engine}{numbers[0]}.{numbers[1]}"
    return ""


def _as_modified(original: property) -> property:
    def iam_database_authentication_enabled(self: Moto) -> bool:
        modified = getattr(self, "enable_iam_database_authentication", None)
        return bool(original.__get__(self) if modified is None else modified)

    return property(iam_database_authentication_enabled)


def _init(original: Callable[..., None]) -> Callable[..., None]:
    def __init__(self: Moto, *args: Moto, **kwargs: Moto) -> None:  # noqa: N807 - it is one
        original(self, *args, **kwargs)
        own = family(str(self.engine), str(self.engine_version))
        if own and not kwargs.get("db_cluster_parameter_group_name"):
            self.parameter_group = f"default.{own}"

    return __init__


def _as_asked(original: property) -> property:
    def enabled(self: Moto) -> bool:
        return bool(original.__get__(self))

    def enable(self: Moto, value: Moto) -> None:
        original.__set__(self, value)
        if self.engine_mode == "provisioned" and self.engine in _AURORA:
            self._enable_http_endpoint = bool(value)

    return property(enabled, enable)


def enable_http_endpoint(self: Moto) -> ActionResult:
    """Switch the Data API of a cluster on."""
    return _switched(self, on=True)


def disable_http_endpoint(self: Moto) -> ActionResult:
    """Switch the Data API of a cluster off."""
    return _switched(self, on=False)


def _switched(response: Moto, *, on: bool) -> ActionResult:
    arn = response.params.get("ResourceArn")
    [cluster] = response.backend.describe_db_clusters(arn)
    cluster.enable_http_endpoint = on
    return ActionResult({"ResourceArn": arn, "HttpEndpointEnabled": on})


def _of_version(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def default_db_parameter_group_details(self: Moto) -> tuple[str, str]:
        own = family(str(self.engine), str(self.engine_version))
        if own:
            return own, f"default.{own}"
        found: tuple[str, str] = original(self)
        return found

    return default_db_parameter_group_details


def _with_snapshots(original: Callable[[Moto], ActionResult]) -> Callable[[Moto], ActionResult]:
    def delete_db_cluster(self: Moto) -> Moto:
        skipped = bool(self.params.get("SkipFinalSnapshot"))
        if skipped is bool(self.params.get("FinalDBSnapshotIdentifier")):
            raise InvalidParameterCombination(_WITHOUT if not skipped else _WITH)
        answer: Moto = original(self)
        if self.params.get("DeleteAutomatedBackups") is not False:
            gone = answer.result["DBCluster"].db_cluster_identifier
            kept = self.backend.cluster_snapshots
            for name, snapshot in list(kept.items()):
                automated = snapshot.snapshot_type == "automated"
                if automated and snapshot.cluster.db_cluster_identifier == gone:
                    del kept[name]
        return answer

    return delete_db_cluster


def _of_members(original: Callable[[Moto], ActionResult]) -> Callable[[Moto], ActionResult]:
    def describe_global_clusters(self: Moto) -> ActionResult:
        answer: Moto = original(self)
        found = answer.result["GlobalClusters"]
        wanted = self.params.get("GlobalClusterIdentifier")
        if wanted:
            found = [one for one in found if one.global_cluster_identifier == wanted.lower()]
            if not found:
                raise RDSClientError(_NO_GLOBAL, f"Global cluster {wanted} not found.")
        for filter_ in self.params.get("Filters") or ():
            if filter_["Name"] == "db-cluster-id":
                names = set(filter_["Values"])
                found = [one for one in found if any(names & _names(each) for each in one.members)]
        return ActionResult({"GlobalClusters": found})

    return describe_global_clusters


def _names(cluster: Moto) -> set[str]:
    return {cluster.db_cluster_identifier, cluster.db_cluster_arn}
