"""Who starts and ends servers does so alone."""

import subprocess
import sys

from pipelines.servers.alone import alone

HOLD = """
import sys
from pipelines.servers.alone import alone
with alone():
    print("in", flush=True)
    sys.stdin.read()
"""


def holder():
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "in\n"
    return process


def test_one_waits_for_the_other_and_says_for_whom(own_home, capsys):
    other = holder()
    with alone(wait=False) as free:
        assert free is False
    other.stdin.close()
    with alone() as free:
        assert free is True
    other.wait()
    assert capsys.readouterr().out in (
        "",
        f"waits for process {other.pid}, which starts, ends or checks the servers\n",
    )


def test_a_killed_process_holds_nothing(own_home):
    other = holder()
    other.kill()
    other.wait()
    with alone(wait=False) as free:
        assert free is True
