import pytest

from pipelines.mask.recognizers.name_beside import NameBeside


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("冉小川,重庆市渝北区黄山大道53号,15923048176", ["冉小川"]),
        ("令狐少华,13912345678", ["令狐少华"]),
        ("收件人练静怡,13912345678", ["练静怡"]),
        ("护照E12345678 苟有福", ["苟有福"]),
        ("方便的,13912345678", []),
        ("安装师傅,13912345678", []),
        ("万一,13912345678打不通", []),
        ("白色的,谢谢", []),
        ("高兴,今天不错", []),
        ("学平险,牛牧之,身份证371302201406111152", ["牛牧之"]),
        ("业主是我,练小琴,雍景湾5幢2302", ["练小琴"]),
        ("推荐豆腐脑、豆汁、羊杂汤,西城区护国寺大街93号", []),
    ],
)
def test_name_beside(find, text, values):
    assert find(NameBeside, text) == values
