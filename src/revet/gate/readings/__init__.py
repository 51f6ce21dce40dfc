"""What AWS's nouns say to a rule, by service: whose key, which policies, where a route leads.

A reading knows the inventory and the language of policies; it knows no control and nothing of how
controls are run. It takes the resource that it is about, and the inventory which that belongs to.
"""
