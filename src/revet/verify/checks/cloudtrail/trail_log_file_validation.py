"""Changes to delivered trail files can be found out."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.cloudtrail import read_trail
from revet.verify.subject import Subject


@live_check(
    control="cloudtrail-trail-log-file-validation",
    resource="aws_cloudtrail",
    actions=("cloudtrail:GetTrail",),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """The trail signs digests of its files."""
    if not read_trail(subject, reader).get("LogFileValidationEnabled", False):
        return noncompliant("log file validation is off")
    return compliant("log file validation is on")
