"""Judge a plan: the catalogue of controls, what they are asked for, and the verdict.

Read in this order: `catalog` (what a control is), one file under `controls/`, what it asks under
`readings/`, `engine` (who runs it), `evidence` (what it says of a requirement), `judge` (all of it
together). `scaffold` begins a new control.
"""
