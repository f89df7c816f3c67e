"""What the terminal shows."""

import io

from rich.console import Console

from pipelines.demo.show import Board, closing_table, seconds

DONE = {
    "task_id": "mask",
    "state": "success",
    "start_date": "2026-09-07T03:00:00+00:00",
    "end_date": "2026-09-07T03:01:05+00:00",
}
WAITING = {"task_id": "tune", "state": None, "start_date": None, "end_date": None}


def shown(console):
    return console.file.getvalue()


def test_plain_lines_say_each_change_once():
    console = Console(file=io.StringIO(), force_terminal=False, width=100)
    with Board(console) as board:
        for _ in range(3):
            board.show([WAITING, DONE], "mask: 10/20 rows, 5.0 rows/s, 2 s left")
    assert shown(console).count("mask: success 65 s") == 1
    assert shown(console).count("2 s left") == 1 and "tune" not in shown(console)


def test_a_terminal_gets_a_table():
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with Board(console) as board:
        board.show([WAITING, DONE], "")
    assert "mask" in shown(console) and "tune" in shown(console)


def test_seconds():
    assert seconds(DONE) == 65 and seconds(WAITING) == 0


def test_closing_table_has_rows_and_the_sum():
    console = Console(file=io.StringIO(), width=100)
    stages = [{"stage": "mask", "seconds": 2.5, "rows_in": 1200, "rows_out": 1200}]
    console.print(closing_table([*stages, {**stages[0], "stage": "dedup", "seconds": 1.5}]))
    assert "1,200" in shown(console) and "4.0" in shown(console)
