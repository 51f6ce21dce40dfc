"""What an AWS service does by a role, asked for without a request.

A service that delivers (CloudWatch Logs, Firehose, API Gateway) acts inside of this process: that
the role trusts it, and that the role's policies allow what it does, is decided as for any other
session, before it is done.
"""

from __future__ import annotations

import datetime as dt

from moto.kms.models import kms_backends

from revet.embedded.actions import Needed
from revet.embedded.call import Call, Moto, Principal, Session
from revet.embedded.enforcement import authorize_needed
from revet.embedded.policies import Context
from revet.embedded.service_access import service_may
from revet.embedded.service_sessions import assume_as_service
from revet.embedded.wire_error import AwsError

_NONE: Context = {
    "aws:SourceArn": None,
    "aws:SourceAccount": None,
    "aws:SourceOrgID": None,
    "aws:PrincipalIsAWSService": False,
    "aws:PrincipalServiceName": None,
}
"""Keys of requests that a service makes as itself: a role's session has none of them."""
_KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")


class ServiceRole:
    """A role in a service's hands.

    Args:
        service: service principal, for example `firehose.amazonaws.com`.
        role_arn: of the role.
        source_arn: what the service does it for.

    Raises:
        AwsError: the role does not exist, does not trust the service, or it is not known whether it
            does.
    """

    def __init__(self, service: str, role_arn: str, source_arn: str) -> None:
        name = service.partition(".")[0]
        self.region = source_arn.split(":")[3]
        self.session: Session = assume_as_service(
            service, role_arn, name, source_arn, dt.datetime.now(dt.UTC), kept=False
        )

    def require(
        self,
        action: str,
        resource: str,
        *,
        policy: str = "",
        account: str = "",
        context: Context | None = None,
    ) -> None:
        """Go on when the role allows it.

        Args:
            action: for example `firehose:PutRecordBatch`.
            resource: ARN.
            policy: of the resource, JSON text; empty without one.
            account: that owns the resource; the role's when empty.
            context: condition keys of the service that is asked.

        Raises:
            AwsError: it does not, or it cannot be told.
        """
        session = self.session
        principal = Principal(
            "role",
            session.access_key,
            session.account,
            session.arn,
            self.region,
            session.principal_id,
            session.name,
            session,
        )
        service, _, operation = action.partition(":")
        host = f"{service}.{self.region}.amazonaws.com"
        call = Call(
            *("POST", host, "/", {}, b""),
            *(service, service, operation, {}, ""),
            principal,
            self.region,
        )
        keys = {**_NONE, **(context or {})}
        needed = Needed(action, resource, policy, account or session.account, keys=keys)
        denial = authorize_needed(call, session, needed)
        if denial is not None:
            raise AwsError(denial.code or "AccessDenied", denial.message, 403)

    def require_key(self, key_arn: str, action: str, via: str) -> None:
        """Go on when the role may use a KMS key, by its own policies and the key's.

        Args:
            key_arn: of the key, or its alias.
            action: for example `kms:GenerateDataKey`.
            via: the service through which it does, for example `s3`.

        Raises:
            AwsError: it may not, or the key cannot be used.
        """
        key = usable_key(key_arn)
        account = key.arn.split(":")[4]
        context = {
            "kms:ViaService": f"{via}.{self.region}.amazonaws.com",
            "kms:CallerAccount": self.session.account,
            "kms:GrantIsForAWSResource": None,
        }
        policy = str(key.policy or "")
        self.require(action, key.arn, policy=policy, account=account, context=context)


def usable_key(arn: str) -> Moto:
    """A KMS key that is enabled.

    Args:
        arn: of the key, or of an alias.

    Raises:
        AwsError: there is none, or it is disabled, or waits for deletion.
    """
    parts = arn.split(":", 5)
    backend = kms_backends[parts[4]][parts[3]] if len(parts) == 6 else None  # noqa: PLR2004 - parts of an ARN
    key = backend.keys.get(backend.any_id_to_key_id(arn)) if backend is not None else None
    if key is None:
        raise AwsError("NotFoundException", f"Key '{arn}' does not exist")
    if key.key_state != "Enabled":
        raise AwsError("KMSInvalidStateException", f"{key.arn} is {key.key_state}.")
    return key


def require_key_for(service: str, key_arn: str, source_arn: str) -> None:
    """Go on when a key's policy lets a service itself encrypt and decrypt with it.

    Args:
        service: service principal.
        key_arn: of the key, or its alias.
        source_arn: what the service does it for.

    Raises:
        AwsError: it does not, or the key cannot be used.
    """
    key = usable_key(key_arn)
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_arn.split(":")[4]}
    for action in _KEY_ACTIONS:
        if not service_may(str(key.policy or ""), service, action, key.arn, context):
            raise AwsError(
                "AccessDenied", f"the policy of {key.arn} does not let {service} {action}", 403
            )
