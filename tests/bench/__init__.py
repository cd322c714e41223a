"""Benchmarks of the window: one module for each figure, each run as `python -m tests.bench.NAME [--json]`.

`python -m tests.bench.report` runs them all and prints one table in Markdown.
"""
