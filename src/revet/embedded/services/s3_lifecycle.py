"""S3: lifecycle rules keep from which size on objects are moved to another class.

moto drops it. (S3 API Reference, PutBucketLifecycleConfiguration and
GetBucketLifecycleConfiguration, `x-amz-transition-default-minimum-object-size`: the default is
`all_storage_classes_128K`.)
"""

from __future__ import annotations

from collections.abc import Callable

from moto.s3.responses import S3Response

from revet.embedded.call import CALL, Call, Moto
from revet.embedded.patching import replace

_HEADER = "x-amz-transition-default-minimum-object-size"
_DEFAULT = "all_storage_classes_128K"
_SIZE = "revet_transition_size"


def install() -> None:
    """Put the changes in place."""
    replace(S3Response, "_bucket_response_put", _put)
    replace(S3Response, "get_bucket_lifecycle", _get)


def _put(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def bucket_response_put(self: Moto, *arguments: Moto) -> Moto:
        answer = original(self, *arguments)
        call: Call = self.normalized_request.environ[CALL]
        if call.operation != "PutBucketLifecycleConfiguration" or answer != "":
            return answer
        size = call.parameters.get("TransitionDefaultMinimumObjectSize") or _DEFAULT
        setattr(_bucket(self, call), _SIZE, size)
        return 200, {_HEADER: size}, ""

    return bucket_response_put


def _get(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def get_bucket_lifecycle(self: Moto) -> Moto:
        status, headers, body = original(self)
        call: Call = self.normalized_request.environ[CALL]
        size = getattr(_bucket(self, call), _SIZE, _DEFAULT)
        return status, {**headers, _HEADER: size}, body

    return get_bucket_lifecycle


def _bucket(response: Moto, call: Call) -> Moto:
    return response.backend.get_bucket(str(call.parameters["Bucket"]))
