"""Tests that walk the whole window, page by page and state by state; a page that is added is walked too."""
