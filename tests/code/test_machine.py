"""What a machine lacks is told as an error that a task tries again, without a word of the data."""

import errno
import pickle
from concurrent.futures.process import BrokenProcessPool

import pytest

from pipelines.__main__ import main
from pipelines.errors import UnavailableError
from pipelines.machine import LACKS, lacks_told, told


@pytest.mark.parametrize("number", sorted(LACKS))
def test_each_lack_says_what_where_and_what_to_do(number, own_home):
    own_home.mkdir()
    error = told(OSError(number, "as the system says it", "/landing/13812345678.csv"))
    assert isinstance(error, UnavailableError) and error.found == LACKS[number][0]
    assert "MB free" in error.where and "goes on where it stopped" in error.todo
    assert "13812345678" not in str(error)


def test_a_killed_worker_and_too_little_memory_are_lacks():
    assert "killed" in told(BrokenProcessPool("a child process terminated abruptly")).found
    assert "memory" in told(MemoryError()).found


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "no"), OSError("no number"), ValueError()])
def test_others_pass_as_they_are(error):
    assert told(error) is None
    with pytest.raises(type(error)), lacks_told():
        raise error


def test_an_error_of_another_process_is_told_too():
    there_and_back = pickle.loads(pickle.dumps(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(UnavailableError, match="the disk is full"), lacks_told():
        raise there_and_back


def test_a_command_ends_with_its_words_and_airflow_tries_again(monkeypatch, capsys):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pipelines.commands.servers._status", full)
    assert main(["status"]) == 2
    assert capsys.readouterr().err.startswith("unavailable: the disk is full")
