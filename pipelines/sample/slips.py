"""How people type: other words for the same, typing slips, full-width digits, emoji. Values stay whole."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from random import Random

from pipelines.sample.bank import phrases
from pipelines.sample.script import Segment

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
HAN = re.compile(r"[一-鿿]")


def swap_words(rng: Random, segments: list[Segment], table: str, share: float) -> list[Segment]:
    """Replace words of `table` (a map in slips.yaml), each with probability `share`, in ordinary text."""

    def swap(text: str) -> str:
        for word, other in phrases("slips")[table].items():
            if word in text and rng.random() < share:
                text = text.replace(word, other, 1) if HAN.search(word) else _swap_word(text, word, other)
        return text

    return _on_text(segments, swap)


def typos(rng: Random, segments: list[Segment], language: str) -> list[Segment]:
    """One or two slips: homophones and wrong characters in Chinese, keyboard slips in English."""
    segments = swap_words(rng, segments, f"{language}_words", 0.35)
    slip = _homophone if language == "zh" else _keyboard
    return _on_text(segments, lambda text: slip(rng, text) if len(text) > 5 else text)


def full_width(segments: list[Segment]) -> list[Segment]:
    """Digits as a Chinese input method types them; each stays one code point."""
    return [Segment(s.text.translate(FULL_WIDTH), s.label, s.fixed) for s in segments]


def emoji(rng: Random, segments: list[Segment], language: str) -> list[Segment]:
    """One to three of the same sign; those in brackets are WeChat's and only Chinese writers use them."""
    signs = [sign for sign in phrases("slips")["emoji"] if language == "zh" or not sign.startswith("[")]
    return [*segments, Segment(rng.choice(signs) * rng.choice((1, 1, 1, 2, 3)), fixed=True)]


def loose_end(rng: Random, segments: list[Segment]) -> list[Segment]:
    """End as people end chat messages: no full stop, or several marks."""
    *head, last = segments
    end = last.text.rstrip("。.？?！! ")
    if last.label or last.fixed or not end:
        return segments
    mark = last.text[len(end) :].strip()
    if rng.random() < 0.5:
        mark = mark.strip("。.？?") if rng.random() < 0.7 else mark * 2
    return [*head, Segment(end + mark, last.label)]


def lower_start(segments: list[Segment]) -> list[Segment]:
    """English typed in haste: no capital at the start, apostrophes gone."""
    first, *rest = segments
    if first.label or first.fixed:
        return segments
    return [Segment(first.text[:1].lower() + first.text[1:].replace("'", "")), *rest]


@cache
def homophones() -> dict[str, list[str]]:
    """Common characters that share a pinyin without tones: character -> the others."""
    from pypinyin import lazy_pinyin

    groups: dict[str, list[str]] = defaultdict(list)
    for character in dict.fromkeys(phrases("slips")["common"]):
        groups[lazy_pinyin(character)[0]].append(character)
    return {c: [o for o in group if o != c] for group in groups.values() for c in group if len(group) > 1}


def _homophone(rng: Random, text: str) -> str:
    places = [i for i, c in enumerate(text) if c in homophones()]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + rng.choice(homophones()[text[at]]) + text[at + 1 :]


def _keyboard(rng: Random, text: str) -> str:
    places = [i for i in range(1, len(text) - 1) if text[i - 1 : i + 2].isalpha() and text[i].isascii()]
    if not places:
        return text
    at, keys = rng.choice(places), phrases("slips")["en_keys"]
    kind = rng.choice(("swap", "drop", "double", "near"))
    if kind == "swap":
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    middle = {"drop": "", "double": text[at] * 2, "near": keys.get(text[at], text[at])}[kind]
    return text[:at] + middle + text[at + 1 :]


def _swap_word(text: str, word: str, other: str) -> str:
    return re.sub(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", other, text, count=1)


def _on_text(segments: list[Segment], change: Callable[[str], str]) -> list[Segment]:
    return [s if s.label or s.fixed else Segment(change(s.text)) for s in segments]
