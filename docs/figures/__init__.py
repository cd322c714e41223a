"""Draws the networks of every family from their modules: `python -m docs.figures`."""
