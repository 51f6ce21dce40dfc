"""Log groups keep their events for a set time."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.logs import read_log_group
from revet.verify.subject import Subject


@live_check(
    control="logs-group-retention",
    resource="aws_cloudwatch_log_group",
    actions=("logs:DescribeLogGroups",),
)
def check(subject: Subject, reader: Reader, *, days: int = 1) -> Outcome:
    """Retention is set and at least `days`; without retention events stay for ever."""
    group = read_log_group(reader, subject.text("name"), subject.region)
    kept = group.get("retentionInDays")
    if kept is None:
        return noncompliant("no retention: events stay for ever")
    if kept < days:
        return noncompliant(f"events are kept for {kept} days, less than {days}")
    return compliant(f"events are kept for {kept} days")
