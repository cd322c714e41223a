"""The window. Only `sessions` touch threads and torch."""
