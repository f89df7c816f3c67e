import sqlite3

import pytest

from pipelines.errors import KefuError
from pipelines.synthesize.cache import Answer, Cache

SAID = Answer(("能退吗", "退货行不"), personal=1, tokens=(30, 12))


def test_comes_back_whole_and_after_a_restart(tmp_path):
    first = Cache(tmp_path / "store/c.sqlite")
    assert first.get("k") is None
    first.put("k", SAID, {"model": "m", "seed": 1})
    assert first.get("k") == Cache(tmp_path / "store/c.sqlite").get("k") == SAID


def test_the_settings_stand_beside_the_answer(tmp_path):
    Cache(tmp_path / "c.sqlite").put("k", SAID, {"seed": 1, "model": "m"})
    row = sqlite3.connect(tmp_path / "c.sqlite").execute("SELECT settings FROM paraphrases").fetchone()
    assert row == ('{"model": "m", "seed": 1}',)


def test_two_runs_may_write_at_once_and_the_first_answer_stays(tmp_path):
    one, two = Cache(tmp_path / "c.sqlite"), Cache(tmp_path / "c.sqlite")
    one.put("k", SAID, {})
    two.put("k", Answer(("别的",)), {})
    assert two.get("k") == SAID


def test_a_damaged_file_is_told_with_what_to_do(tmp_path):
    (tmp_path / "c.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(KefuError, match="damaged") as caught:
        Cache(tmp_path / "c.sqlite")
    assert "move it away" in caught.value.todo


def test_a_file_of_other_columns_is_told(tmp_path):
    sqlite3.connect(tmp_path / "c.sqlite").execute("CREATE TABLE paraphrases (key TEXT)")
    with pytest.raises(KefuError, match="cannot be used"):
        Cache(tmp_path / "c.sqlite").get("k")
