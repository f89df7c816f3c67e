from pipelines.dedup.normalise import normalise
from pipelines.synthesize.copies import copies, repeated

STANDING = "我上周买的那个电饭煲内胆掉漆了，这种情况你们给换新的吗"
NEARLY = "我上周买的那个电饭煲内胆掉漆了，这种情况你们给换新的不"
OTHER = "内胆掉漆给换新的不，上周刚买的电饭煲"


def test_what_differs_by_next_to_nothing_is_a_copy(params):
    assert copies([NEARLY, OTHER], [normalise(STANDING)], params.dedup) == {NEARLY}
    assert copies([], [normalise(STANDING)], params.dedup) == set()


def test_of_two_that_are_nearly_the_same_the_first_stays(params):
    assert repeated([STANDING, OTHER, NEARLY], params.dedup) == [2]
