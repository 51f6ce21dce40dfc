"""Trails record every region, and do record."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.event_selectors import records_all_management_events
from revet.verify.reader import Reader
from revet.verify.reading.cloudtrail import read_trail
from revet.verify.subject import Subject


@live_check(
    control="cloudtrail-trail-multi-region",
    resource="aws_cloudtrail",
    actions=("cloudtrail:GetEventSelectors", "cloudtrail:GetTrail", "cloudtrail:GetTrailStatus"),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """The trail is multi-region, is logging, and leaves out no management events."""
    trail = read_trail(subject, reader)
    if not trail.get("IsMultiRegionTrail", False):
        return noncompliant("the trail records one region only")
    if not trail.get("IncludeGlobalServiceEvents", False):
        return noncompliant("the trail leaves out the events of global services")
    status = reader.call("cloudtrail", "get_trail_status", region=subject.region, Name=subject.arn)
    if not status.get("IsLogging", False):
        return noncompliant("the trail is not logging")
    selectors = reader.call(
        "cloudtrail", "get_event_selectors", region=subject.region, TrailName=subject.arn
    )
    if not records_all_management_events(selectors):
        return noncompliant("its event selectors leave out management events")
    return compliant("the trail records every region and is logging")
