"""Count, rate and time left."""

import io

from hypothesis import given
from hypothesis import strategies as st

from pipelines.progress import Progress


def test_a_line_has_count_rate_and_time_left():
    progress = Progress("mask", 1000, "rows", out=io.StringIO())
    progress.done = 250
    assert progress.line(progress.started + 10) == "mask: 250/1,000 rows, 25.0 rows/s, 30 s left"


def test_prints_at_most_every_interval():
    out = io.StringIO()
    slow, fast = Progress("a", 9, every_s=1e9, out=out), Progress("b", 9, every_s=0, out=out)
    for _ in range(9):
        slow.add()
        fast.add()
    assert out.getvalue().count("b:") == 9 and "a:" not in out.getvalue()
    slow.close()
    assert "a: 9 rows in" in out.getvalue()


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.floats(0, 1e6))
def test_no_count_or_clock_breaks_it(done, total, spent):
    progress = Progress("x", total, out=io.StringIO())
    progress.done = done
    assert progress.line(progress.started + spent).startswith("x: ")
