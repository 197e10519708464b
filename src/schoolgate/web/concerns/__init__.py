"""Concerns on the page: report, read, write, close."""
