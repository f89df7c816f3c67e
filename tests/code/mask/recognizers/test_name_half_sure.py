import pytest

from pipelines.mask.recognizers.name_half_sure import is_no_name, is_one, is_settled


@pytest.mark.parametrize(
    ("text", "value", "settled"),
    [
        ("户名成天朗", "成天朗", True),
        ("我实名是扶摇,在吗", "扶摇", True),
        ("简知行的快递", "简知行", True),
        ("工单是揭阳春提的", "揭阳春", True),
        ("从容,13502174469", "从容", True),
        ('刻"知意"', "知意", True),
        ("带长管荔枝纹,五金", "荔枝纹", False),
        ("去协和看风湿", "风湿", False),
    ],
)
def test_words_beside_a_name_settle_it(text, value, settled):
    start = text.index(value)
    assert is_settled(text, start, start + len(value)) == settled


@pytest.mark.parametrize("value", ["阿姨", "教授", "小哥", "家长", "咁先啱", "昆明", "苏州市", "我妹"])
def test_roles_cities_and_cantonese_are_no_names(value):
    assert is_no_name(value)


@pytest.mark.parametrize("value", ["刁阿姨", "小鹿", "从容", "林妹妹"])
def test_names_are_none_of_these(value):
    assert not is_no_name(value)


def test_one_character_must_be_a_family_name_that_is_sure():
    assert is_one("贺", 0.83) and not is_one("贺", 0.7) and not is_one("长", 0.9)
