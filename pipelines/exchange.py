"""How a run travels where the workers are several machines: commits by git, data by DVC, nothing by disk.

`KEFU_GIT_REMOTE` is a repository that every worker reaches. A run's branch there is the one truth of how far
the run has come: data is pushed before the commit that names it, and a worker whose worktree stands elsewhere
goes to the branch's tip before it works. Without the variable all of this is left out.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from configparser import ConfigParser
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import KefuError, UnavailableError
from pipelines.home import home, main_checkout
from pipelines.snapshot import git, has, snapshot
from pipelines.snapshot import left_out as snapshot_left_out
from pipelines.snapshot import newest_edit as snapshot_edit

TRACKED = "refs/kefu"  # the remote's branches as last seen, beside the checkout's own
FINISHED = "refs/finished"
OFFERED = "snapshot"
TAGS = "refs/tags/data/*"
NO_SUCH_BRANCH = 2  # git ls-remote --exit-code


def remote() -> str | None:
    """`$KEFU_GIT_REMOTE`; None on one machine."""
    return os.environ.get("KEFU_GIT_REMOTE") or None


def start(commit: str | None) -> str:
    """The commit a run starts from: `commit` (a commit, branch or tag) where one was chosen.

    Else the checkout as it stands, or the remote's branch `$KEFU_GIT_BRANCH` (main), since nobody works in a
    worker's clone.
    """
    if not remote():
        return _commit(commit) if commit else snapshot()
    refresh()
    return _commit(commit or os.environ.get("KEFU_GIT_BRANCH") or "main")


def refresh() -> None:
    """Where there is a remote: its branches but those of runs, and its tags."""
    if remote():
        _remote_git("fetch", "-q", "--tags", _url(), f"+refs/heads/*:{TRACKED}/*", "^refs/heads/run/*")


def newest_edit(commit: str) -> float:
    """When what `start(None)` took last changed, in seconds since 1970."""
    if remote():
        return float(git("log", "-1", "--format=%ct", commit, cwd=main_checkout()))
    return snapshot_edit(commit)


def left_out() -> str:
    """In words, which new files `start(None)` did not take; "" where it takes no checkout."""
    return "" if remote() else snapshot_left_out()


def offer() -> str:
    """The checkout as it stands, uncommitted edits included, as a commit that a run can start from; pushed
    where there is a remote. Whoever triggers a run passes it, so that later edits are not the run's.

    The branch carries the day, since the commit may be an old one.
    """
    commit = snapshot()
    if remote():
        branch = f"{OFFERED}/{datetime.now(UTC):%Y-%m-%d}-{commit[:12]}"
        _remote_git("push", "-q", _url(), f"{commit}:refs/heads/{branch}")
    return commit


def learn() -> None:
    """Where there is a remote: all its branches (those that are gone there go here too) and tags of data."""
    if remote():
        _remote_git("fetch", "-q", "--prune", "--no-tags", _url(), f"+refs/heads/*:{TRACKED}/*")
        _remote_git("fetch", "-q", "--no-tags", _url(), f"+{TAGS}:{TAGS}")


def forget(name: str, refs: Iterable[str]) -> None:
    """Where there is a remote: removes there what `refs` are here, and the mark that run `name` is done."""
    if not remote():
        return
    asked = {f"{FINISHED}/{name}", *(ref.replace(f"{TRACKED}/", "refs/heads/", 1) for ref in refs)}
    listed = _remote_git("ls-remote", _url(), *sorted(asked)).splitlines()
    there = asked & {line.split("\t")[1] for line in listed}
    if there:
        _remote_git("push", "-q", _url(), *(f":{ref}" for ref in sorted(there)))


def tip(branch: str) -> str | None:
    """Where the branch stands on the remote, fetched with all tags of runs; None where it is not there."""
    listed = _run("ls-remote", "--exit-code", _url(), f"refs/heads/{branch}")
    if listed.returncode == NO_SUCH_BRANCH:
        return None
    _check(listed, "ls-remote")
    _remote_git("fetch", "-q", _url(), f"+refs/heads/{branch}:{TRACKED}/{branch}", f"+{TAGS}:{TAGS}")
    return git("rev-parse", f"{TRACKED}/{branch}", cwd=main_checkout())


def push(path: Path, branch: str, *tags: str) -> None:
    """The worktree's branch and tags to the remote.

    Of two workers that did the same task, the second takes over the first's commit if it holds the same;
    KefuError where the run has gone on without this worker.
    """
    refs = [f"HEAD:refs/heads/{branch}", *(f"refs/tags/{tag}" for tag in tags)]
    pushed = _run("push", "-q", "--atomic", _url(), *refs, cwd=path)
    if pushed.returncode == 0:
        return
    there = tip(branch)
    if there is None or there == git("rev-parse", "HEAD", cwd=path):
        _check(pushed, "push")
    elif git("rev-parse", "HEAD^{tree}", cwd=path) == git("rev-parse", f"{there}^{{tree}}", cwd=path):
        git("reset", "-q", "--hard", there, cwd=path)
    else:
        raise KefuError(
            "the run went on at another worker while this one was at work",
            f"{branch} in {shown_url()}",
            "nothing: what the other worker did counts",
        )


def mark_finished(name: str, path: Path) -> None:
    """Tells the other workers that they need not keep this run's worktree."""
    _remote_git("push", "-q", "-f", _url(), f"HEAD:{FINISHED}/{name}", cwd=path)


def mark_unfinished(name: str) -> None:
    """A run that was done is worked on again, since one of its tasks was cleared."""
    _remote_git("push", "-q", _url(), f":{FINISHED}/{name}")


def finished() -> set[str]:
    """Names of the runs that are done, as the remote knows."""
    listed = _remote_git("ls-remote", _url(), f"{FINISHED}/*").splitlines()
    return {line.split("\t")[1].removeprefix(f"{FINISHED}/") for line in listed}


def dvc_config() -> str:
    """`.dvc/config.local` of a worktree: absolute places, since it lies elsewhere than the checkout.

    The remote is `$KEFU_DVC_REMOTE` (a URL; with `$KEFU_S3_ENDPOINT` where it is on S3), else the URL that
    `.dvc/config` gives it, else a folder of the home.
    What the checkout's own `.dvc/config.local` says (another remote, credentials) is taken along and wins.
    """
    own = main_checkout() / ".dvc/config.local"
    url = os.environ.get("KEFU_DVC_REMOTE") or _configured() or str(home() / "dvc-remote")
    lines = ["[cache]", f"    dir = {home() / 'dvc-cache'}", "['remote \"local\"']", f"    url = {url}"]
    endpoint = os.environ.get("KEFU_S3_ENDPOINT")
    if url.startswith("s3://") and endpoint:
        lines.append(f"    endpointurl = {endpoint}")
    return "\n".join(lines) + "\n" + (own.read_text() if own.exists() else "")


def shown_url() -> str:
    """The remote without a password that its URL may hold."""
    scheme, found, rest = _url().partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if found else scheme


def _configured() -> str | None:
    """The URL of the remote `local` in `.dvc/config`; None where it is a folder."""
    config = ConfigParser(interpolation=None)
    config.read(main_checkout() / ".dvc/config")
    url = config.get("'remote \"local\"'", "url", fallback="")
    return url if "://" in url else None


def _commit(name: str) -> str:
    root = main_checkout()
    for reference in (f"{TRACKED}/{name}^{{commit}}", f"{name}^{{commit}}"):
        if has(reference, root):
            return git("rev-parse", reference, cwd=root)
    raise KefuError(
        f"there is no commit, branch or tag {name!r}",
        shown_url() if remote() else str(root),
        "push it there, or choose another",
    )


def _url() -> str:
    return remote() or ""


def _remote_git(*args: str, cwd: Path | None = None) -> str:
    done = _run(*args, cwd=cwd)
    _check(done, args[0])
    return done.stdout.strip()


def _run(*args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-c", "core.hooksPath=/dev/null", *args],
        cwd=cwd or main_checkout(),
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        capture_output=True,
        text=True,
    )


def _check(done: subprocess.CompletedProcess[str], command: str) -> None:
    if done.returncode != 0:
        said = done.stderr.replace(_url(), shown_url()).strip().splitlines()
        raise UnavailableError(
            f"git {command} failed: {said[-1] if said else done.returncode}",
            shown_url(),
            "see that KEFU_GIT_REMOTE is right and can be reached from this machine",
        )
