"""What can be wrong in pii.yaml. A fault names its line and field, what was found, and what to do.

A fault quotes names of types and patterns, never an entry of a list or an example: those may be personal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

import regex
import yaml
from pydantic import ValidationError

from pipelines.knowledge.reading import Fault, Record, line_of
from pipelines.mask.labels import LABEL_EN, LABEL_ZH, LABELS
from pipelines.mask.normalise import Normalised, value_key
from pipelines.mask.pii_entries import Examples, Pattern
from pipelines.mask.policy import OwnPattern

TIMEOUT_S = 2.0  # for a probe of PROBE_CHARS; a sound pattern needs milliseconds
PROBE_CHARS = 2000
MIN_CHARS = 2  # of an entry of either list
_RUN = regex.compile(r"\d+|[A-Za-z]+|[\u4e00-\u9fff]+|\s+")
Where = tuple[str | int, ...]
R = TypeVar("R", bound=Record)
_SAID: dict[str, Callable[[Any], str]] = {  # pydantic's kind of error: our words
    "missing": lambda _: "the field is missing",
    "extra_forbidden": lambda _: "there is no such field; look for a slip of the pen",
    "string_type": lambda _: "is not a text; put it in quotes",
    "bool_type": lambda _: "write true or false",
    "bool_parsing": lambda _: "write true or false",
    "float_type": lambda _: "is not a number",
    "float_parsing": lambda _: "is not a number",
    "greater_than_equal": lambda error: f"{error['input']} is out of range; at least {error['ctx']['ge']}",
    "greater_than": lambda error: f"{error['input']} is out of range; more than {error['ctx']['gt']}",
    "less_than_equal": lambda error: f"{error['input']} is out of range; at most {error['ctx']['le']}",
    "model_type": lambda _: "is not of the form `field: value`; see the entries beside it",
    "tuple_type": lambda _: "is not a list; begin each entry with `-`",
    "too_short": lambda _: "is empty; give at least one",
    "string_too_short": lambda _: "is empty",
}


@dataclass
class Faults:
    """The faults found so far; `node` knows the lines."""

    node: yaml.Node
    found: list[Fault] = field(default_factory=list)

    def add(self, where: Where, what: str) -> None:
        name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where).lstrip(".")
        self.found.append((line_of(self.node, where), f"{name}: {what}"))

    def parse(self, model: type[R], value: Any, where: Where) -> R | None:
        """`value` as `model`, or None with its faults added."""
        try:
            return model.model_validate(value)
        except ValidationError as error:
            for one in error.errors():
                said = _SAID.get(one["type"])
                self.add((*where, *one["loc"]), said(one) if said else one["msg"])
            return None


def repeated_keys(node: yaml.Node, faults: Faults) -> None:
    """A key that stands twice in one mapping: YAML would silently take the last."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                what = f"{key.value}: stands twice, first in line {seen[key.value]}; remove one"
                faults.found.append((line, what))
            seen.setdefault(str(key.value), line)
            repeated_keys(value, faults)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            repeated_keys(value, faults)


def known_type(name: Any, known: Sequence[str], where: Where, faults: Faults) -> bool:
    if name in known:
        return True
    near = get_close_matches(str(name), known, 1)
    advice = f"did you mean {near[0]}?" if near else f"the types are {', '.join(known)}"
    faults.add(where, f"{name!r} is no type; {advice}")
    return False


def allow_list(values: Sequence[Any], faults: Faults) -> list[str]:
    """The entries that are texts, each once."""
    seen: dict[str, int] = {}
    fit = []
    for number, value in enumerate(values):
        where = ("allow", number)
        if not isinstance(value, str):
            faults.add(where, _SAID["string_type"](None))
        elif len(value_key(value)) < MIN_CHARS:
            faults.add(where, f"is too short: {MIN_CHARS} letters or digits at least")
        elif value_key(value) in seen:
            faults.add(where, f"is the same value as allow[{seen[value_key(value)]}]; remove one")
        else:
            seen[value_key(value)] = number
            fit.append(value)
    return fit


def deny_list(texts: Mapping[int, str], allow: Sequence[str], faults: Faults) -> list[int]:
    """The numbers of the entries that can be used."""
    allowed = set(map(value_key, allow))
    seen: dict[str, int] = {}
    fit = []
    for number, text in texts.items():
        key, where = value_key(text), ("deny", number, "text")
        if len(key) < MIN_CHARS:
            faults.add(where, f"is too short: {MIN_CHARS} letters or digits at least")
        elif key in seen:
            faults.add(where, f"is the same text as deny[{seen[key]}]; remove one")
        elif key in allowed:
            faults.add(where, "stands on the allow list too; decide for one")
        else:
            seen[key] = number
            fit.append(number)
    return fit


def own_labels(patterns: Mapping[int, Pattern], faults: Faults) -> dict[str, tuple[str, str]]:
    """Placeholder names (Chinese, English) of the types that only this file has."""
    own: dict[str, tuple[str, str]] = {}
    names: dict[str, int] = {}
    for number, entry in patterns.items():
        where = ("patterns", number)
        if entry.name in names:
            faults.add((*where, "name"), f"{entry.name!r} is the name of patterns[{names[entry.name]}] too")
        names.setdefault(entry.name, number)
        if entry.label:
            _label(entry, (entry.label.zh, entry.label.en), own, where, faults)
    for number, entry in patterns.items():
        if entry.type not in LABELS and entry.type not in own:
            what = f"{entry.type!r} is a new type; give it `label: {{zh: ..., en: ...}}`, or use a known type"
            faults.add(("patterns", number, "type"), what)
    return own


def _label(
    entry: Pattern, label: tuple[str, str], own: dict[str, tuple[str, str]], where: Where, faults: Faults
) -> None:
    zh, en = label
    others = {name: pair for name, pair in (LABELS | own).items() if name != entry.type}
    taken = [name for name, pair in others.items() if set(pair) & set(label)]
    if not regex.fullmatch(LABEL_EN, entry.type):
        faults.add((*where, "type"), f"{entry.type!r} is no name of a type; write capitals and _")
    elif entry.type in LABELS:
        faults.add((*where, "label"), f"{entry.type} has a placeholder already; remove the label")
    elif taken:
        faults.add((*where, "label"), f"is that of {taken[0]}; choose another")
    elif own.get(entry.type, label) != label:
        faults.add((*where, "label"), f"{entry.type} has another label above; write one of them only")
    if not regex.fullmatch(LABEL_ZH, zh):
        faults.add((*where, "label", "zh"), "write 1 to 8 Chinese characters, such as 会员号")
    if not regex.fullmatch(LABEL_EN, en):
        faults.add((*where, "label", "en"), "write capitals and _, such as MEMBER")
    own.setdefault(entry.type, label)


def pattern(own: OwnPattern, examples: Examples, threshold: float, where: Where, faults: Faults) -> None:
    """Whether the pattern is sound, finds its own examples and leaves the others."""
    try:
        compiled = own.compiled
    except regex.error as error:
        faults.add((*where, "pattern"), f"cannot be read: {error}; mend it, or ask an engineer")
        return
    try:
        if _matches_nothing(compiled, [*examples.find, *examples.leave]):
            faults.add((*where, "pattern"), "matches where nothing stands; something in it must be needed")
            return
        for number, text in enumerate(examples.find):
            if fault := _missed(_best(own, text), own.type, threshold):
                faults.add((*where, "examples", "find", number), fault)
        for number, text in enumerate(examples.leave):
            if (_best(own, text) or -1) >= threshold:
                faults.add((*where, "examples", "leave", number), "is hit; narrow the pattern")
    except TimeoutError:
        what = "takes too long on some texts; avoid repeats within repeats such as (a+)+, and .*"
        faults.add((*where, "pattern"), what)


def _matches_nothing(compiled: regex.Pattern[str], examples: Sequence[str]) -> bool:
    """Whether there is an empty match; TimeoutError where the pattern explodes on a probe."""
    plain = [Normalised(text).text for text in examples]
    probes = ["", *plain, *(f"{_long(unit)}!" for unit in ("0", "a", "a1", "字", " ", "a ", *plain))]
    probes += [_RUN.sub(lambda run: _long(run[0]), text) + "!" for text in plain]
    return any(
        match.start() == match.end()
        for probe in probes
        for match in compiled.finditer(probe, timeout=TIMEOUT_S)
    )


def _long(unit: str) -> str:
    return (unit * PROBE_CHARS)[:PROBE_CHARS]


def _best(own: OwnPattern, text: str) -> float | None:
    """The highest score in `text`, None if nothing matches."""
    return max((score for _, _, score, _ in own.find(Normalised(text).text, TIMEOUT_S)), default=None)


def _missed(best: float | None, type_: str, threshold: float) -> str | None:
    if best is None:
        return "is not matched by the pattern; mend one of them"
    if best < threshold:
        return (
            f"reaches {best:.2f}, below the threshold {threshold} of {type_}; raise `score`, or add the word "
            "beside it to `near`"
        )
    return None
