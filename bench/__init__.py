"""Measurements: run by `make bench`, described in docs/reference/benchmarks.md."""
