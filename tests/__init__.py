"""A package of its own, because packages that are installed bring a `tests` too, and a namespace would give way."""
