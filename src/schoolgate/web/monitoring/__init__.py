"""Alerts on the page: what waits, what was done about it, and new ones as they come."""
