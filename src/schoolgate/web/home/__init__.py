"""The first page after sign-in: what matters to this person now."""
