"""Who each configuration of the AWS provider is: one `sts:GetCallerIdentity` with its own settings.

The order of precedence is the provider's: keys of the block, the block's profile, the environment;
then the roles that the block assumes, one after the other. Source: "AWS Provider", "Authentication
and Configuration"; AWS SDK for Go v2, `config.resolveCredentials`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from revet.model.errors import PrerequisiteError, TargetError, UsageError, raised_as
from revet.target.blocks import Block, Expression
from revet.target.provider_blocks import ProviderBlock

if TYPE_CHECKING:
    import boto3
    import botocore.session

_PLAIN = (
    "access_key",
    "custom_ca_bundle",
    "http_proxy",
    "https_proxy",
    "profile",
    "region",
    "secret_key",
    "shared_config_files",
    "shared_credentials_files",
    "sts_region",
    "token",
    "use_fips_endpoint",
)
"""Arguments that decide whose the configuration is, or how AWS is asked."""

_REFUSED = (
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "endpoints",
    "insecure",
)
"""They let somebody else answer for AWS."""

_ROLE = {
    "duration": "DurationSeconds",
    "external_id": "ExternalId",
    "policy": "Policy",
    "policy_arns": "PolicyArns",
    "role_arn": "RoleArn",
    "session_name": "RoleSessionName",
    "source_identity": "SourceIdentity",
    "tags": "Tags",
    "transitive_tag_keys": "TransitiveTagKeys",
}
_WEB = {"web_identity_token", "web_identity_token_file"}
_SESSION = "revet-confirms-account"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose credentials these are.

    Args:
        account: the account's twelve digits.
        arn: of the principal.
    """

    account: str
    arn: str


@dataclass(frozen=True, slots=True)
class Configured:
    """A configuration of the AWS provider with all values that decide whose it is.

    Args:
        key: as Terraform's plan has it: `aws`, `aws.west`, `module.a:aws`.
        where: where it is written.
        arguments: name to value.
        roles: what each `assume_role` block says, in order.
        web: what the `assume_role_with_web_identity` block says; None without one.
    """

    key: str
    where: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    roles: tuple[Mapping[str, Any], ...] = ()
    web: Mapping[str, Any] | None = None


def expressions_of(block: ProviderBlock) -> dict[str, Expression]:
    """The expressions of a provider configuration that decide whose it is.

    Args:
        block: the configuration.

    Raises:
        UsageError: it lets somebody else answer for AWS, or is not known before a plan.
    """
    found = {f"{name}": block.arguments[name] for name in _PLAIN if name in block.arguments}
    for name in _REFUSED:
        if name in block.names and not _is_off(block.arguments.get(name)):
            _refuse(block, f"`{name}`", "AWS itself, asked over a connection that proves it")
    kinds = (("assume_role", {*_ROLE}), ("assume_role_with_web_identity", {*_ROLE, *_WEB}))
    for kind, known in kinds:
        for number, inner in enumerate(block.inner(kind)):
            _require_plain(block, inner, known)
            found |= {f"{kind}[{number}].{name}": e for name, e in inner.arguments.items()}
    if block.module.address:
        for name, item in found.items():
            if not item.known:
                _refuse(block, f"`{name} = {item.text}`", "values that are written out in a module")
    return found


def _is_off(value: Expression | None) -> bool:
    return value is not None and value.known and value.value in (None, False)


def _require_plain(block: ProviderBlock, inner: Block, known: set[str]) -> None:
    if inner.generated:
        _refuse(block, f'`dynamic "{inner.kind}"`', "a block that is written out")
    if unknown := sorted({*inner.arguments} - known):
        _refuse(block, f"`{inner.kind}.{unknown[0]}`", ", ".join(sorted(known)))


def _refuse(block: ProviderBlock, got: str, expected: str) -> NoReturn:
    raise UsageError(
        "the account of a provider configuration is not known before it is used",
        where=f"provider configuration `{block.key}`, {block.where}",
        got=got,
        expected=expected,
        do="write it so that the account can be confirmed",
    )


def configured(block: ProviderBlock, values: Mapping[str, Any]) -> Configured:
    """A provider configuration with its values.

    Args:
        block: the configuration.
        values: key of `expressions_of` to value.
    """
    plain = {name: values[name] for name in _PLAIN if values.get(name) is not None}
    roles = [
        _inner(values, "assume_role", number) for number in range(len(block.inner("assume_role")))
    ]
    web = _inner(values, "assume_role_with_web_identity", 0)
    return Configured(
        block.key,
        block.where,
        plain,
        tuple(role for role in roles if role.get("role_arn")),
        web if web.get("role_arn") else None,
    )


def _inner(values: Mapping[str, Any], kind: str, number: int) -> dict[str, Any]:
    prefix = f"{kind}[{number}]."
    return {
        name.removeprefix(prefix): value
        for name, value in values.items()
        if name.startswith(prefix) and value is not None
    }


def _session_of(what: Configured, region: str, environment: Mapping[str, str]) -> boto3.Session:
    """A session with the credentials that a provider configuration ends up with."""
    import boto3  # noqa: PLC0415 - heavy, and only this target needs it here

    with _asking(what):
        raw = _base(what, environment)
        session = boto3.Session(
            botocore_session=raw, region_name=what.arguments.get("region") or region
        )
        if what.web is not None:
            session = _assumed(session, what, "assume_role_with_web_identity", what.web)
        for role in what.roles:
            session = _assumed(session, what, "assume_role", role)
    return session


def _identity_of(session: boto3.Session, what: Configured) -> Identity:
    with _asking(what):
        answer = _sts(session, what).get_caller_identity()
    return Identity(answer["Account"], answer["Arn"])


@contextmanager
def _asking(what: Configured) -> Iterator[None]:
    """Raise what boto3 says in the block as an error of ours."""
    from botocore import exceptions  # noqa: PLC0415 - 0.3 s that no other target pays

    where = f"provider configuration `{what.key}`, {what.where}"
    try:
        yield
    except (
        exceptions.NoCredentialsError,
        exceptions.PartialCredentialsError,
        exceptions.ProfileNotFound,
        exceptions.TokenRetrievalError,
        exceptions.UnauthorizedSSOTokenError,
    ) as error:
        raise PrerequisiteError(
            "no usable AWS credentials",
            where=where,
            got=str(error),
            do="sign in (`aws sso login`, `AWS_PROFILE`, …) and run it again",
        ) from error
    except (exceptions.ClientError, exceptions.BotoCoreError) as error:
        raise TargetError(
            "AWS does not say whose credentials these are",
            where=where,
            got=str(error),
            do="check the credentials, the role's trust policy and the network",
        ) from error


def _base(what: Configured, environment: Mapping[str, str]) -> botocore.session.Session:
    import botocore.session  # noqa: PLC0415 - heavy

    given = what.arguments
    profile = given.get("profile")
    keys = (given.get("access_key"), given.get("secret_key"), given.get("token"))
    if not (keys[0] or profile) and environment.get("AWS_ACCESS_KEY_ID"):
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        keys = (environment.get(names[0]), environment.get(names[1]), environment.get(names[2]))
    if not keys[0]:
        profile = profile or environment.get("AWS_PROFILE")
    variables: dict[str, tuple[None, None, str, None]] = {}
    files = (
        ("shared_config_files", "config_file"),
        ("shared_credentials_files", "credentials_file"),
    )
    for name, variable in files:
        listed = given.get(name)
        if listed:
            if not (isinstance(listed, list) and len(listed) == 1):
                raise UsageError(
                    "the account of a provider configuration is not known before it is used",
                    where=f"provider configuration `{what.key}`, {what.where}",
                    got=f"`{name}` with {len(listed)} files",
                    expected="one file",
                    do="put the profiles into one file",
                )
            variables[variable] = (None, None, str(listed[0]), None)
    raw = botocore.session.Session(
        profile=profile if not keys[0] else None, session_vars=variables or None
    )
    if keys[0]:
        raw.set_credentials(str(keys[0]), str(keys[1] or ""), keys[2])
    return raw


def _sts(session: boto3.Session, what: Configured) -> Any:  # noqa: ANN401 - a client of boto3
    from botocore.config import Config  # noqa: PLC0415 - heavy

    given = what.arguments
    proxies = {
        scheme: given[f"{scheme}_proxy"]
        for scheme in ("https", "http")
        if given.get(f"{scheme}_proxy")
    }
    config = Config(
        proxies=proxies or None,
        use_fips_endpoint=bool(given.get("use_fips_endpoint")) or None,
        ignore_configured_endpoint_urls=True,  # type: ignore[call-arg] # the stubs lack it
    )
    return session.client(
        "sts",
        region_name=given.get("sts_region") or session.region_name,
        config=config,
        verify=given.get("custom_ca_bundle"),
    )


def _assumed(
    session: boto3.Session, what: Configured, operation: str, role: Mapping[str, Any]
) -> boto3.Session:
    import boto3  # noqa: PLC0415 - heavy

    request = {_ROLE[name]: value for name, value in role.items() if name in _ROLE}
    request.setdefault("RoleSessionName", _SESSION)
    request.pop("DurationSeconds", None)  # how long it lasts does not change whose it is
    if "PolicyArns" in request:
        request["PolicyArns"] = [{"arn": arn} for arn in request["PolicyArns"]]
    if "Tags" in request:
        request["Tags"] = [{"Key": k, "Value": v} for k, v in request["Tags"].items()]
    if operation == "assume_role_with_web_identity":
        token = role.get("web_identity_token")
        if not token:
            token = _read_token(what, str(role.get("web_identity_token_file", "")))
        request["WebIdentityToken"] = token
    answer = getattr(_sts(session, what), operation)(**request)["Credentials"]
    return boto3.Session(
        answer["AccessKeyId"],
        answer["SecretAccessKey"],
        answer["SessionToken"],
        session.region_name,
    )


def _read_token(what: Configured, path: str) -> str:
    where = f"provider configuration `{what.key}`, {path}"
    do = "correct `web_identity_token_file`"
    with raised_as(PrerequisiteError, "a web identity token cannot be read", where, do=do):
        return Path(path).read_text("utf-8").strip()


def identify_all(
    configurations: Sequence[Configured], region: str, environment: Mapping[str, str]
) -> tuple[dict[str, Identity], boto3.Session]:
    """Who each configuration is.

    Args:
        configurations: the root's default first.
        region: where one names none.
        environment: the user's environment.

    Returns:
        Key to identity, and the session of the first.

    Raises:
        PrerequisiteError: there are no usable credentials.
        UsageError: an authentication that is not supported.
        TargetError: AWS cannot be asked, or does not hand a role out.
    """
    sessions = {what.key: _session_of(what, region, environment) for what in configurations}
    found = {what.key: _identity_of(sessions[what.key], what) for what in configurations}
    return found, sessions[configurations[0].key]
