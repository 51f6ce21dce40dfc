"""Database instances keep their master credentials in Secrets Manager."""

from revet.model.arn import Arn
from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.rds import read_db_instance
from revet.verify.subject import Subject


@live_check(
    control="rds-instance-managed-credentials",
    resource="aws_db_instance",
    actions=("rds:DescribeDBInstances", "secretsmanager:DescribeSecret"),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """RDS manages the master secret, and the secret exists with a current version."""
    instance = read_db_instance(subject, reader)
    if instance.get("ReadReplicaSourceDBInstanceIdentifier"):
        return compliant("a replica has the credentials of its source")
    managed = instance.get("MasterUserSecret", {})
    arn = str(managed.get("SecretArn", ""))
    if not arn:
        return noncompliant("no secret in Secrets Manager holds its master credentials")
    if managed.get("SecretStatus") == "impaired":
        return noncompliant(f"the secret `{arn}` is `impaired`")
    secret = reader.call(
        "secretsmanager", "describe_secret", region=Arn.parse(arn).region, SecretId=arn
    )
    stages = {stage for held in secret.get("VersionIdsToStages", {}).values() for stage in held}
    if "AWSCURRENT" not in stages:
        return noncompliant(f"the secret `{arn}` has no current version")
    return compliant(f"RDS manages `{arn}`")
