"""Text that others wrote, as it may be shown."""

LONGEST_TEXT = 500


def shown(text: str) -> str:
    """One line that can be shown: no control characters, and not too long."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_TEXT])
