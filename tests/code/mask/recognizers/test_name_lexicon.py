import pytest

from pipelines.mask.recognizers.name_lexicon import NameLexicon


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Hello, I am Denzel, your virtual assistant", []),
        ("my employer is Arnold Clark", []),
        ("Josh I think", ["Josh"]),
        ("John I. Price", ["John I. Price"]),
        ("I'll ask Denzel from dispatch", ["Denzel"]),
        ("danny kowalczyk here", ["danny kowalczyk"]),
        ("my parents linda and gary schultz", ["linda", "gary schultz"]),
        ("hi xiomara, my dress", ["xiomara"]),
        ("holder Sanne de Groot", ["Sanne de Groot"]),
        ("my husband Tom ordered it", ["Tom"]),
        ("联系Denzel谢谢", ["Denzel"]),
        ("The Hudson sofa", []),
        ("is the Ralph Lauren polo small", []),
        ("Harry Potter lego", []),
        ("Ben & Jerry's", []),
        ("stuck in Denver", []),
        ("Save Changes", []),
        ("a grace period of 10 days", []),
    ],
)
def test_name_lexicon(find, text, values):
    assert find(NameLexicon, text) == values
