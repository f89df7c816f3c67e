"""One archive with all that cannot be computed again, and the way back from it."""
