"""How many known rows are seen again beside the new ones."""

from __future__ import annotations


def how_many(new: int, share: float, least: int) -> int:
    """Known rows to add to `new` ones: `share` (below 1) of all, and so many that all are `least` or more."""
    return max(round(new * share / (1 - share)), least - new, 0)


def room_for_new(limit: int, share: float) -> int:
    """Of at most `limit` rows (0: no limit) those that may be new, at least one."""
    return max(1, round(limit * (1 - share))) if limit else 0
