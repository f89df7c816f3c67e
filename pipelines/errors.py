"""The one error a user is meant to read."""

from __future__ import annotations


class KefuError(Exception):
    """Says what was found, where, and what to do; shown without a traceback.

    Never carries the text of a message or any other personal value.
    """

    def __init__(self, found: str, where: str = "", todo: str = "") -> None:
        self.found, self.where, self.todo = found, where, todo
        lines = [found]
        if where:
            lines.append(f"  where: {where}")
        if todo:
            lines.append(f"  to do: {todo}")
        super().__init__("\n".join(lines))


class UnavailableError(KefuError):
    """Something outside failed the work; the same call may go through later, so a task tries it again."""
