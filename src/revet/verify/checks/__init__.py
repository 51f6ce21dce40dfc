"""The live checks, one folder a service, one file a check."""
