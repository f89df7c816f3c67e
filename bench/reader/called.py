"""What persons are called beside their full name: doubled and small names, titles, names that are words."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from random import Random


@lru_cache
def listed(name: str) -> tuple[str, ...]:
    """The words of `name`.zh.txt."""
    return tuple((Path(__file__).parent / f"{name}.zh.txt").read_text(encoding="utf-8").split())


TITLES = listed("titles")
BEFORE, BEHIND = "小小小阿阿大老二", "子儿宝娃妹仔哥姐"


def called(char: Callable[[], str], random: Random) -> str:
    """A name by which nobody is registered; `char` draws a character of a given name."""
    draw = random.random()
    if draw < 0.25:
        return char() * 2
    if draw < 0.5:
        return random.choice(BEFORE) + char()
    return char() + random.choice(BEHIND) if draw < 0.65 else random.choice(listed("called"))
