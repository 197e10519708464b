"""Asking for sites, answering, and what the gate decides by."""
