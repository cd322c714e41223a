"""Trains every result that the documentation shows, and writes them into one table: `make results`."""
