"""Who did what, append-only and tamper-evident."""
