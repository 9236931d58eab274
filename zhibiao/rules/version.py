"""The version of the rules, in the name of their predictor: other rules must have another name."""

RULES = "4"
"""Raised by `make rules-version` whenever the rules give other records."""
