"""The engine that decides what may pass. Runs without Django and without a database."""
