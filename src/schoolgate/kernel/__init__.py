"""The few nouns that every other package shares. Nothing here does I/O or reads a clock."""
