"""The labels of a plot in both languages: drawn in English, and the Chinese put beside it afterwards."""

from __future__ import annotations

import re
from html import unescape

from markupsafe import escape

from pipelines.report.words import plain

TEXT = re.compile(r"(<text[^>]*>)([^<]*)</text>")


class Labels:
    """What a figure says in English, with the Chinese for it."""

    def __init__(self) -> None:
        self.chinese: dict[str, str] = {}

    def __call__(self, key: str, **values: str) -> str:
        """The words of a key of words.yaml; its last part where there are none."""
        found = plain(key, **values)
        return self.of(found["en"], found["zh"]) if found else key.rpartition(".")[2]

    def short(self, key: str) -> str:
        """As the words of a key, in Chinese the first word alone."""
        found = plain(key)
        return self.of(found["en"], found["zh"].split()[0]) if found else self(key)

    def of(self, english: str, chinese: str) -> str:
        self.chinese[english] = chinese
        return english

    def put(self, svg: str) -> str:
        """The figure with both languages in each text that is known."""
        return TEXT.sub(lambda m: m[1] + self._both(m[2]) + "</text>", svg)

    def _both(self, escaped: str) -> str:
        chinese = self.chinese.get(unescape(escaped))
        if chinese is None:
            return escaped
        spans = {"en": escaped, "zh": escape(chinese)}
        return "".join(f'<tspan class="t" lang="{lang}">{said}</tspan>' for lang, said in spans.items())


def kind_of(labels: Labels, origin: str, language: str) -> str:
    """The label of an origin and a language of rows."""
    known = [plain(f"value.{part}") or {"en": part, "zh": part} for part in (origin, language)]
    english, chinese = (" ".join(part[lang] for part in known) for lang in ("en", "zh"))
    return labels.of(english, chinese)
