"""Proofs over all requests: is there one that policies allow, and if not, why not?"""
