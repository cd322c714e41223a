"""Measures, one file each. The registry finds every module of this folder by itself."""
