"""Pages of agreements, signing and suspensions."""
