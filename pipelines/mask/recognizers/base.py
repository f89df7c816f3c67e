"""What every pattern recognizer of ours shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

import regex

from pipelines.mask.presidio import NlpArtifacts, Pattern, PatternRecognizer, RecognizerResult
from pipelines.records import LANGUAGES

# Not \b: a Chinese character is a word character, so \b never matches beside one.
A = r"(?<![0-9A-Za-z])"
Z = r"(?![0-9A-Za-z])"
CHECKSUM_GAIN = 0.3
CONTEXT_GAIN = 0.35
FLAGS = int(regex.IGNORECASE | regex.MULTILINE)
TIMEOUT_S = 60  # a pattern that runs longer ends the run: to skip it would let through what it looks for
UNTIMED_CHARS = 1000  # the clock of a search costs more than the search; our patterns need 10 ms for so many


class Recognizer(PatternRecognizer):
    """Patterns over normalised text (NFKC), as class data.

    - `rules`: (name, pattern, score). `\\K` in a pattern drops what stands before it from the span.
    - `gate`: a cheap pattern without which none of the rules can match.
    - `needs`: by the name of a rule, a cheap pattern without which that rule cannot match; worth it for rules
      that are slow on texts which the gate lets through.
    - `near`: words that raise the score by CONTEXT_GAIN when they stand up to `before` characters before
      or `after` characters after a match.
    - `untimed`: texts up to so many characters are searched without a time limit; 0 for patterns that were
      not tested for it.
    - `checksum`: raises the score by CHECKSUM_GAIN where it holds; where it fails nothing happens, since
      a mistyped number is still somebody's.
    """

    entity: ClassVar[str]
    rules: ClassVar[tuple[tuple[str, str, float], ...]]
    gate: ClassVar[str] = r"\d{2}"
    needs: ClassVar[Mapping[str, str]] = MappingProxyType({})
    near: ClassVar[str] = ""
    before: ClassVar[int] = 16
    after: ClassVar[int] = 8
    untimed: ClassVar[int] = UNTIMED_CHARS
    languages: ClassVar[tuple[str, ...]] = LANGUAGES

    def __init__(self, language: str = "zh") -> None:
        super().__init__(
            supported_entity=self.entity,
            name=type(self).__name__,
            supported_language=language,
            patterns=[Pattern(name, pattern, score) for name, pattern, score in self.rules],
            global_regex_flags=FLAGS,
        )
        self._gate = regex.compile(self.gate, FLAGS)
        self._needs = {name: regex.compile(needed) for name, needed in self.needs.items()}
        self._near = regex.compile(self.near, FLAGS) if self.near else None

    def checksum(self, value: str) -> bool:
        return False

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        return self.matches(text) if self._gate.search(text) else []

    def matches(self, text: str, rules: Sequence[int] | None = None) -> list[RecognizerResult]:
        """What `analyze` gives once the gate is open: Presidio's pattern search, at less cost.

        `rules`: the places of those that may match at all.
        """
        patterns = self.patterns if rules is None else [self.patterns[at] for at in rules]
        if self._needs:
            patterns = self._needed(text, patterns)
        results = [
            self._result(pattern, match.start(), match.end())
            for pattern in patterns
            for match in _finditer(pattern, text, self.untimed)
            if match.end() > match.start()
        ]
        if len(results) > 1:
            results = self.remove_duplicates(results)
        for result in results:
            if self.checksum(text[result.start : result.end]):
                _raise(result, CHECKSUM_GAIN, "checksum")
        return results

    def _needed(self, text: str, patterns: Sequence[Pattern]) -> list[Pattern]:
        """Those of `patterns` whose need `text` meets."""
        met: dict[regex.Pattern[str] | None, bool] = {None: True}
        for needed in {self._needs[pattern.name] for pattern in patterns if pattern.name in self._needs}:
            met[needed] = needed.search(text) is not None
        return [pattern for pattern in patterns if met[self._needs.get(pattern.name)]]

    def _result(self, pattern: Pattern, start: int, end: int) -> RecognizerResult:
        why = self.build_regex_explanation(self.name, pattern.name, pattern.regex, pattern.score, None, FLAGS)
        source = {
            RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        return RecognizerResult(self.supported_entities[0], start, end, pattern.score, why, source)

    def enhance_using_context(
        self,
        text: str,
        raw_recognizer_results: list[RecognizerResult],
        other_raw_recognizer_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        return self.weigh(text, raw_recognizer_results, nlp_artifacts)

    def weigh(
        self, text: str, results: list[RecognizerResult], artifacts: NlpArtifacts | None
    ) -> list[RecognizerResult]:
        """The results that the text around them leaves standing, those beside a word of `near` raised."""
        results = [result for result in results if not self.is_other(text, result)]
        for result in results if self._near else ():
            window = text[max(0, result.start - self.before) : result.start]
            window += "\n" + text[result.end : result.end + self.after]
            if self._near and (found := self._near.search(window)):
                _raise(result, CONTEXT_GAIN, found.group())
        return results

    def is_other(self, text: str, result: RecognizerResult) -> bool:
        """Whether what `result` marks in `text` is something else after all."""
        return False


def _finditer(pattern: Pattern, text: str, untimed: int) -> Iterator[regex.Match[str]]:
    if pattern.compiled_regex is None:
        pattern.compiled_regex, pattern.compiled_with_flags = regex.compile(pattern.regex, FLAGS), FLAGS
    compiled: regex.Pattern[str] = pattern.compiled_regex
    if len(text) > untimed:
        return compiled.finditer(text, timeout=TIMEOUT_S)
    return compiled.finditer(text) if compiled.search(text) else iter(())


def _raise(result: RecognizerResult, gain: float, why: str) -> None:
    result.score = min(1.0, result.score + gain)
    if result.analysis_explanation:
        before = result.analysis_explanation.supportive_context_word
        result.analysis_explanation.set_supportive_context_word(f"{before}, {why}" if before else why)
        result.analysis_explanation.set_improved_score(result.score)


def digits_of(value: str) -> list[int]:
    return [int(char) for char in value if char.isdigit()]


def luhn(value: str) -> bool:
    """ISO/IEC 7812-1 check digit over the digits of `value`."""
    digits = digits_of(value)
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return len(digits) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
