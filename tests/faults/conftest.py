"""One installation and one undisturbed run, which every disturbed run is compared with.

`$KEFU_FAULTS_AT` names a folder that is kept, so that a single test can be run again without the first run.
"""

import json
import os
import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import table
from tests.faults.installation import Installation, Run
from tests.faults.outcome import outcome

SEED = int(os.environ.get("KEFU_FAULTS_SEED", "7"))


def pytest_collection_modifyitems(config, items):
    """The long half runs where it is asked for by its mark: `make faults`."""
    if "faults" in (config.option.markexpr or ""):
        return
    here = Path(__file__).parent
    long = [i for i in items if here in i.path.parents and i.get_closest_marker("faults")]
    items[:] = [i for i in items if i not in long]
    config.hook.pytest_deselected(items=long)


def pytest_terminal_summary(terminalreporter, config):
    if "faults" in (config.option.markexpr or "") and table.known():
        terminalreporter.write_line(table.table())
        table.write_page(SEED)


@dataclass
class Reference:
    """The undisturbed run: what it made, and seconds of each task and of the whole."""

    outcome: dict
    tasks: dict
    seconds: float


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    kept = os.environ.get("KEFU_FAULTS_AT")
    path = (Path(kept) if kept else tmp_path_factory.mktemp("faults")) / "kefu"
    file = path.parent / "installation.pickle"
    at = pickle.loads(file.read_bytes()) if file.exists() else Installation(path)
    file.write_bytes(pickle.dumps(at))
    before = os.environ.get("KEFU_HOME")
    at.up()
    yield at
    at.down()
    os.environ.pop("KEFU_HOME", None)
    os.environ.update({"KEFU_HOME": before} if before else {})


@pytest.fixture(scope="session")
def reference(installation):
    file = installation.path.parent / "reference.json"
    if not file.exists():
        installation.forget_work()
        run = Run(installation)
        assert run.until_ended() == "success"
        tasks = {task: run.lasted(task) for task in run.tasks()}
        made = {"outcome": outcome(installation, run.id), "tasks": tasks, "seconds": run.seconds()}
        file.write_text(json.dumps(made))
    return Reference(**json.loads(file.read_text()))


@pytest.fixture
def at(installation, reference):
    """The installation with its servers up and nothing that a run could take over from an earlier one."""
    installation.up()
    installation.forget_work()
    return installation
