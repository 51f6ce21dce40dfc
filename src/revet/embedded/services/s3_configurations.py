"""S3: metrics, analytics, inventory and intelligent-tiering configurations, and who pays.

moto has none of them but inventories, which it cannot delete, and takes requests for the others for
requests for the bucket. They are documents that come back as they were put. (Amazon S3 API
Reference, PutBucketMetricsConfiguration and its neighbours, PutBucketRequestPayment.)
"""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

import xmltodict
from moto.s3.models import s3_backends

from revet.embedded.call import CALL, Call, Moto
from revet.embedded.routes import OWN_OPERATIONS
from revet.embedded.wire_error import AwsError

KINDS = ("Metrics", "Analytics", "Inventory", "IntelligentTiering")
_KEPT = "revet_configurations"
_PAYER = "revet_payer"
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_MOST = 1000
_XML = {"Content-Type": "application/xml"}

Answer = tuple[int, dict[str, str], str]


def install() -> None:
    """Put the operations in place."""
    for kind in KINDS:
        for verb, make in (("Put", _put), ("Get", _get), ("Delete", _delete)):
            OWN_OPERATIONS["s3", f"{verb}Bucket{kind}Configuration"] = _serve(make(kind))
        OWN_OPERATIONS["s3", f"ListBucket{kind}Configurations"] = _serve(_list(kind))
    OWN_OPERATIONS["s3", "PutBucketRequestPayment"] = _serve(_put_payer)
    OWN_OPERATIONS["s3", "GetBucketRequestPayment"] = _serve(_get_payer)


def _serve(operation: Callable[[Call, Moto], Answer]) -> Callable[..., Answer]:
    def serve(request: Moto, _url: str, _headers: Moto) -> Answer:
        call: Call = request.environ[CALL]
        name = str(call.parameters.get("Bucket") or "")
        place = s3_backends.bucket_accounts.get(name)
        if place is None:
            raise AwsError("NoSuchBucket", "The specified bucket does not exist", 404)
        partition, account = place
        if account != call.principal.account:
            raise AwsError("AccessDenied", "Access Denied", 403)
        return operation(call, s3_backends[account][partition].buckets[name])

    return serve


def _kept(bucket: Moto, kind: str) -> dict[str, str]:
    """Documents of one kind, without their outermost element, by id."""
    everything: dict[str, dict[str, str]] = bucket.__dict__.setdefault(_KEPT, {})
    return everything.setdefault(kind, {})


def _document(call: Call, element: str) -> dict[str, Moto]:
    try:
        root = xmltodict.parse(call.body)[element]
    except Exception as error:  # expat and xmltodict have errors of their own
        raise _malformed() from error
    if not isinstance(root, dict):
        raise _malformed()
    return {name: value for name, value in root.items() if not name.startswith("@")}


def _malformed() -> AwsError:
    return AwsError(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )


def _put(kind: str) -> Callable[[Call, Moto], Answer]:
    def put(call: Call, bucket: Moto) -> Answer:
        document = _document(call, f"{kind}Configuration")
        name = str(call.parameters.get("Id") or "")
        if not name or document.get("Id") != name:
            raise AwsError("InvalidArgument", "The id in the document is not the one in the query")
        kept = _kept(bucket, kind)
        if name not in kept and len(kept) >= _MOST:
            raise AwsError(
                "TooManyConfigurations",
                "You are attempting to create a new configuration but have already reached the "
                "1,000-configuration limit.",
            )
        kept[name] = xmltodict.unparse({"_": document}, full_document=False)[3:-4]
        return 200, {}, ""

    return put


def _get(kind: str) -> Callable[[Call, Moto], Answer]:
    def get(call: Call, bucket: Moto) -> Answer:
        return 200, _XML, _element(kind, _found(call, bucket, kind), namespace=True)

    return get


def _delete(kind: str) -> Callable[[Call, Moto], Answer]:
    def delete(call: Call, bucket: Moto) -> Answer:
        _found(call, bucket, kind)
        del _kept(bucket, kind)[str(call.parameters["Id"])]
        return 204, {}, ""

    return delete


def _list(kind: str) -> Callable[[Call, Moto], Answer]:
    def find_all(_: Call, bucket: Moto) -> Answer:
        items = "".join(_element(kind, text) for _, text in sorted(_kept(bucket, kind).items()))
        root = f"List{kind}ConfigurationsResult"
        inner = f"<IsTruncated>false</IsTruncated>{items}"
        return 200, _XML, f'<{root} xmlns="{_NAMESPACE}">{inner}</{root}>'

    return find_all


def _found(call: Call, bucket: Moto, kind: str) -> str:
    found = _kept(bucket, kind).get(str(call.parameters.get("Id") or ""))
    if found is None:
        raise AwsError("NoSuchConfiguration", "The specified configuration does not exist.", 404)
    return found


def _element(kind: str, inner: str, *, namespace: bool = False) -> str:
    declared = f' xmlns="{_NAMESPACE}"' if namespace else ""
    return f"<{kind}Configuration{declared}>{inner}</{kind}Configuration>"


def _put_payer(call: Call, bucket: Moto) -> Answer:
    payer = _document(call, "RequestPaymentConfiguration").get("Payer")
    if payer not in ("Requester", "BucketOwner"):
        raise _malformed()
    setattr(bucket, _PAYER, payer)
    return 200, {}, ""


def _get_payer(_: Call, bucket: Moto) -> Answer:
    payer = escape(getattr(bucket, _PAYER, "BucketOwner"))
    root = "RequestPaymentConfiguration"
    return 200, _XML, f'<{root} xmlns="{_NAMESPACE}"><Payer>{payer}</Payer></{root}>'
