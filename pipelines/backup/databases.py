"""Consistent copies of SQLite and PostgreSQL databases, taken while servers write to them."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from pipelines.errors import KefuError

SQLITE = "sqlite:///"
POSTGRES = re.compile(r"^postgres(ql)?(\+\w+)?://")


def dump(url: str, name: str, into: Path) -> Path:
    """The database at `url` as into/NAME.db (SQLite) or NAME.pgdump; KefuError where it was never made."""
    require(url, name)
    into.mkdir(parents=True, exist_ok=True)
    if url.startswith(SQLITE):
        return copy_sqlite(Path(url.removeprefix(SQLITE)), into / f"{name}.db")
    target = into / f"{name}.pgdump"
    _postgres("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    return target


def require(url: str, name: str) -> None:
    """KefuError where the database has no tables, or its file is not there."""
    if not is_filled(url):
        raise KefuError(
            f"the database {name} is not there",
            shown(url),
            f"start the servers that are in use (make up), or name it in KEFU_{name.upper()}_DB",
        )


def load(url: str, file: Path) -> None:
    """What `dump` made, into the database at `url`, which must be empty."""
    if is_filled(url):
        raise KefuError("the database is not empty", shown(url), "restore into an empty one")
    if url.startswith(SQLITE):
        target = Path(url.removeprefix(SQLITE))
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)
    else:
        _postgres("pg_restore", url, "--no-owner", "--no-privileges", "--exit-on-error", str(file))


def fits(url: str, file: Path) -> bool:
    """Whether a copy is of the kind of database that `url` names."""
    return (file.suffix == ".db") == url.startswith(SQLITE)


def is_filled(url: str) -> bool:
    if url.startswith(SQLITE):
        return Path(url.removeprefix(SQLITE)).exists()
    return query(url, "select count(*) from information_schema.tables where table_schema = 'public'") != "0"


def query(url: str, sql: str) -> str:
    """What PostgreSQL answers, a line a row."""
    return _postgres("psql", url, "-Atc", sql).strip()


def shown(url: str) -> str:
    """The address without its password."""
    return url if url.startswith(SQLITE) else _apart(url)[0]


def copy_sqlite(source: Path, target: Path) -> Path:
    """By SQLite's backup API: whole, whatever is written meanwhile."""
    with closing(sqlite3.connect(source, timeout=60)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    return target


def _postgres(program: str, url: str, *args: str) -> str:
    if not POSTGRES.match(url):
        raise KefuError("a database of this kind is not known", url.split(":")[0], "use SQLite or PostgreSQL")
    if not shutil.which(program):
        raise KefuError(f"{program} is not installed", "PATH", "Debian: apt-get install postgresql-client")
    address, password = _apart(url)
    secret = {"PGPASSWORD": password} if password else {}  # a command line can be read by others
    done = subprocess.run(
        [program, f"--dbname={address}", *args], capture_output=True, text=True, env={**os.environ, **secret}
    )
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["no words"])[-1]
        raise KefuError(f"{program} ended with {done.returncode}: {said}", shown(url))
    return done.stdout


def _apart(url: str) -> tuple[str, str]:
    """(address as PostgreSQL's programs take it, without password; password)."""
    parts = urlsplit(POSTGRES.sub("postgresql://", url))
    login, at, host = parts.netloc.rpartition("@")
    user = login.split(":")[0]
    return urlunsplit(parts._replace(netloc=f"{user}{at}{host}")), unquote(parts.password or "")
