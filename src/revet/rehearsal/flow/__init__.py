"""What a client would send to a stack, as data, and sending it while everything is deployed.

`read` makes a `Flow` of `flow.toml`, `run_flow` sends it, `client` and `looking` carry its steps
out; `samples` makes the data that is sent.
"""
