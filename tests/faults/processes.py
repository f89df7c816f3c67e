"""Process trees of servers and tasks, and their sudden end."""

from __future__ import annotations

import contextlib
import os
import signal

import psutil


def lives(server):
    """Of state.json: the very process that was started, and no zombie."""
    try:
        process = psutil.Process(int(server["pid"]))
        return abs(process.create_time() - server["started"]) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def task_of(scheduler, task_id, whole):
    """The process of the task with this id; `whole`: the executor's worker that supervises it."""
    for worker in scheduler.children():
        if task_id in said(worker):
            return worker if whole else worker.children()[0]
    raise LookupError(f"no worker has the task {task_id}")


def said(process):
    """Its command line, which Airflow's workers keep for what they do; "" when it is gone."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def kill_tree(process):
    """SIGKILL to the process first and then to all that it had started; returns how many there were."""
    tree = [process, *process.children(recursive=True)]
    for one in tree:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.send_signal(signal.SIGKILL)
    psutil.wait_procs(tree, timeout=10)
    return len(tree)


def session_of(leader):
    """The server `leader` (a process id), all in its session and all that they started."""
    members = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError, PermissionError):
            if os.getsid(process.pid) == leader:
                members |= {process, *process.children(recursive=True)}
    return members


def switch_off(leaders):
    """SIGKILL to every process of the servers at once, their tasks included; returns how many."""
    everything = set().union(*(session_of(leader) for leader in leaders))
    end_at_once(everything)
    return len(everything)


def end_at_once(everything):
    """SIGKILL to all of them before any can react to a neighbour's death."""
    for sign in (signal.SIGSTOP, signal.SIGKILL):
        for process in everything:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(sign)
    psutil.wait_procs(list(everything), timeout=10)


def kill_server(server):
    """kill -9 of the server and of its children that serve; a scheduler's workers are left alone behind."""
    children = [] if "scheduler" in said(server) else server.children(recursive=True)
    for one in [server, *children]:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.send_signal(signal.SIGKILL)
    psutil.wait_procs([server, *children], timeout=10)
