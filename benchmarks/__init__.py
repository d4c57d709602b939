"""Benchmarks of landlink on this machine: ``python -m benchmarks``. Results are reported, not asserted."""
