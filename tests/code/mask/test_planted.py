"""What the end-to-end test plants and looks for afterwards is masked, whatever was drawn."""

import json

from pipelines.mask.conversation import mask_conversation
from pipelines.mask.detect import find_simple
from pipelines.mask.workers import Workers
from tests.canary import Searcher, forms
from tests.planted import PLANTED, TALKS, plant


def test_everything_planted_in_a_text_is_masked(policy, tmp_path):
    plant(tmp_path)
    [file] = tmp_path.iterdir()
    rows = [json.loads(line) for line in file.read_text().splitlines()[:-1]]
    talks = {name: [(r["role"], r["text"]) for r in rows if r["conversation_id"] == name] for name in TALKS}
    with Workers(policy, 1, 64) as workers:
        known = workers.find(text for talk in talks.values() for _, text in talk)
    masked = {name: mask_conversation(talk, known, policy).texts for name, talk in talks.items()}
    said = "\n".join(text for texts in masked.values() for text in texts)
    assert Searcher(PLANTED).find(said.encode()) == set(), said
    assert [text for text in said.splitlines() if find_simple(text, policy)] == []


def test_every_planted_value_is_looked_for_as_it_was_typed():
    assert [value for value in PLANTED if value.encode() not in forms(value)] == []
    assert len(set(PLANTED)) == len(PLANTED) - 4, "four are echoed in the spelling of their first mention"
