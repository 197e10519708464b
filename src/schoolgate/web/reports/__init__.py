"""The governor view."""
