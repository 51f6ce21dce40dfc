from __future__ import annotations

from typing import TYPE_CHECKING

import cdktn

from revet.constructs import iam
from revet.constructs.iam.group import SELF_SERVICE

if TYPE_CHECKING:
    from tests.constructs.conftest import Synthesize

OWN = ":user/$${aws:username}"


def test_the_guard_denies_all_but_self_service_without_mfa(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    iam.MfaGuard(stack, "guard")
    statements = synthesized(stack).statements("aws_iam_policy")
    [deny] = [item for item in statements.values() if item["Effect"] == "Deny"]
    assert deny == {
        "Sid": "DenyAllButSelfServiceWithoutMfa",
        "Effect": "Deny",
        "NotAction": list(SELF_SERVICE),
        "Resource": "*",
        "Condition": {
            "BoolIfExists": {
                "aws:MultiFactorAuthPresent": "false",
                "aws:ViaAWSService": "false",
            }
        },
    }
    assert not {"iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice"} & set(SELF_SERVICE)


def test_people_are_allowed_their_own_credentials_only(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    iam.MfaGuard(stack, "guard")
    allowed = {
        item["Sid"]: item
        for item in synthesized(stack).statements("aws_iam_policy").values()
        if item["Effect"] == "Allow"
    }
    assert allowed["NewDevice"]["Resource"].endswith(":mfa/*")
    assert allowed["SeeWhatIsAsked"]["Resource"] == "*"
    for sid in ("OwnPassword", "OwnDevices", "RemoveOwnDevice"):
        assert allowed[sid]["Resource"].endswith(OWN), sid
    actions = {
        action
        for item in allowed.values()
        for action in ([item["Action"]] if isinstance(item["Action"], str) else item["Action"])
    }
    # The token is nobody's to grant: AWS gives it to every user.
    assert actions == {*SELF_SERVICE, "iam:DeactivateMFADevice"} - {"sts:GetSessionToken"}


def test_a_group_is_guarded_from_the_start(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    guard = iam.MfaGuard(stack, "guard")
    for name in ("people", "auditors"):
        iam.Group(stack, name, mfa_guard=guard)
    made = synthesized(stack)
    attached = {
        (item["group"], item["policy_arn"]) for item in made.all("aws_iam_group_policy_attachment")
    }
    policy = f"${{aws_iam_policy.{guard.resource.friendly_unique_id}.arn}}"
    groups = made.json["resource"]["aws_iam_group"]
    assert attached == {(f"${{aws_iam_group.{name}.name}}", policy) for name in groups}
    assert sorted(item["name"] for item in groups.values()) == [
        "app-auditors-test",
        "app-people-test",
    ]


def test_a_virtual_device_only_with_a_reason(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    iam.MfaGuard(stack, "guard")
    iam.MfaGuard(stack, "other-guard", virtual_mfa_device="break glass, ticket 12")
    made = synthesized(stack)
    assert made.one("aws_iam_virtual_mfa_device")["virtual_mfa_device_name"] == (
        "app-other-guard-test"
    )
    records = made.records()
    assert records["stack/guard"]["weakened"] == []
    assert records["stack/other-guard"]["weakened"] == [
        {"argument": "virtual_mfa_device", "reason": "break glass, ticket 12", "gives_up": []}
    ]
