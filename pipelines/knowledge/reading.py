"""Files with their line numbers, and the one error that lists every fault of a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.errors import KefuError
from pipelines.fingerprint import digest

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where PyYAML has libyaml
SHOWN_FAULTS = 20
Fault = tuple[int, str]  # line (1-based), what is wrong


class Record(BaseModel):
    """Base of everything read here: no unknown field, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


R = TypeVar("R", bound=Record)


def read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise KefuError("a file of the knowledge base is missing", str(path), "restore or write it") from None
    except UnicodeDecodeError as error:
        raise KefuError(
            "a file of the knowledge base is not UTF-8", f"{path}, byte {error.start}", "save it as UTF-8"
        ) from None


def fingerprint_knowledge(folder: Path) -> str:
    """64 hex digits over all files of the knowledge base, by name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return digest(
        *(part for path in files for part in (path.relative_to(folder).as_posix(), path.read_bytes()))
    )


def read_yaml(path: Path, kind: type = dict) -> tuple[Any, yaml.Node]:
    """(the mapping, or list, that the file holds, its node tree, which knows the lines)."""
    text = read_text(path)
    try:
        node = yaml.compose(text, Loader=LOADER)
        value = LOADER("").construct_document(node) if node else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = min(mark.line + 1, max(1, len(text.splitlines()))) if mark else 1  # libyaml: behind the end
        raise refusal(path, [(line, "not valid YAML")]) from None
    if not isinstance(value, kind) or node is None:
        raise refusal(path, [(1, f"the file does not hold a {'mapping' if kind is dict else 'list'}")])
    return value, node


def line_of(node: yaml.Node, path: Iterable[Any]) -> int:
    """The line of the value at `path` (keys and indexes), or of the last part of it that is there."""
    line = node.start_mark.line + 1
    for step in path:
        found = _child(node, step)
        if found is None:
            break
        node = found
        line = node.start_mark.line + 1
    return line


def parse(model: type[R], value: Any, node: yaml.Node, faults: list[Fault]) -> R | None:
    """`value`, which stands at `node`, as `model`, or None with its faults added."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults += [(line_of(node, e["loc"]), describe(e)) for e in error.errors()]
        return None


def parse_lines(model: type[R], text: str, faults: list[Fault]) -> Iterator[tuple[int, R]]:
    """(line, record) of each JSON object of `text`, one a line; what cannot be read is added to `faults`."""
    for line, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        try:
            yield line, model.model_validate(json.loads(raw))
        except json.JSONDecodeError as error:
            faults.append((line, f"not a JSON object ({error.msg}, column {error.colno})"))
        except ValidationError as error:
            faults += [(line, describe(e)) for e in error.errors()]


def describe(error: Any) -> str:
    field = ".".join(str(step) for step in error["loc"])
    return f"{field}: {'the field is missing' if error['type'] == 'missing' else error['msg']}"


def refusal(path: Path, faults: list[Fault]) -> KefuError:
    ordered = sorted(faults)
    listed = [f"  - {path}, line {line}: {what}" for line, what in ordered[:SHOWN_FAULTS]]
    more = len(ordered) - SHOWN_FAULTS
    listed += [f"  - and {more} more"] if more > 0 else []
    return KefuError(
        f"{len(ordered)} fault(s) in the knowledge base\n" + "\n".join(listed),
        f"{path}, line {ordered[0][0]}",
        "mend the lines, then run again",
    )


def _child(node: yaml.Node, step: Any) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None
