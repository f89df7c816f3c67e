"""What the company has decided to mask: types, thresholds, what never, what always, patterns of its own.

A `Policy` is a value: frozen, picklable, equal where it decides the same. `pii_file.load_policy` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import chain

import regex

from pipelines.fingerprint import digest
from pipelines.mask.labels import LABELS, Finding, placeholder_pattern
from pipelines.mask.normalise import Normalised, value_key
from pipelines.mask.words import words

DENY_LIST = "DenyList"  # the source of findings that neither a list nor a switched-off type outranks
NEAR_GAIN = 0.35  # what a near word adds to the score of an own pattern
FLAGS = regex.IGNORECASE | regex.MULTILINE


@dataclass(frozen=True)
class Denied:
    """A text that is always masked, as `type`."""

    text: str
    type: str

    @cached_property
    def pattern(self) -> str:
        """The text in any case and spacing; not within a longer Latin word or number."""
        key = value_key(self.text)
        left = r"(?<![0-9A-Za-z])" if key[0].isascii() else ""
        right = r"(?![0-9A-Za-z])" if key[-1].isascii() else ""
        return f"{left}{_loose(key)}{right}"


@dataclass(frozen=True)
class OwnPattern:
    """A pattern of the company's own, over normalised text (NFKC), case ignored.

    `near` words up to `near_before` characters before or `near_after` after a match add NEAR_GAIN.
    """

    name: str
    type: str
    pattern: str
    score: float
    near: tuple[str, ...] = ()
    near_before: int = 16
    near_after: int = 8

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return regex.compile(self.pattern, FLAGS)

    def find(self, text: str, timeout_s: float) -> list[tuple[int, int, float, str]]:
        """(start, end, score, near word or "") of each match; TimeoutError if it takes longer."""
        found = []
        for match in self.compiled.finditer(text, timeout=timeout_s):
            if match.end() > match.start():
                word = self._near_word(text, *match.span())
                score = min(1.0, self.score + NEAR_GAIN) if word else self.score
                found.append((*match.span(), score, word))
        return found

    def _near_word(self, text: str, start: int, end: int) -> str:
        if not self.near:
            return ""
        window = f"{text[max(0, start - self.near_before) : start]}\n{text[end : end + self.near_after]}"
        match = self._near.search(window)
        return match.group() if match else ""

    @cached_property
    def _near(self) -> regex.Pattern[str]:
        return regex.compile("|".join(map(_whole_word, self.near)), FLAGS)


@dataclass(frozen=True)
class Policy:
    """What is masked and how sure a finding must be. The default masks every type and lists nothing."""

    threshold: float = 0.5  # of types without one of their own
    thresholds: tuple[tuple[str, float], ...] = ()
    kept: frozenset[str] = frozenset()  # types that stay in the text
    allow: tuple[str, ...] = ()  # values that stay in the text
    deny: tuple[Denied, ...] = ()
    patterns: tuple[OwnPattern, ...] = ()
    own_labels: tuple[tuple[str, tuple[str, str]], ...] = ()  # of types that only this company has
    surrogates: bool = False  # of ranges that nobody can hold stand in masked texts, and are no leak there

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def key(self) -> str:
        """64 hex digits; equal policies have equal keys, whatever the order of their lists in the file."""
        fields = asdict(self)
        fields["kept"] = sorted(self.kept)
        fields |= {name: sorted(map(repr, fields[name])) for name in ("allow", "deny", "patterns")}
        return digest(fields)

    @cached_property
    def scan_key(self) -> str:
        """64 hex digits over the part of the policy that `detect.find_simple` heeds."""
        return digest(sorted(self.kept), sorted(self.allow), sorted(map(repr, self.deny)), self.surrogates)

    @cached_property
    def labels(self) -> Mapping[str, tuple[str, str]]:
        """Placeholder names (Chinese, English) of every type, own ones included."""
        return LABELS | dict(self.own_labels)

    @cached_property
    def placeholder(self) -> re.Pattern[str]:
        """The placeholders that this policy writes, and nothing that only resembles one."""
        return placeholder_pattern(self.labels.values())

    @cached_property
    def lowest(self) -> float:
        """The lowest threshold of any type."""
        return min([self.threshold, *dict(self.thresholds).values()])

    def keeping(self, types: Iterable[str]) -> Policy:
        """This policy with further types switched off."""
        return replace(self, kept=self.kept | set(types))

    def threshold_of(self, type_: str) -> float:
        return self._thresholds.get(type_, self.threshold)

    def accepts(self, finding: Finding) -> bool:
        """Whether the finding is sure enough for its type."""
        return finding.source == DENY_LIST or finding.score >= self.threshold_of(finding.type)

    def keeps(self, finding: Finding) -> bool:
        """Whether the finding's type is switched off, so that it stays in the text."""
        return finding.type in self.kept and finding.source != DENY_LIST

    def is_allowed(self, value: str) -> bool:
        return value_key(value) in self._allowed

    def allows(self, text: str, finding: Finding) -> bool:
        """Within an allowed value or a placeholder, or an allowed name and its role (`栗木集客服`)."""
        value = text[finding.start : finding.end]
        spans = self.placeholder.finditer(text)
        if finding.source != DENY_LIST and self._allowed:
            if finding.type == "PERSON" and self._allowed_name.fullmatch(Normalised(value).text):
                return True
            spans = chain(spans, self._allowed_pattern.finditer(text))
        within = any(match.start() <= finding.start and finding.end <= match.end() for match in spans)
        return within or (finding.type != "PASSWORD" and not value_key(value))

    @cached_property
    def denied(self) -> Mapping[str, regex.Pattern[str]]:
        """One pattern a type over what the deny list names."""
        listed: dict[str, list[str]] = {}
        for entry in sorted(self.deny, key=lambda entry: (-len(entry.text), entry.text)):
            listed.setdefault(entry.type, []).append(entry.pattern)
        return {type_: regex.compile("|".join(parts), FLAGS) for type_, parts in sorted(listed.items())}

    @cached_property
    def _thresholds(self) -> Mapping[str, float]:
        return dict(self.thresholds)

    @cached_property
    def _allowed(self) -> frozenset[str]:
        return frozenset(map(value_key, self.allow))

    @cached_property
    def _allowed_pattern(self) -> re.Pattern[str]:
        """Every allowed value, with any signs between its letters and digits."""
        return re.compile("|".join(map(_bounded, sorted(self._allowed))), re.IGNORECASE)

    @cached_property
    def _allowed_name(self) -> re.Pattern[str]:
        """Allowed words with nothing but signs and words for a role beside them."""
        names = "|".join(map(_bounded, sorted(self._allowed)))
        beside = rf"(?:[\W_]|{'|'.join(map(_whole_word, words('roles')))})*"
        return re.compile(rf"{beside}(?:(?:{names}){beside})+", re.IGNORECASE)


DEFAULT = Policy()


def _loose(key: str) -> str:
    return r"[\W_]{0,2}".join(map(re.escape, key))


def _bounded(key: str) -> str:
    """Not within a longer number or a longer Latin word: Xiaoli is not in Xiaoling."""
    return rf"{_side('<!', key[0])}{_loose(key)}{_side('!', key[-1])}"


def _side(look: str, char: str) -> str:
    kind = next((kind for kind in ("0-9", "A-Za-z") if re.fullmatch(f"[{kind}]", char)), "")
    return f"(?{look}[{kind}])" if kind else ""


def _whole_word(word: str) -> str:
    left = r"(?<![A-Za-z])" if word[0].isascii() else ""
    right = r"(?![A-Za-z])" if word[-1].isascii() else ""
    return f"{left}{regex.escape(word)}{right}"
