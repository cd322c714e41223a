"""Connects pages with sessions, one file for each page or sheet. Owns no widget and starts no thread."""
