"""params.yaml: what is committed is right in every profile, and every fault is named, all at once."""

import copy

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import KefuError
from pipelines.params import PROFILE_SECTIONS, check, load
from tests.conftest import ROOT

RAW = yaml.safe_load((ROOT / "params.yaml").read_text())


def changed(path, value):
    raw = copy.deepcopy(RAW)
    *parents, last = path.split(".")
    at = raw
    for name in parents:
        at = at[int(name) if name.isdigit() else name]
    at[last] = value
    return raw


@pytest.mark.parametrize("profile", RAW["profiles"])
def test_every_profile_is_valid(profile):
    assert check({**RAW, "profile": profile}).profile == profile


def test_gpu_profile_names_an_8b_base_on_8_gpus_with_zero_3():
    params = check({**RAW, "profile": "gpu-8b"})
    assert params.model.min_params > 8 and params.model.license in params.model.allowed_licenses
    assert (params.deepspeed.zero_stage, params.deepspeed.processes) == (3, 8)


def test_a_profile_lies_over_the_file():
    assert check({**RAW, "profile": "tiny"}).model.base == "tiny"
    assert check({**RAW, "profile": "tiny"}).lora.r == RAW["lora"]["r"]


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("profile", "huge", "profile: 'huge' is not one of"),
        ("profiles", ["laptop"], "profiles: not a mapping of names"),
        ("profiles.laptop", 5, "profiles.laptop: not a mapping of sections"),
        ("profiles.laptop", {"tune": 5}, "profiles.laptop.tune: not a mapping of knobs (found: 5)"),
        ("lora.dropout", 1.5, "lora.dropout"),
        ("lora.rank", 4, "lora.rank"),
        ("pretrain.epochs", "many", "pretrain.epochs"),
        ("split.test", 0.95, "leave less than a tenth"),
        ("retrain.from", "yesterday", "retrain.from"),
        ("retrain.replay", 1.0, "retrain.replay"),
        ("retrain.base_every", -1, "retrain.base_every"),
        ("retrain.min_new_conversations", -1, "retrain.min_new_conversations"),
        ("retrain.min_drift", 2, "retrain.min_drift"),
        ("deepspeed.zero_stage", 5, "deepspeed.zero_stage"),
        ("deepspeed", {"zero_stage": 0, "offload": True, "processes": 1}, "offload needs zero_stage"),
        ("deepspeed", {"zero_stage": 0, "offload": False, "processes": 2}, "more than one process needs"),
        ("synthesize.endpoint.url", "http://localhost:1", "synthesize.endpoint: url needs model"),
        ("synthesize.endpoint.url", "http://me:secret@host/v1", "synthesize.endpoint.url"),
        ("sources", [], "sources"),
        ("sources.0.shape", "letters", "sources.0.shape"),
        ("sources.0.name", "Has Space", "sources.0.name"),
        ("ingest.since", "last week", "ingest.since"),
        ("profiles.laptop.split", {"test": 0.1}, "a profile may only override"),
    ],
)
def test_a_fault_is_named(path, value, named):
    with pytest.raises(KefuError, match="fault") as caught:
        check(changed(path, value))
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("jaccard", "found", "bands", "rows"), [(0.7, "91.8%", 32, 5), (0.6, "61.5%", 40, 4)]
)
def test_bands_that_overlook_duplicates_are_refused_with_some_that_do_not(jaccard, found, bands, rows):
    raw = changed("dedup.jaccard", jaccard)
    with pytest.raises(KefuError) as caught:
        check(raw)
    assert f"20 bands x 6 rows find only {found} of the pairs at jaccard {jaccard}" in str(caught.value)
    assert f"bands: {bands}, rows: {rows}" in str(caught.value)
    raw["dedup"].update(bands=bands, rows=rows)
    assert check(raw).dedup.bands == bands


def test_all_faults_come_in_one_message():
    raw = changed("lora.dropout", 7)
    raw["pretrain"]["warmup_ratio"] = 1
    raw["pretrain"]["epochs"] = 0
    raw["split"].update(validation=0.5, test=0.5)
    raw["sources"] = [RAW["sources"][0], RAW["sources"][0]]
    del raw["dedup"]["bands"]
    with pytest.raises(KefuError) as caught:
        check(raw)
    text = str(caught.value)
    assert text.startswith("6 fault(s)")
    for name in ("warmup", "lora.dropout", "pretrain.epochs", "split:", "stands twice", "dedup.bands"):
        assert name in text


@pytest.mark.parametrize("section", [name for name in RAW if name not in ("profile", "profiles")])
def test_a_missing_section_is_named(section):
    raw = copy.deepcopy(RAW)
    del raw[section]
    with pytest.raises(KefuError, match=section):
        check(raw)


@given(
    st.sampled_from(PROFILE_SECTIONS), st.one_of(st.none(), st.integers(), st.text(), st.lists(st.integers()))
)
def test_a_section_of_any_wrong_kind_is_a_fault_and_no_crash(section, value):
    with pytest.raises(KefuError):
        check({**RAW, "profile": "tiny", section: value})


def test_file_errors_say_where(tmp_path):
    with pytest.raises(KefuError, match="there is no params"):
        load(tmp_path / "params.yaml")
    broken = tmp_path / "params.yaml"
    broken.write_text("profile: [laptop\nsplit: 1")
    with pytest.raises(KefuError, match="line 2"):
        load(broken)
    broken.write_text("- a list")
    with pytest.raises(KefuError, match="does not hold a mapping"):
        load(broken)
