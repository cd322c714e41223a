"""Measures of how good samples are: each with the floor that real pictures reach, none with downloaded weights."""
