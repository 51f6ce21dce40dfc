"""The words of random policies: few of each kind, so that patterns meet."""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNT = "111122223333"

ACTIONS: dict[str, tuple[str, ...]] = {
    "s3": (
        "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:Get*", "s3:*Object",
        "s3:?etObject", "s3:*", "s3:GetObject*", "S3:getobject", "s3:*Obj*t*", "s3:PutObject?*",
    ),
    "ec2": (
        "ec2:RunInstances", "ec2:StartInstances", "ec2:StopInstances", "ec2:*Instances", "ec2:*",
        "ec2:Describe*", "ec2:St??tInstances", "ec2:CreateTags",
    ),
    "iam": (
        "iam:PassRole", "iam:CreateRole", "iam:DeleteRole", "iam:*Role", "iam:*", "iam:Get*",
        "iam:PutRolePolicy", "iam:*Role*",
    ),
    "kms": ("kms:Decrypt", "kms:Encrypt", "kms:*crypt", "kms:*", "kms:?ecrypt", "kms:ReEncrypt*"),
    "sts": ("sts:AssumeRole", "sts:AssumeRole*", "sts:*", "sts:TagSession"),
    "logs": (
        "logs:PutLogEvents", "logs:CreateLogGroup", "logs:Create*", "logs:*", "logs:*LogEvents",
    ),
}  # fmt: skip
EVERY_ACTION = ("*", "*", "*", "*:*", "*:Get*")

RESOURCES: dict[str, tuple[str, ...]] = {
    "s3": (
        "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b/k", "arn:aws:s3:::b?/*",
        "arn:aws:s3:::*", "arn:aws:s3:::*b*/x", "arn:aws:s3:::b/x/*", "arn:aws:s3:::b*",
        "arn:aws*:s3:::b/*", "arn:aws:s3:*:*:accesspoint/a*", "arn:aws:s3:*", "arn:aws:s3:::b/?",
    ),
    "ec2": (
        "arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:eu-west-1:*:instance/i-1",
        f"arn:aws:ec2:eu-*:{ACCOUNT}:*", f"arn:aws:ec2:*:{ACCOUNT}:*/*",
        "arn:aws:ec2:*:*:volume/?*", f"arn:aws:ec2:eu-west-?:{ACCOUNT}:instance/*",
    ),
    "iam": (
        f"arn:aws:iam::{ACCOUNT}:role/*", f"arn:aws:iam::{ACCOUNT}:role/app",
        "arn:aws:iam::*:role/app*", f"arn:aws:iam::{ACCOUNT}:*", "arn:aws:iam::*",
        f"arn:aws:iam::{ACCOUNT}:user/ana", "arn:aws:iam::1*:role/?pp",
    ),
    "kms": (
        f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1", f"arn:aws:kms:*:{ACCOUNT}:key/*",
        "arn:aws:kms:*:*:alias/*", "arn:aws:kms:eu-*:*:key/?",
    ),
    "sts": (f"arn:aws:iam::{ACCOUNT}:role/app", "arn:aws:iam::*:role/*"),
    "logs": (
        f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:app:*", "arn:aws:logs:*:*:log-group:app*",
        f"arn:aws:logs:*:{ACCOUNT}:log-group:*:log-stream:?", f"arn:aws:logs:*:{ACCOUNT}:*",
        f"arn:aws:logs:*:{ACCOUNT}:log-group:a*:log-stream:x*", "arn:aws:logs:*:log-group:app*",
    ),
}  # fmt: skip
OPEN_RESOURCES: dict[str, tuple[str, ...]] = {
    "s3": (
        "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/*",
        "arn:aws:s3:::${aws:username}", "arn:aws:s3:::b/*/${aws:username}",
        "arn:aws:s3:::b/${aws:PrincipalTag/team}", "arn:aws:s3:::b/${aws:username, 'x'}/*",
        "arn:aws:s3:::b/${aws:PrincipalTag/team}/${aws:username}/*", "arn:aws:s3:::b/${*}",
    ),
    "iam": (
        "arn:aws:iam::${aws:PrincipalAccount}:role/*",
        f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}",
        f"arn:aws:iam::{ACCOUNT}:role/${{aws:PrincipalTag/team, 'app'}}*",
    ),
    "ec2": (
        f"arn:aws:ec2:${{aws:RequestedRegion}}:{ACCOUNT}:instance/*",
        "arn:aws:ec2:*:*:instance/${aws:username}",
    ),
    "logs": ("arn:aws:logs:*:*:log-group:${aws:PrincipalTag/team}:*",),
    "kms": (f"arn:aws:kms:*:{ACCOUNT}:key/${{aws:PrincipalTag/team}}",),
    "sts": ("arn:aws:iam::*:role/${aws:username}",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """A condition key with values that meet.

    Args:
        name: of the key.
        kind: `string`, `arn`, `number`, `date`, `bool`, `address` or `bytes`.
        plain: values for operators that take no wildcards.
        patterns: values for operators that take wildcards.
        several: whether requests have several values of it.
    """

    name: str
    kind: str
    plain: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    several: bool = False


_NAMES = ("a", "b", "ab", "ana", "x")
_LIKE = ("a*", "*b", "?", "a?a", "*", "?*", "ab*", "*a*")
_REGIONS = ("eu-west-1", "eu-west-2", "us-east-1")
_REGION_PATTERNS = ("eu-*", "*-1", "eu-west-?", "us-*", "*")
_ROLES = (
    f"arn:aws:iam::{ACCOUNT}:role/app", f"arn:aws:iam::{ACCOUNT}:role/ops",
    "arn:aws:iam::444455556666:role/app",
)  # fmt: skip
_ROLE_PATTERNS = (
    f"arn:aws:iam::{ACCOUNT}:role/*", "arn:aws:iam::*:role/app", "arn:aws:iam::*:*",
    "arn:*:iam::*:role/a??", f"arn:aws:iam::{ACCOUNT}:*/app",
)  # fmt: skip
_TOPICS = ("arn:aws:sns:eu-west-1:111122223333:t", "arn:aws:s3:::b")
_TOPIC_PATTERNS = ("arn:aws:sns:*:*:t*", "arn:aws:s3:::*", "arn:aws:s*:*:*:?")
_NUMBERS = ("0", "1", "5", "10", "5.5", "100")
_DATES = (
    "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-01-01", "2027-01-01T00:00:00+02:00",
    "1780272000",
)  # fmt: skip
_NETWORKS = (
    "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "203.0.113.0/24", "203.0.113.128/25", "0.0.0.0/0",
    "2001:db8::/32", "2001:db8:1::/48", "2001:db8::1", "::/0",
)  # fmt: skip
_TRUTHS = ("true", "false", "True")

STRINGS = (
    Key("aws:RequestedRegion", "string", _REGIONS, _REGION_PATTERNS),
    Key("aws:PrincipalTag/team", "string", _NAMES, _LIKE),
    Key("aws:username", "string", _NAMES, _LIKE),
    Key("s3:prefix", "string", ("", "home/", "home/ana", "a"), ("home/*", "*", "home/?*", "")),
    Key("iam:PassedToService", "string", ("ec2.amazonaws.com", "lambda.amazonaws.com"),
        ("ec2.*", "*.amazonaws.com", "lambda.*")),
    Key("sts:ExternalId", "string", _NAMES, _LIKE),
    Key("ec2:InstanceType", "string", ("t3.micro", "t3.small", "m5.large"),
        ("t3.*", "*.large", "t?.*")),
    Key("kms:ViaService", "string", ("s3.eu-west-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com"),
        ("s3.*", "*.eu-west-1.*", "*")),
    Key("aws:RequestTag/team", "string", _NAMES, _LIKE),
    Key("custom:label", "string", _NAMES, _LIKE),
)  # fmt: skip
ARNS = (
    Key("aws:PrincipalArn", "arn", _ROLES, _ROLE_PATTERNS),
    Key("aws:SourceArn", "arn", _TOPICS, _TOPIC_PATTERNS),
    Key("iam:PermissionsBoundary", "arn", _ROLES, _ROLE_PATTERNS),
    Key("custom:source", "arn", _TOPICS, _TOPIC_PATTERNS),
)
NUMBERS = (
    Key("s3:max-keys", "number", _NUMBERS),
    Key("aws:MultiFactorAuthAge", "number", _NUMBERS),
    Key("sts:DurationSeconds", "number", _NUMBERS),
)
DATES = (Key("aws:CurrentTime", "date", _DATES), Key("aws:TokenIssueTime", "date", _DATES))
TRUTHS = (
    Key("aws:SecureTransport", "bool", _TRUTHS),
    Key("aws:MultiFactorAuthPresent", "bool", _TRUTHS),
    Key("ec2:Encrypted", "bool", _TRUTHS),
)
ADDRESSES = (
    Key("aws:SourceIp", "address", _NETWORKS),
    Key("aws:VpcSourceIp", "address", _NETWORKS),
)
BYTES = (Key("custom:digest", "bytes", ("QQ==", "QUI=", "QUJD")),)
SEVERAL = (
    Key("aws:TagKeys", "string", _NAMES, _LIKE, several=True),
    Key("kms:EncryptionContextKeys", "string", _NAMES, _LIKE, several=True),
    Key("aws:CalledVia", "string", ("athena.amazonaws.com", "dynamodb.amazonaws.com"),
        ("athena.*", "*.amazonaws.com"), several=True),
    Key("logs:LogGeneratingResourceArns", "arn", _TOPICS, _TOPIC_PATTERNS, several=True),
)  # fmt: skip
BY_NAME = {
    key.name.lower(): key
    for keys in (STRINGS, ARNS, NUMBERS, DATES, TRUTHS, ADDRESSES, BYTES, SEVERAL)
    for key in keys
}
"""All of them, by their names in lower case."""
OPEN_VALUES = (
    "${aws:username}", "${aws:PrincipalTag/team}", "home/${aws:username}", "${aws:username}*",
    "${aws:PrincipalTag/team, 'none'}", "a${aws:username}", "home/${aws:username, 'x'}/*",
)  # fmt: skip
OPEN_ARNS = (
    "arn:aws:iam::${aws:PrincipalAccount}:role/*", f"arn:aws:iam::{ACCOUNT}:role/${{aws:username}}",
    "arn:aws:iam::*:*/${aws:PrincipalTag/team, 'app'}",
)  # fmt: skip
EDGE_NUMBERS = ("-1", "0", "0.5", "1", "4", "5", "5.25", "5.5", "9", "10", "11", "99", "100", "101")
EDGE_DATES = (
    "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-05-31T23:59:59Z",
    "2026-06-01T00:00:00Z", "2026-12-31T22:00:00Z", "2026-12-31T22:00:01Z", "2028-01-01T00:00:00Z",
)  # fmt: skip
EDGE_ADDRESSES = (
    "10.0.0.1", "10.1.2.3", "10.1.2.4", "11.0.0.0", "203.0.113.1", "203.0.113.127", "203.0.113.128",
    "203.0.114.0", "255.255.255.255", "2001:db8::1", "2001:db8:1::2", "2001:db9::", "::1",
)  # fmt: skip
