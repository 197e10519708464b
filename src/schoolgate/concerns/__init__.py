"""Case records: what happened, what was done, and why."""
