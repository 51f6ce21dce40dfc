"""Where log events go from their group: other streams, buckets, metrics, and alarms after these.

What is put into a group counts in metric filters at once and waits for its subscription filters; a
courier takes it on soon after, or when it is asked to (`Daemon.settle`). Each step is made by the
role that the stack gave for it, and decided by that role's policies; one that is not allowed is
written down as not delivered. The producer's call never fails for it.

Source: CloudWatch Logs User Guide, "Real-time processing of log data with subscriptions" and
"Creating metrics from log events using filters"; Amazon Data Firehose Developer Guide; Amazon
CloudWatch User Guide, "Using Amazon CloudWatch alarms".
"""
