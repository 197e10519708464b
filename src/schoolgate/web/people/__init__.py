"""Pages of people and classes."""
