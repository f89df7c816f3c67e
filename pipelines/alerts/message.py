"""An alert as data, and as text for a person who was woken by it. Never the text of a row."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

TITLES = {
    "failed": "运行失败 Run failed",
    "overdue": "运行超时 Run overdue",
    "blocked": "候选未通过 Candidate blocked",
    "drift": "数据漂移 Drift",
    "approval": "等待审批 Approval waiting",
    "server": "服务停止 Server down",
    "disk": "磁盘 Disk",
    "vanished": "文件消失 Files vanished",
    "test": "测试 Test",
}
MAX_CHARS = 600
# An error of ours holds no personal value; one of a library may quote one. These forms never go out.
NUMBER = re.compile(r"(?<![0-9A-Za-z])[+(]?\d(?:[ -]?\d){6,}[Xx]?(?![0-9A-Za-z])")
ADDRESS = re.compile(r"[^\s@,;:<>()（）]+@[^\s@,;:<>()（）]+\.[A-Za-z]{2,}")
DATE = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d)?")


@dataclass(frozen=True)
class Alert:
    """`run` is a DAG run's id, `where` a page or file, `what_to_do` a step of docs/operations.md."""

    kind: str
    run: str
    what: str
    where: str
    what_to_do: str
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @property
    def subject(self) -> str:
        return f"[kefu] {TITLES[self.kind]}: {self.run or self.what}"[:150]

    @property
    def text(self) -> str:
        rows = {"run": self.run, "what": self.what, "where": self.where, "to do": self.what_to_do}
        return "\n".join([TITLES[self.kind], *(f"{name}: {said}" for name, said in rows.items() if said)])

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def plain(text: str) -> str:
    """`text` on few lines, with long numbers and e-mail addresses taken out; dates stay."""
    text = NUMBER.sub(lambda found: found[0] if DATE.fullmatch(found[0]) else "…", ADDRESS.sub("…", text))
    text = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    return text if len(text) <= MAX_CHARS else f"{text[:MAX_CHARS]}…"


def reason(error: BaseException | str | None) -> str:
    """What an error says that may be told: a KefuError's own words, of any other only its kind.

    A step of a run that failed quotes its last lines; of these, from the one that begins with `error: ` on.
    """
    from pipelines.errors import KefuError

    if error is None:
        return "no reason is known"
    if isinstance(error, str):
        return error
    said = str(error).splitlines()
    ours = [i for i, line in enumerate(said) if line.startswith("error: ")]
    if ours:
        return plain("\n".join(said[ours[-1] :][:4]))
    if isinstance(error, KefuError) or type(error).__name__ == "AirflowFailException":
        quotes = type(error).__name__ == "StepFailed"  # the command's last lines stand after the first
        return plain("\n".join(said[: 1 if quotes else 4]))
    return type(error).__name__
