"""What stands in the place of a masked value: its placeholder, a surrogate, a shifted date.

A surrogate and the days of a shift follow from KEFU_REF_KEY, the key that a customer's reference is made
with: ingest's partition keys, and so the store's, already depend on it. Whoever holds it can try values until
one gives the surrogate at hand, as with the reference itself; a placeholder tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipelines import home
from pipelines.mask.dates import shift
from pipelines.mask.labels import LABELS, Finding
from pipelines.mask.placeholders import Numbering, Replacer
from pipelines.params.sections import Mask


class Replacement(NamedTuple):
    surrogates: bool = False
    shift_dates: bool = False
    key: bytes = b""  # of surrogates and shifts

    @classmethod
    def from_params(cls, params: Mask) -> Replacement:
        surrogates = params.replace == "surrogates"
        keyed = surrogates or params.shift_dates
        return cls(surrogates, params.shift_dates, home.key("KEFU_REF_KEY") if keyed else b"")

    def of(
        self,
        scope: str,
        texts: Sequence[str],
        findings: Sequence[Sequence[Finding]],
        labels: Mapping[str, tuple[str, str]] = LABELS,
    ) -> Replacer:
        """The replacer of one conversation, whose texts hold these findings; `labels` of placeholders."""
        numbering = Numbering(labels, texts)
        if not self.key:
            return numbering
        from pipelines.mask.surrogates import Surrogates  # Faker's lists
        from pipelines.mask.surrogates.draw import Draw

        draw = Draw(self.key, scope)
        replacer: Replacer = numbering
        if self.surrogates:
            replacer = Surrogates(
                draw,
                [
                    (finding.type, text[finding.start : finding.end], text[: finding.start][-12:])
                    for text, found in zip(texts, findings, strict=True)
                    for finding in found
                ],
                numbering,
            )
        return _shifting(replacer, draw.days()) if self.shift_dates else replacer


PLACEHOLDERS = Replacement()


def _shifting(replacer: Replacer, days: int) -> Replacer:
    """Birth dates move by `days`; one that cannot be read as a date is replaced like anything else."""

    def replace(type_: str, value: str, chinese: bool) -> str:
        moved = shift(value, days) if type_ == "BIRTH_DATE" else None
        return moved or replacer(type_, value, chinese)

    return replace
