"""The road over one stack: plan, judge, deploy, verify, plan again, destroy, and say what it took.

`rehearse` walks all of it on a target and leaves nothing behind; `deploy`, `verify` and `destroy`
walk parts of it over the same working folder. Read in this order: `session` (lock, clean-up, target
and run), `stages` (one function a step), `rehearse`, `commands`, `assembly` (the verdict).
"""
