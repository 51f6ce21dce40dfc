"""Amazon SNS."""

from revet.constructs.sns.topic import Topic, TopicAccess, cloudwatch_alarms

__all__ = ["Topic", "TopicAccess", "cloudwatch_alarms"]
