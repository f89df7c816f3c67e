"""Spans cut exactly the labelled value out of the text, whatever is typed around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sample.script import Segment, fill, render

INNER = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda t: t == t.strip())
SEGMENTS = st.lists(
    st.one_of(
        st.builds(Segment, st.text(max_size=8)),
        st.builds(Segment, INNER, st.sampled_from(["PHONE", "PERSON", "ADDRESS"])),
    ),
    max_size=6,
)


@given(SEGMENTS)
def test_render_cuts_the_values(segments):
    text, spans = render(segments)
    labelled = [s for s in segments if s.label]
    assert text == "".join(s.text for s in segments).strip()
    assert [(text[s.start : s.end], s.label) for s in spans] == [(s.text, s.label) for s in labelled]


def test_offsets_count_code_points_not_bytes():
    text, spans = render([Segment(" 😭电话"), Segment("１３８", "PHONE"), Segment("谢谢 ")])
    assert (text, spans[0].start, spans[0].end) == ("😭电话１３８谢谢", 3, 6)


def test_fill_keeps_text_between_slots():
    slots = {"name": Segment("王芳", "PERSON"), "count": Segment("3", fixed=True)}
    found = fill("{name}买了{count}个", slots.__getitem__)
    assert [(s.text, s.label) for s in found] == [
        ("王芳", "PERSON"),
        ("买了", None),
        ("3", None),
        ("个", None),
    ]


def test_unknown_slot_is_an_error():
    with pytest.raises(KeyError, match="nothing"):
        fill("{nothing}", {}.__getitem__)
