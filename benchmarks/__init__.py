"""Measurements of landlink on this machine: ``python -m benchmarks``. They are reported, never asserted."""
