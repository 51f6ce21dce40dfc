"""Keys have a name that people can read."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.subject import Subject


@live_check(
    control="kms-key-alias",
    resource="aws_kms_key",
    actions=("kms:ListAliases",),
    parts=("aws_kms_alias",),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """At least one alias points to the key."""
    reply = reader.call("kms", "list_aliases", region=subject.region, KeyId=subject.id)
    names = [alias["AliasName"] for alias in reply.get("Aliases", ())]
    if not names:
        return noncompliant("no alias points to the key")
    return compliant(f"its alias is {', '.join(f'`{name}`' for name in names)}")
