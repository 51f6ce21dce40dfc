"""The finding codes, one file a family; a rule's name in upper case is its code."""
