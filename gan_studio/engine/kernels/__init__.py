"""Other ways to compute single layers, equal to torch's to rounding. Which one is faster is measured, never assumed."""
