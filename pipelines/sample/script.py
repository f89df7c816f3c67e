"""Text with the spans that are personal data, built from segments so that every offset is exact."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

SLOT = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True)
class Segment:
    """A piece of a message. `label` is the type of personal data, None for ordinary text.

    `fixed` text is never touched by typing slips: product names, prices, the hotline.
    """

    text: str
    label: str | None = None
    fixed: bool = False


@dataclass(frozen=True)
class Span:
    """Offsets count code points of the message's text; `end` is exclusive."""

    start: int
    end: int
    label: str


def fill(template: str, slot: Callable[[str], Segment]) -> list[Segment]:
    """Cut `template` at its {slots} and let `slot` give each one's segment."""
    segments, at = [], 0
    for match in SLOT.finditer(template):
        segments += [Segment(template[at : match.start()]), slot(match[1])]
        at = match.end()
    segments.append(Segment(template[at:]))
    return [segment for segment in segments if segment.text]


def render(segments: list[Segment]) -> tuple[str, list[Span]]:
    """The text without outer white space, and its spans."""
    text, spans = "", []
    lead = len(whole := "".join(s.text for s in segments)) - len(whole.lstrip())
    for segment in segments:
        if segment.label:
            start = len(text) - lead
            spans.append(Span(start, start + len(segment.text), segment.label))
        text += segment.text
    return whole.strip(), spans
