"""Requests for sites, school rules, and the release that they compile to."""
