"""The archive: whole or not at all, and every change of a byte is found."""

import io
import json
import stat
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.backup import archive
from pipelines.errors import KefuError

NAMES = st.from_regex(r"[a-z]{1,5}(/[a-z]{1,5}){0,2}\.bin", fullmatch=True)


@settings(max_examples=20)
@given(contents=st.dictionaries(NAMES, st.binary(max_size=200), max_size=4))
def test_what_goes_in_comes_out(contents, tmp_path_factory):
    base = tmp_path_factory.mktemp("archive")
    files = []
    for number, (name, raw) in enumerate(contents.items()):
        (base / str(number)).write_bytes(raw)
        files.append((name, base / str(number)))
    made = archive.write(base / "a.tar", files, {"made_at": "now"})
    assert archive.extract(base / "a.tar", base / "out") == made
    assert {name: (base / "out" / name).read_bytes() for name in contents} == contents


@pytest.fixture
def made(tmp_path):
    (tmp_path / "one").write_bytes(b"one" * 1000)
    archive.write(tmp_path / "a.tar", [("x/one", tmp_path / "one")], {})
    return tmp_path / "a.tar"


def test_only_its_owner_may_read_it(made):
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_a_changed_byte_is_found(made, tmp_path):
    raw = made.read_bytes()
    made.write_bytes(raw.replace(b"oneone", b"onEone", 1))
    with pytest.raises(KefuError, match="x/one is not what was backed up"):
        archive.extract(made, tmp_path / "out")


@pytest.mark.parametrize("kept", [0, 100, 3000])
def test_half_an_archive_is_refused(made, tmp_path, kept):
    made.write_bytes(made.read_bytes()[:kept])
    with pytest.raises(KefuError, match=r"cannot be read|no manifest"):
        archive.extract(made, tmp_path / "out")


def test_a_file_that_was_slipped_in_or_left_out_is_found(tmp_path):
    manifest = json.dumps({"files": {"missing": "0" * 64}}).encode()
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        for name, raw in (("extra", b"x"), (archive.MANIFEST, manifest)):
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            tar.addfile(info, io.BytesIO(raw))
    with pytest.raises(KefuError, match="2 fault") as caught:
        archive.extract(tmp_path / "a.tar", tmp_path / "out")
    assert "missing is missing" in str(caught.value) and "extra is not in the manifest" in str(caught.value)


def test_a_member_that_points_out_of_the_folder_is_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("../outside"), io.BytesIO(b""))
    with pytest.raises(KefuError, match="cannot be read"):
        archive.extract(tmp_path / "a.tar", tmp_path / "out")
    assert not (tmp_path / "outside").exists()


def test_nothing_is_left_where_a_file_vanished(tmp_path):
    with pytest.raises(FileNotFoundError):
        archive.write(tmp_path / "a.tar", [("x", tmp_path / "gone")], {})
    assert list(tmp_path.iterdir()) == []


def test_there_is_no_such_archive(tmp_path):
    with pytest.raises(KefuError, match="no such archive"):
        archive.extract(tmp_path / "none.tar", tmp_path / "out")
