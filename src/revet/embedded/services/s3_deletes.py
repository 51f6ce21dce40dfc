"""S3: DeleteObjects answers for each object by itself.

An object that the sender may not delete is an `Error` with `AccessDenied` beside what was deleted,
and a quiet request is told of errors alone. moto knows neither: requests are decided before it, and
it tells what was deleted all the same. (Amazon S3 API Reference, DeleteObjects.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.responses import S3Response

from revet.embedded.call import ANY_VERSION, CALL, Call, Moto
from revet.embedded.patching import replace

_CODE = "AccessDenied"
_BYPASS = "x-amz-bypass-governance-retention"


def install() -> None:
    """Put the change in place."""
    replace(S3Response, "_bucket_response_delete_keys", _deleting)


def _deleting(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def delete_keys(self: Moto, bucket_name: str, authenticated: bool = True) -> Moto:  # noqa: FBT001, FBT002 - moto's signature
        call: Call = self.normalized_request.environ[CALL]
        asked: Mapping[str, Any] = call.parameters.get("Delete") or {}
        quiet = str(asked.get("Quiet") or "").lower() == "true"
        objects = asked.get("Objects") or ()
        if not authenticated or not objects or not (quiet or call.refused):
            return original(self, bucket_name, authenticated)
        allowed = [one for one in objects if not _is_refused(call, one)]
        bypass = self.headers.get(_BYPASS, "").lower() == "true"
        self.backend.get_bucket(bucket_name)  # raises where there is none
        deleted, locked = self.backend.delete_objects(bucket_name, allowed, bypass)
        why = "Access Denied because object protected by object lock."
        errors = [_error(one, "Access Denied") for one in objects if _is_refused(call, one)]
        errors += [_error({"Key": key}, why) for key in locked]
        shown = [] if quiet else [_deleted(*one) for one in deleted]
        self.data["Action"] = call.operation
        return self.serialized(ActionResult({"Deleted": shown, "Errors": errors}))

    return delete_keys


def _is_refused(call: Call, one: Mapping[str, Any]) -> bool:
    key, version = str(one["Key"]), str(one.get("VersionId") or "")
    return not call.refused.isdisjoint({(key, version), (key, ANY_VERSION)})


def _deleted(key: str, version: str | None, marker: str | None) -> dict[str, Any]:
    made = {"DeleteMarker": True, "DeleteMarkerVersionId": marker} if marker else {}
    return {"Key": key, **({"VersionId": version} if version else {}), **made}


def _error(one: Mapping[str, Any], message: str) -> dict[str, str]:
    version = {"VersionId": str(one["VersionId"])} if one.get("VersionId") else {}
    return {"Key": str(one["Key"]), **version, "Code": _CODE, "Message": message}
