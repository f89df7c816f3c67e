"""git as the tests of worktrees call it."""

import subprocess

WHO = ("-c", "user.name=t", "-c", "user.email=t@t")


def git(where, *args):
    done = subprocess.run(["git", *args], cwd=where, capture_output=True, text=True, check=True)
    return done.stdout.strip()
