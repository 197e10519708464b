"""A school's online safety policy, running."""

__version__ = "2026.11.0"
