"""What masking did, for the steward: counts, and a few masked samples that do not depend on any order.

Of each type the samples with the lowest SHA-256 of their text are kept, so that tallies of partitions add up
to the tally of all of them, whichever were masked now and which remembered. No text here that was not masked.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from pipelines.mask.labels import PLACEHOLDER, Finding

if TYPE_CHECKING:
    from pipelines.mask.conversation import Masked

SAMPLES = 10
MUCH = 1 / 3  # a message with a larger share of its characters masked is listed
CHARS_SHOWN = 160  # of a longer message, the sentence around the placeholder
CHARS_BEFORE = 80  # of the message before it, its end
Sample = dict[str, Any]


class Lowest:
    """The SAMPLES samples with the lowest ranks; of one text the first by conversation and turn."""

    def __init__(self, samples: Sequence[Sample] = ()) -> None:
        self._kept: dict[str, Sample] = {}
        for sample in samples:
            self.add(sample)

    def add(self, sample: Sample) -> None:
        rank = _rank(sample)
        known = self._kept.get(rank)
        if known is None or _place(sample) < _place(known):
            self._kept[rank] = sample
        if len(self._kept) > SAMPLES:
            del self._kept[max(self._kept)]

    def __iter__(self) -> Iterator[Sample]:
        return (self._kept[rank] for rank in sorted(self._kept))


class Tally:
    """Counts and samples of any number of conversations; its size does not grow with them."""

    def __init__(self) -> None:
        self.amounts: Counter[str] = Counter()  # conversations, messages; .masked and .mostly_masked of them
        self.finds: dict[str, Counter[str]] = defaultdict(Counter)  # recognizer: type: finds
        self.samples: dict[str, Lowest] = defaultdict(Lowest)  # by type
        self.mostly_masked = Lowest()

    def add(
        self,
        conversation_id: str,
        messages: Sequence[tuple[str, str]],
        masked: Masked,
    ) -> None:
        """One conversation: (role, original text) of its messages, and what masking made of them."""
        self.amounts.update(["conversations"] + ["conversations.masked"] * any(masked.findings))
        self.amounts["messages"] += len(messages)
        for turn, found in enumerate(masked.findings):
            if found:
                role, original = messages[turn]
                before = _end(masked.texts[turn - 1]) if turn else ""
                place = {"conversation_id": conversation_id, "turn": turn + 1, "role": role, "before": before}
                spots = list(zip(found, _spots(found, masked.replacements[turn]), strict=True))
                self._add_message(place, original, masked.texts[turn], spots)

    def _add_message(
        self, place: Sample, original: str, masked: str, found: Sequence[tuple[Finding, int]]
    ) -> None:
        self.amounts["messages.masked"] += 1
        for finding, _ in found:
            self.finds[finding.source][finding.type] += 1
        for finding, spot in {finding.type: (finding, spot) for finding, spot in reversed(found)}.values():
            self.samples[finding.type].add(
                place | {"text": _around(masked, spot), "type": finding.type, "recognizer": finding.source}
            )
        share = sum(finding.end - finding.start for finding, _ in found) / len(original)
        if share > MUCH:
            self.amounts["messages.mostly_masked"] += 1
            self.mostly_masked.add(place | {"text": _around(masked, found[0][1]), "share": round(share, 2)})

    def update(self, other: Tally) -> None:
        self.amounts.update(other.amounts)
        for recognizer, types in other.finds.items():
            self.finds[recognizer].update(types)
        for kind, samples in other.samples.items():
            for sample in samples:
                self.samples[kind].add(sample)
        for sample in other.mostly_masked:
            self.mostly_masked.add(sample)

    def by_type(self) -> dict[str, int]:
        return dict(sorted(sum(self.finds.values(), Counter[str]()).items()))

    def by_recognizer(self) -> dict[str, dict[str, int]]:
        return {name: dict(sorted(types.items())) for name, types in sorted(self.finds.items())}

    def shown(self) -> list[Sample]:
        """The samples of every type."""
        kept = (sample for samples in self.samples.values() for sample in samples)
        return sorted(kept, key=lambda sample: (sample["type"], _place(sample), sample["text"]))

    def dump(self) -> str:
        samples = {kind: list(kept) for kind, kept in sorted(self.samples.items())}
        held = [dict(self.amounts), self.by_recognizer(), samples, list(self.mostly_masked)]
        return json.dumps(held, ensure_ascii=False, sort_keys=True)

    @classmethod
    def parse(cls, text: str | bytes) -> Tally:
        """What `dump` gave; ValueError, TypeError, AttributeError or KeyError if it is something else."""
        tally = cls()
        amounts, finds, samples, mostly_masked = json.loads(text)
        tally.amounts.update(amounts)
        for recognizer, types in finds.items():
            tally.finds[recognizer].update(types)
        for sample in chain.from_iterable(samples.values()):
            tally.samples[sample["type"]].add(sample)
        for sample in mostly_masked:
            tally.mostly_masked.add(sample)
        return tally


def _rank(sample: Sample) -> str:
    return hashlib.sha256(f"{sample.get('type', '')} {sample['text']}".encode()).hexdigest()


def _place(sample: Sample) -> tuple[str, int]:
    return sample["conversation_id"], sample["turn"]


def _spots(found: Sequence[Finding], replacements: Sequence[str]) -> Iterator[int]:
    """Where in the masked text each replacement stands."""
    longer = 0
    for finding, replacement in zip(found, replacements, strict=True):
        yield finding.start + longer
        longer += len(replacement) - (finding.end - finding.start)


def _around(text: str, spot: int) -> str:
    """`text`, or CHARS_SHOWN characters with `spot` in their middle; no placeholder is cut."""
    if len(text) <= CHARS_SHOWN:
        return text
    start = max(0, min(spot - CHARS_SHOWN // 2, len(text) - CHARS_SHOWN))
    end = start + CHARS_SHOWN
    for match in PLACEHOLDER.finditer(text):
        if match.start() < start < match.end():
            start = match.start()
        if match.start() < end < match.end():
            end = match.end()
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _end(text: str) -> str:
    """The last CHARS_BEFORE characters of `text`; no placeholder is cut."""
    start = max(0, len(text) - CHARS_BEFORE)
    cut = next((m.end() for m in PLACEHOLDER.finditer(text) if m.start() < start < m.end()), start)
    return f"{'…' if cut else ''}{text[cut:]}"
