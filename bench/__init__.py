"""Benchmarks: every claim of speed, as a ratio of contenders that were measured in one run."""
