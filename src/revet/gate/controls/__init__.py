"""The controls, one folder for each AWS service. A file is found by its place: see `catalog`."""
