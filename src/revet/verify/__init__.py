"""What is in an account, read through the AWS API as an inventory, and judged by the gate's rules.

`deployed.judge_deployed` judges what a stack's state names and what is attached to it, `audit` a
whole account. Nothing is changed.
"""
