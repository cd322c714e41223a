"""Workers in threads: the only Qt files that know the engine."""
