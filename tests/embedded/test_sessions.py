"""Roles that can be assumed by whom their trust policy names, and keys that hold."""

import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from revet.embedded import Daemon, start_daemon, stop_daemon
from revet.embedded.authentication import Asked, Authenticator
from revet.embedded.call import Session
from revet.embedded.credentials import RootKey, keep_session
from revet.embedded.refusals import Refusal

Client = Callable[..., Any]
ACCOUNT = "123456789012"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
DENIED = "not authorized to perform: sts:AssumeRole on resource"


def sign_token(claims: dict[str, Any], secret: str) -> str:
    """A token that the embedded AWS takes for the identity provider's."""
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    head = ".".join(_base64(json.dumps(part).encode()) for part in parts)
    return f"{head}.{_base64(hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest())}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def trust(principal: Any, **statement: Any) -> str:  # noqa: ANN401 - a policy's element
    allow = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **statement}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


@pytest.fixture
def role(client: Client, request: pytest.FixtureRequest) -> Iterator[Callable[..., str]]:
    iam = client("iam")
    made: list[str] = []

    def make(document: str, **settings: Any) -> str:  # noqa: ANN401 - of boto3
        words = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name)
        name = f"{words[-50:]}-{len(made)}"
        settings.setdefault("Path", "/")
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, **settings)
        made.append(name)
        return str(arn["Role"]["Arn"])

    yield make
    for name in made:
        with contextlib.suppress(iam.exceptions.NoSuchEntityException):
            iam.delete_role(RoleName=name)


def keys(answer: dict[str, Any]) -> dict[str, str]:
    """A session's credentials as the fixture `client` takes them."""
    found = answer["Credentials"]
    return {
        "key": found["AccessKeyId"],
        "secret": found["SecretAccessKey"],
        "token": found["SessionToken"],
    }


def assume(client: Client, arn: str, *, by: dict[str, Any] | None = None, **settings: Any) -> Any:  # noqa: ANN401 - an answer
    settings.setdefault("RoleSessionName", "ann")
    return client("sts", **(by or {})).assume_role(RoleArn=arn, **settings)


def test_a_session_is_who_it_says_and_ends(client: Client, daemon: Daemon, role: Any) -> None:  # noqa: ANN401 - fixture
    arn = role(trust({"AWS": ROOT}), Path="/team/")
    answer = assume(client, arn)
    name = arn.rpartition("/")[2]
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/ann"
    assert answer["AssumedRoleUser"]["Arn"] == session
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    left = answer["Credentials"]["Expiration"] - dt.datetime.now(dt.UTC)
    assert dt.timedelta(minutes=59) < left <= dt.timedelta(hours=1)
    who = client("sts", **keys(answer)).get_caller_identity()
    assert who["Arn"] == session
    assert who["UserId"] == answer["AssumedRoleUser"]["AssumedRoleId"]
    client("sqs", **keys(answer)).create_queue(QueueName="of-a-session")
    event = next(call for call in reversed(daemon.calls()) if call["eventName"] == "CreateQueue")
    identity = event["userIdentity"]
    assert (identity["type"], identity["arn"]) == ("AssumedRole", session)
    assert identity["sessionContext"]["sessionIssuer"]["arn"] == arn
    client("iam").delete_role(RoleName=name)
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        client("sts", **keys(answer)).get_caller_identity()
    client("iam").create_role(
        RoleName=name, Path="/team/", AssumeRolePolicyDocument=trust({"AWS": ROOT})
    )
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        client("sts", **keys(answer)).get_caller_identity()


def test_keys_secret_and_token_belong_together(client: Client, role: Any) -> None:  # noqa: ANN401 - fixture
    arn = role(trust({"AWS": ROOT}))
    one, other = keys(assume(client, arn)), keys(assume(client, arn))
    assert len({one["key"], other["key"]}) == len({one["token"], other["token"]}) == 2
    for mixed in (
        one | {"token": other["token"]},
        one | {"secret": other["secret"]},
        one | {"key": other["key"]},
        one | {"token": None},
        one | {"token": one["token"] + "A"},
    ):
        with pytest.raises(ClientError, match=r"InvalidClientTokenId|SignatureDoesNotMatch"):
            client("sts", **mixed).get_caller_identity()


def test_a_role_that_does_not_exist_is_refused(client: Client) -> None:
    for account in (ACCOUNT, "999999999999"):
        with pytest.raises(ClientError, match=DENIED) as caught:
            assume(client, f"arn:aws:iam::{account}:role/absent")
        assert caught.value.response["Error"]["Code"] == "AccessDenied"
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


REFUSED = {
    "another account": trust({"AWS": "210987654321"}),
    "a service": trust({"Service": "lambda.amazonaws.com"}),
    "another role": trust({"AWS": f"arn:aws:iam::{ACCOUNT}:user/ci"}),
    "denied": json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:*"},
                {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"},
            ],
        }
    ),
    "another action": trust({"AWS": ROOT}, Action="sts:TagSession"),
    "a condition": trust({"AWS": ROOT}, Condition={"StringEquals": {"sts:ExternalId": "secret"}}),
    "with MFA": trust({"AWS": ROOT}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    "another name": trust({"AWS": ROOT}, Condition={"StringLike": {"sts:RoleSessionName": "b*"}}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_trust_policy_decides(case: str, client: Client, role: Any) -> None:  # noqa: ANN401 - fixture
    with pytest.raises(ClientError, match=DENIED):
        assume(client, role(REFUSED[case]))


def test_external_ids_tags_and_source_identities_are_decided(client: Client, role: Any) -> None:  # noqa: ANN401 - fixture
    arn = role(trust({"AWS": ROOT}, Condition={"StringEquals": {"sts:ExternalId": "secret"}}))
    assert assume(client, arn, ExternalId="secret")
    with pytest.raises(ClientError, match=DENIED):
        assume(client, arn, ExternalId="other")
    plain = role(trust({"AWS": ROOT}))
    tags = [{"Key": "team", "Value": "red"}]
    for more in ({"Tags": tags}, {"SourceIdentity": "ann"}):
        with pytest.raises(ClientError, match=DENIED):
            assume(client, plain, **more)
    tagged = role(
        trust(
            {"AWS": ROOT},
            Action=["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            Condition={"StringEquals": {"aws:RequestTag/team": "red"}},
        )
    )
    answer = assume(client, tagged, Tags=tags, TransitiveTagKeys=["team"], SourceIdentity="ann")
    assert answer["SourceIdentity"] == "ann"
    with pytest.raises(ClientError, match=DENIED):
        assume(client, tagged, Tags=[{"Key": "team", "Value": "blue"}])
    with pytest.raises(ClientError, match="ValidationError"):
        assume(client, tagged, Tags=[{"Key": "aws:x", "Value": "red"}])


def test_a_session_goes_on_to_another_role(client: Client, role: Any) -> None:  # noqa: ANN401 - fixture
    first = role(trust({"AWS": ROOT}), MaxSessionDuration=7200)
    name = first.rpartition("/")[2]
    by_session = role(trust({"AWS": first}), MaxSessionDuration=7200)
    one = keys(assume(client, first, DurationSeconds=7200))
    assert assume(client, by_session, by=one)["AssumedRoleUser"]["Arn"].endswith("/ann")
    with pytest.raises(ClientError, match="role chaining"):
        assume(client, by_session, by=one, DurationSeconds=7200)
    with pytest.raises(ClientError, match=DENIED):
        assume(client, by_session)
    by_account = role(trust({"AWS": ROOT}))
    with pytest.raises(ClientError, match=DENIED):
        assume(client, by_account, by=one)
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": by_account}
    client("iam").put_role_policy(
        RoleName=name,
        PolicyName="go-on",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow]}),
    )
    assert assume(client, by_account, by=one)
    nothing = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
    )
    less = keys(assume(client, first, Policy=nothing))
    with pytest.raises(ClientError, match=DENIED):
        assume(client, by_account, by=less)
    client("iam").delete_role_policy(RoleName=name, PolicyName="go-on")


@pytest.mark.parametrize("seconds", [899, 3601, 43201, 0, -1])
def test_the_duration_is_what_the_role_allows(seconds: int, client: Client, role: Any) -> None:  # noqa: ANN401 - fixture
    loose = {"config": {"parameter_validation": False}}
    with pytest.raises(ClientError, match="ValidationError"):
        assume(client, role(trust({"AWS": ROOT})), by=loose, DurationSeconds=seconds)


@pytest.mark.parametrize(
    "arguments",
    [
        {"RoleSessionName": "a b"},
        {"RoleSessionName": "../../admin"},
        {"Policy": "{"},
        {"Policy": "[]"},
        {"SourceIdentity": "a/b"},
        {"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/NoSuchPolicyAnywhere"}]},
    ],
    ids=str,
)
def test_what_is_asked_for_is_checked(
    arguments: dict[str, Any],
    client: Client,
    role: Any,  # noqa: ANN401 - fixture
) -> None:
    with pytest.raises(ClientError, match=r"ValidationError|MalformedPolicyDocument"):
        assume(client, role(trust({"AWS": ROOT})), **arguments)


def test_users_keys_hold_until_they_are_disabled(client: Client, daemon: Daemon) -> None:
    iam = client("iam")
    iam.create_user(UserName="ann")
    made = iam.create_access_key(UserName="ann")["AccessKey"]
    own = {"key": made["AccessKeyId"], "secret": made["SecretAccessKey"]}
    sts = client("sts", **own)
    assert sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/ann"
    assert daemon.calls()[-1]["userIdentity"]["type"] == "IAMUser"
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        client("sts", **own | {"secret": "x" * 40}).get_caller_identity()
    session = keys(sts.get_session_token(DurationSeconds=900))
    assert client("sts", **session).get_caller_identity()["Arn"].endswith(":user/ann")
    with pytest.raises(ClientError, match="session credentials"):
        client("sts", **session).get_session_token()
    federated = sts.get_federation_token(Name="bob")
    who = client("sts", **keys(federated)).get_caller_identity()
    assert (
        who["Arn"]
        == federated["FederatedUser"]["Arn"]
        == f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
    )
    iam.update_access_key(UserName="ann", AccessKeyId=own["key"], Status="Inactive")
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        sts.get_caller_identity()
    iam.update_access_key(UserName="ann", AccessKeyId=own["key"], Status="Active")
    sts.get_caller_identity()
    iam.delete_access_key(UserName="ann", AccessKeyId=own["key"])
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        sts.get_caller_identity()
    iam.delete_user(UserName="ann")
    for ended in (session, keys(federated)):
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            client("sts", **ended).get_caller_identity()


def test_tokens_of_providers_are_taken_when_this_run_signed_them(
    client: Client,
    daemon: Daemon,
    role: Any,  # noqa: ANN401 - fixture
) -> None:
    iam = client("iam")
    host = "token.actions.githubusercontent.com"
    provider = iam.create_open_id_connect_provider(
        Url=f"https://{host}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40]
    )["OpenIDConnectProviderArn"]
    arn = role(
        trust(
            {"Federated": provider},
            Action="sts:AssumeRoleWithWebIdentity",
            Condition={
                "StringEquals": {f"{host}:aud": "sts.amazonaws.com"},
                "StringLike": {f"{host}:sub": "repo:acme/app:*"},
            },
        )
    )
    now = dt.datetime.now(dt.UTC).timestamp()
    claims = {
        "iss": f"https://{host}",
        "aud": "sts.amazonaws.com",
        "sub": "repo:acme/app:ref:refs/heads/main",
        "exp": now + 300,
    }
    anonymous = client("sts", config={"signature_version": UNSIGNED})

    def ask(token: str) -> Any:  # noqa: ANN401 - an answer
        return anonymous.assume_role_with_web_identity(
            RoleArn=arn, RoleSessionName="ci", WebIdentityToken=token
        )

    answer = ask(sign_token(claims, daemon.secret_key))
    assert answer["SubjectFromWebIdentityToken"] == claims["sub"]
    who = client("sts", **keys(answer)).get_caller_identity()
    assert who["Arn"].endswith("/ci")
    unsigned = sign_token(claims, "x").rpartition(".")[0]
    for token, code in (
        (sign_token(claims, "somebody else's key"), "InvalidIdentityToken"),
        (f"{unsigned}.", "InvalidIdentityToken"),
        ("not a token", "InvalidIdentityToken"),
        (sign_token(claims | {"exp": now - 1}, daemon.secret_key), "ExpiredToken"),
        (sign_token(claims | {"aud": "other"}, daemon.secret_key), "InvalidIdentityToken"),
        (
            sign_token(claims | {"iss": "https://evil.test"}, daemon.secret_key),
            "InvalidIdentityToken",
        ),
        (sign_token(claims | {"sub": "repo:evil/app:x"}, daemon.secret_key), "AccessDenied"),
    ):
        with pytest.raises(ClientError, match=code):
            ask(token)
    with pytest.raises(ClientError, match="does not model AssumeRoleWithSAML"):
        anonymous.assume_role_with_saml(
            RoleArn=arn,
            PrincipalArn=f"arn:aws:iam::{ACCOUNT}:saml-provider/x",
            SAMLAssertion="PHg+",
        )


def test_accounts_of_an_organization_are_reached_through_the_role_that_aws_makes(
    state: Path, client_for: Client
) -> None:
    daemon = start_daemon(state)

    def own(service: str, **settings: Any) -> Any:  # noqa: ANN401 - a client
        return client_for(daemon, service, **settings)

    organizations = own("organizations")
    organizations.create_organization(FeatureSet="ALL")
    made = organizations.create_account(Email="a@example.test", AccountName="member")
    member = made["CreateAccountStatus"]["AccountId"]
    arn = f"arn:aws:iam::{member}:role/OrganizationAccountAccessRole"
    answer = assume(own, arn)
    session = keys(answer)
    who = own("sts", **session).get_caller_identity()
    assert (who["Account"], who["Arn"]) == (
        member,
        f"arn:aws:sts::{member}:assumed-role/OrganizationAccountAccessRole/ann",
    )
    own("sqs", **session).create_queue(QueueName="there")
    queue = own("sqs", **session).get_queue_url(QueueName="there")["QueueUrl"]
    assert member in queue
    with pytest.raises(ClientError):
        own("sqs").get_queue_url(QueueName="there")
    iam = own("iam", **session)
    iam.create_user(UserName="ci")
    key = iam.create_access_key(UserName="ci")["AccessKey"]
    user = {"key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
    assert own("sts", **user).get_caller_identity()["Account"] == member
    assert not any("sessions" in path for path in daemon.inventory())
    stop_daemon(state)
    daemon = start_daemon(state)
    for kept in (session, user):
        assert own("sts", **kept).get_caller_identity()["Account"] == member


def test_a_session_ends_when_its_time_is_over() -> None:
    now = dt.datetime.now(dt.UTC)
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
    session = Session(
        "ASIA" + "B" * 16, "secret", "token", ACCOUNT, "aws", "federated", arn, "id", "bob",
        now.timestamp(), now.timestamp() + 60,
    )  # fmt: skip
    keep_session(session, now.timestamp())
    host = "sts.us-east-1.amazonaws.com"
    request = AWSRequest("GET", f"https://{host}/", {})
    credentials = Credentials(session.access_key, session.secret, session.token)
    SigV4Auth(credentials, "sts", "us-east-1").add_auth(request)
    headers = [("Host", host), *((str(n), str(t)) for n, t in request.headers.items())]
    asked = Asked("GET", host, "/", headers, io.BytesIO(), "sts")
    root = RootKey("AKIA", "x")
    assert Authenticator(root, lambda: now).authenticate(asked).principal.arn == arn
    later = now + dt.timedelta(seconds=61)
    with pytest.raises(Refusal, match="expired"):
        Authenticator(root, lambda: later).authenticate(asked)
