"""Controls of Amazon Data Firehose."""
