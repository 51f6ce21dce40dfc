"""A customer-managed key with its alias."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdktn_provider_aws.kms_alias import KmsAlias
from cdktn_provider_aws.kms_key import KmsKey
from constructs import Construct

from revet.constructs.arguments import check_items, check_range, check_text
from revet.constructs.context import Context
from revet.constructs.grant import Grant, Grantee
from revet.constructs.iam.role import Role
from revet.constructs.kms.service_access import USE, KeyAccess
from revet.constructs.placement import check_construct, place
from revet.constructs.policy import PolicyStatement, document, statement
from revet.constructs.record import make_record

# What manages a key and reads nothing that it encrypts: no cryptographic action, no grant.
# Source: KMS developer guide, "Allows key administrators to administer the KMS key"; its `Create*`
# would let an administrator make a grant for any use.
MANAGEMENT = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)


class Key(Construct):
    """A symmetric customer-managed key that rotates, with an alias of its own.

    Makes `aws_kms_key` and `aws_kms_alias`.

    Defaults, each with the control that asks for it:
        - rotation every 365 days (`kms-key-rotation`);
        - alias `alias/{prefix}-{id}-{suffix}`, a resource of its own (`kms-key-alias`);
        - key policy: the account administers it through IAM, so that nobody is locked out; only the
          services named in `service_access` besides, each limited to its resources. With `users`
          the account can manage the key and nothing else, so that an IAM policy alone
          cannot let anyone else use it (`kms-key-use`);
        - deletion after 30 days, after 7 in an `EPHEMERAL` stack; a `PROTECTED` one refuses it;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the alias.
        description: what the key encrypts, for whoever finds it in the console.
        service_access: services that may use the key on their own behalf.
        rotation_period_in_days: 90 to 2560.
        users: the roles that may use the key, and no others; None leaves that to IAM.

    Raises:
        ArgumentError: an argument outside what AWS allows.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        service_access: Sequence[KeyAccess] = (),
        rotation_period_in_days: int = 365,
        users: Sequence[Role] | None = None,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=250)
        check_range("rotation_period_in_days", rotation_period_in_days, 90, 2560, "days")
        check_text("description", description, 1, 8192, "say what it encrypts")
        check_items("service_access", service_access, KeyAccess, "`kms.cloudwatch_logs(…)` is one")
        for user in users or ():
            check_construct("users", user, Role, context)
        statements = [
            *_account(context, users),
            *(made for access in service_access for made in access.statements(context)),
        ]
        super().__init__(scope, construct_id)
        self.resource = KmsKey(
            self,
            "key",
            description=description,
            key_usage="ENCRYPT_DECRYPT",
            customer_master_key_spec="SYMMETRIC_DEFAULT",
            enable_key_rotation=True,
            rotation_period_in_days=rotation_period_in_days,
            deletion_window_in_days=30 if context.is_protected else 7,
            policy=document(statements),
            lifecycle=context.resource_lifecycle,
            tags=context.tags_for(name),
        )
        self.alias = KmsAlias(
            self, "alias", name=f"alias/{name}", target_key_id=self.resource.key_id
        )
        self.arn: str = self.resource.arn
        context.records.append(make_record(self, "kms.Key", (self.resource, self.alias)))

    def grant_encrypt_decrypt(self, grantee: Grantee) -> Grant:
        """Let a role encrypt and decrypt with this key: no administration, no grants to others.

        Args:
            grantee: the role.
        """
        return grantee.allow(
            f"{self.node.id}-encrypt-decrypt",
            statement(
                "EncryptDecrypt",
                actions=USE,
                resources=self.arn,
            ),
        )

    def grant_decrypt(self, grantee: Grantee) -> Grant:
        """Let a role decrypt with this key.

        Args:
            grantee: the role.
        """
        return grantee.allow(
            f"{self.node.id}-decrypt",
            statement("Decrypt", actions="kms:Decrypt", resources=self.arn),
        )

    def grant_generate_data_key(self, grantee: Grantee) -> Grant:
        """Let a role write what this key encrypts: what S3 asks of who puts an object.

        `kms:Decrypt` is part of it, since S3 needs it to finish a multipart upload.

        Args:
            grantee: the role.
        """
        return grantee.allow(
            f"{self.node.id}-generate-data-key",
            statement(
                "GenerateDataKey",
                actions=("kms:Decrypt", "kms:GenerateDataKey"),
                resources=self.arn,
            ),
        )


def _account(context: Context, users: Sequence[Role] | None) -> Iterator[PolicyStatement]:
    """What the account may do, and with `users` who else."""
    account = {"AWS": context.arn("iam", "root", region=False)}
    if users is None:
        yield statement("AccountAdministersThroughIam", actions="kms:*", principals=account)
        return
    yield statement("AccountManages", actions=MANAGEMENT, principals=account)
    if users:
        yield statement("RolesUse", actions=USE, principals={"AWS": [user.arn for user in users]})
