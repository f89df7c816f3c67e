"""git for runs: a commit of the checkout as it stands, without touching its index, branch or settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pipelines.errors import KefuError, UnavailableError
from pipelines.home import home, main_checkout

# What a run is made of. Another new file is taken if it is staged; else it may be logs with personal data.
TAKEN_ALONG = ("pipelines", "dags", "mlflow", "docs/sources", "data/knowledge")
LEFT_AS_COMMITTED = (":!data/raw", ":!data/raw_spans", ":!dvc.lock")
SHOWN = 5
AUTHOR = {
    "GIT_AUTHOR_NAME": "kefu",
    "GIT_AUTHOR_EMAIL": "kefu@localhost",
    "GIT_COMMITTER_NAME": "kefu",
    "GIT_COMMITTER_EMAIL": "kefu@localhost",
}
UNATTENDED = ("-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false", "-c", "core.hooksPath=/dev/null")


def snapshot() -> str:
    """The commit a run starts from: HEAD, or a child of it that holds the checkout's uncommitted edits.

    Among them are new files that are staged, or below TAKEN_ALONG; what others there are is told.
    """
    root = main_checkout()
    if not has("HEAD", root):
        raise KefuError("the repository has no commit yet", str(root), "commit the project, then run again")
    head = git("rev-parse", "HEAD", cwd=root)
    index = home() / f"snapshot-index-{os.getpid()}"
    index.parent.mkdir(parents=True, exist_ok=True)
    env = {"GIT_INDEX_FILE": str(index)}
    try:
        git("read-tree", "HEAD", cwd=root, env=env)
        git("add", "-u", "--", ".", *LEFT_AS_COMMITTED, cwd=root, env=env)
        git("add", "-f", "--", *_staged(root), cwd=root, env=env)
        git("add", "--", *(part for part in TAKEN_ALONG if (root / part).exists()), cwd=root, env=env)
        tree = git("write-tree", cwd=root, env=env)
    finally:
        index.unlink(missing_ok=True)
    if left := left_out():
        print(left, file=sys.stderr, flush=True)
    if tree == git("rev-parse", "HEAD^{tree}", cwd=root):
        return head
    return git("commit-tree", tree, "-p", head, "-m", "Snapshot of uncommitted edits", cwd=root, env=AUTHOR)


def left_out() -> str:
    """In words, which new files of the checkout no snapshot holds; "" where there are none."""
    elsewhere = (".", *LEFT_AS_COMMITTED, *(f":!{part}" for part in TAKEN_ALONG))
    asked = ("ls-files", "-z", "--others", "--directory", "--no-empty-directory", "--exclude-standard")
    names = [name for name in git(*asked, "--", *elsewhere, cwd=main_checkout()).split("\0") if name]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    shown = f"{', '.join(names[:SHOWN])}{more}"
    return f"new and not taken along: {shown}; `git add` what belongs to the run" if names else ""


def _staged(root: Path) -> list[str]:
    """New files that git was told of, as far as they are still there."""
    asked = ("diff", "--cached", "--ita-visible-in-index", "--no-renames", "--name-only", "-z")
    names = git(*asked, "--diff-filter=A", "HEAD", "--", ".", *LEFT_AS_COMMITTED, cwd=root).split("\0")
    return [f":(literal){name}" for name in names if name and (root / name).exists()]


def newest_edit(commit: str) -> float:
    """When the checkout became what its snapshot `commit` holds, in seconds since 1970: HEAD moved, or a file
    that HEAD holds otherwise was written."""
    root = main_checkout()
    changed = git("diff", "--name-only", "-z", "HEAD", commit, cwd=root).split("\0")
    places = [root / name for name in changed if name]
    written = [place.stat().st_mtime for place in places if place.exists()]
    moved = git("log", "-g", "-1", "--format=%gd", "--date=unix", "HEAD", cwd=root)  # HEAD@{1764500000}
    at = moved.partition("{")[2].rstrip("}") or git("log", "-1", "--format=%ct", cwd=root)
    return max([float(at), *written])


def keep(path: Path, files: list[str], message: str) -> None:
    """Commits `files` of the worktree at `path`, where they changed."""
    git("add", "-f", *files, cwd=path)
    if git("status", "--porcelain", "--untracked-files=no", cwd=path):
        git("commit", "-q", "--no-verify", "-m", message, cwd=path, env=AUTHOR)


def unlock(path: Path, *refs: str) -> None:
    """Removes locks that a killed git left of a run's worktree and of its refs. Others write its
    tags only while they fetch, and try that again.

    The worktree may be gone, or half made; a ref may hold a `*`.
    """
    shared = Path(git("rev-parse", "--path-format=absolute", "--git-common-dir", cwd=main_checkout()))
    locks = [lock for ref in refs for lock in shared.glob(f"{ref}.lock")]
    if (path / ".git").exists():  # without it git would find the checkout that is above it
        locks += Path(git("rev-parse", "--absolute-git-dir", cwd=path)).glob("*.lock")
    for lock in locks:
        lock.unlink(missing_ok=True)


def has(reference: str, cwd: Path) -> bool:
    found = subprocess.run(["git", "rev-parse", "-q", "--verify", reference], cwd=cwd, capture_output=True)
    return found.returncode == 0


def holds(cwd: Path, commit: str) -> bool:
    """Whether `commit` is HEAD or before it."""
    found = subprocess.run(
        ["git", "merge-base", "--is-ancestor", commit, "HEAD"], cwd=cwd, capture_output=True
    )
    return found.returncode == 0


def git(*args: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    """What git says; UnavailableError where it fails, since names that a user chose are looked up before."""
    done = subprocess.run(
        ["git", *UNATTENDED, *args],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise UnavailableError(
            f"git {args[0]} failed: {said[-1] if said else done.returncode}",
            str(cwd),
            "see that the disk is sound and has room",
        )
    return done.stdout.strip()
