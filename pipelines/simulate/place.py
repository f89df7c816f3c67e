"""Where a simulation lives: a clone, a home and a landing zone below home()/simulate."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import KefuError
from pipelines.home import home, main_checkout
from pipelines.snapshot import AUTHOR, git, snapshot

SHARED = ("models", "torch_extensions")  # big, and the same for every home
OF_OTHERS = ("KEFU_", "MLFLOW_", "AIRFLOW")
KEPT = "docs/kept-back.json"
PORTS = ("KEFU_AIRFLOW_PORT", "KEFU_MLFLOW_PORT")


@dataclass(frozen=True)
class Place:
    root: Path

    @property
    def checkout(self) -> Path:
        return self.root / "checkout"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def questions(self) -> Path:
        return self.root / "questions"

    @property
    def knowledge(self) -> Path:
        return self.checkout / "data/knowledge"

    def environment(self) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith(OF_OTHERS) or k in PORTS}
        return {**own, "KEFU_HOME": str(self.home), "PYTHONPATH": str(self.checkout)}

    def python(self, *args: str) -> str:
        """Runs Python in the clone; returns what it printed. KefuError with its last lines where it fails."""
        done = subprocess.run(
            [sys.executable, *args],
            cwd=self.checkout,
            env=self.environment(),
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            last = (done.stdout + done.stderr).splitlines()[-15:]
            raise KefuError(
                f"`{' '.join(args)}` ended with {done.returncode}\n" + "\n".join(last), str(self.root)
            )
        return done.stdout

    def commit(self, message: str) -> None:
        files = [name for name in ("params.yaml", "data/knowledge", KEPT) if (self.checkout / name).exists()]
        git("add", "-A", "--", *files, cwd=self.checkout)
        if git("status", "--porcelain", "--untracked-files=no", cwd=self.checkout):
            git("commit", "-q", "--no-verify", "-m", message, cwd=self.checkout, env=AUTHOR)

    def head(self) -> str:
        return git("rev-parse", "HEAD", cwd=self.checkout)

    def reset(self, commit: str) -> None:
        git("reset", "-q", "--hard", commit, cwd=self.checkout)

    def keep(self, wordings: dict[str, str]) -> None:
        """{faq_id: wording} that is asked and never taught; in the clone, so that a commit has its own."""
        path = self.checkout / KEPT
        path.write_text(json.dumps(wordings, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def kept(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.checkout / KEPT).read_text(encoding="utf-8"))
        return found

    @contextmanager
    def lived_in(self) -> Iterator[None]:
        """This process takes the simulation's home, and so the addresses of its servers, for its own."""
        before = dict(os.environ)
        for name in before:
            if name.startswith(OF_OTHERS) and name not in PORTS:
                del os.environ[name]
        os.environ["KEFU_HOME"] = str(self.home)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def found() -> Place:
    """The place of an earlier simulation; KefuError where there is none."""
    place = Place(home() / "simulate")
    if not place.checkout.exists():
        raise KefuError("there is no simulation to go on with", str(place.root), "leave out --resume")
    return place


def make(profile: str) -> Place:
    """A new place with a clone of the checkout as it is, edits included. What was there goes."""
    place = Place(home() / "simulate")
    if place.checkout.exists():
        place.python("-m", "pipelines", "down")
    shutil.rmtree(place.root, ignore_errors=True)
    place.home.mkdir(parents=True)
    place.landing.mkdir()
    for name in SHARED:
        (home() / name).mkdir(parents=True, exist_ok=True)
        (place.home / name).symlink_to((home() / name).resolve())
    git("clone", "-q", "--shared", "--no-checkout", str(main_checkout()), str(place.checkout), cwd=place.root)
    git("checkout", "-q", "-B", "main", snapshot(), cwd=place.checkout)
    place.python("-c", "from pipelines import bootstrap as b; b.make_keys(); b.make_passwords()")
    set_params(place, profile)
    return place


def set_params(place: Place, profile: str) -> None:
    """The clone's params.yaml: profile, the landing zone as the one source, each week on from the last."""
    from ruamel.yaml import YAML

    yaml, path = YAML(), place.checkout / "params.yaml"
    yaml.preserve_quotes, yaml.width = True, 4096
    document = yaml.load(path.read_text(encoding="utf-8"))
    document["profile"] = profile
    document["sources"] = [{**document["sources"][0], "path": str(place.landing)}]
    document["retrain"]["from"] = "champion"
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(document, file)
    place.commit("The sample company's landing zone")
