"""A server's processes: does it live, and the end of all that it started."""

from __future__ import annotations

import os
import signal

import psutil

GRACE_S = 10
Server = dict[str, float]  # pid, started (seconds since 1970)


def lives(server: Server) -> bool:
    """The very process that was started: after a reboot its number may be a stranger's."""
    try:
        process = psutil.Process(int(server["pid"]))
        same = abs(process.create_time() - server["started"]) < 1
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(server: Server) -> bool:
    """TERM to all that the server started, KILL to what is left after a grace time; False if none was.

    Its processes are found by their session, so that they end too where the server itself has died.
    """
    tree = [process for process in psutil.process_iter() if _of_session(process, server)]
    if lives(server):
        tree += psutil.Process(int(server["pid"])).children(recursive=True)
    for process in tree:
        _signal(process, signal.SIGTERM)
    _, left = psutil.wait_procs(tree, timeout=GRACE_S)
    for process in left:
        _signal(process, signal.SIGKILL)
    return bool(tree)


def _of_session(process: psutil.Process, server: Server) -> bool:
    try:
        if os.getsid(process.pid) != server["pid"] or process.status() == psutil.STATUS_ZOMBIE:
            return False
        leader = psutil.pid_exists(int(server["pid"]))
        return lives(server) if leader else process.create_time() >= server["started"] - 1
    except (psutil.NoSuchProcess, ProcessLookupError, PermissionError):
        return False


def _signal(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
