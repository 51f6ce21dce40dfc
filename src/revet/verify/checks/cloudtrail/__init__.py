"""Live checks of CloudTrail."""
