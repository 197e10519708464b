"""Agreements, standing, devices: who may pass."""
