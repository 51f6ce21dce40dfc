"""Reading one AWS noun each, for the checks that judge it."""
