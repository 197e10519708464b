"""Persons, roles, groups, and where they come from."""
