"""Patterns of Chinese family names, in characters and in pinyin."""

from __future__ import annotations

from pipelines.mask.words import words

_RISKY = frozenset(words("surnames_words"))
COMPOUND = f"(?:{'|'.join(words('surnames_compound'))})"
SURNAME = f"(?:{COMPOUND}|[{''.join(words('surnames'))}])"
SURE_SURNAME = f"(?:{COMPOUND}|[{''.join(name for name in words('surnames') if name not in _RISKY)}])"
NOT_FAMILY = f"(?:{'|'.join(words('not_family.zh'))})"
PINYIN = f"(?:{'|'.join(words('surnames_pinyin'))})"
PINYIN_CAPITALS = PINYIN.upper()
