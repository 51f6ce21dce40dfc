"""The finding codes, one file a family.

Every public function is one code: its name in upper case. Whatever else a family needs is private.
"""
