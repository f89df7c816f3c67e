"""A remembered table is whole and sound, or it is not there."""

import pyarrow as pa
import pytest

from pipelines.store import read_sound, write_whole

TABLE = pa.table({"row": pa.array(range(100), pa.int64()), "text": [f"t{i}" for i in range(100)]})


def test_what_was_written_is_read_again_and_writes_the_same_bytes(tmp_path):
    one, two = tmp_path / "a/one.parquet", tmp_path / "a/two.parquet"
    write_whole(one, TABLE)
    write_whole(two, read_sound(one, TABLE.schema))
    assert read_sound(one) == TABLE and one.read_bytes() == two.read_bytes()
    assert read_sound(tmp_path / "none.parquet") is None


@pytest.mark.parametrize("place", [6, 60, -6])
def test_a_flipped_byte_removes_the_file(tmp_path, place):
    path = tmp_path / "one.parquet"
    write_whole(path, TABLE)
    raw = bytearray(path.read_bytes())
    raw[place] ^= 0xFF
    path.write_bytes(raw)
    assert read_sound(path, TABLE.schema) is None and not path.exists()


def test_other_columns_are_not_taken_for_these(tmp_path):
    write_whole(tmp_path / "one.parquet", TABLE)
    assert read_sound(tmp_path / "one.parquet", TABLE.schema.remove(0)) is None


def test_a_write_that_fails_leaves_the_earlier_one_and_no_half(tmp_path):
    path = tmp_path / "one.parquet"
    write_whole(path, TABLE)
    with pytest.raises(TypeError):
        write_whole(path, TABLE, no_such_option=1)
    assert read_sound(path) == TABLE and list(tmp_path.iterdir()) == [path]
