"""Alerts, triage and delivery."""
