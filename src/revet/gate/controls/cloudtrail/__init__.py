"""Controls of AWS CloudTrail."""
