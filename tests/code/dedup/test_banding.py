import pytest

from pipelines.dedup.banding import banding, enough, recall


@pytest.mark.parametrize("jaccard_threshold", [0.5, 0.7, 0.8, 0.95, 1.0])
def test_banding_overlooks_seldom_and_uses_the_most_rows(jaccard_threshold):
    bands, rows = banding(jaccard_threshold)
    assert (1 - jaccard_threshold**rows) ** bands <= 1e-4
    assert bands * rows <= 160
    more = rows + 1
    assert jaccard_threshold == 1.0 or (1 - jaccard_threshold**more) ** (160 // more) > 1e-4


@pytest.mark.parametrize(("jaccard", "found"), [(0.8, 0.998), (0.7, 0.918), (0.6, 0.615), (1.0, 1.0)])
def test_the_recall_of_twenty_bands_of_six_rows(jaccard, found):
    assert recall(jaccard, 20, 6) == pytest.approx(found, abs=5e-4)


@pytest.mark.parametrize("jaccard", [0.01, 0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
def test_there_are_always_bands_that_find_enough(jaccard):
    assert recall(jaccard, *enough(jaccard)) >= 0.99
