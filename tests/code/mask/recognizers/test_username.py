import pytest

from pipelines.mask.recognizers.username import Username


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("用户名zhang_san88登不上", ["zhang_san88"]),
        ("昵称：momo", ["momo"]),
        ("my username is evan.hall", ["evan.hall"]),
        ("log in as heather20", ["heather20"]),
        ("抖音号 xiaoli_shop", ["xiaoli_shop"]),
        ("用户名忘了", []),
        ("my username is wrong", []),
        ("账号登录不了", []),
        ("username or password", []),
    ],
)
def test_username(find, text, values):
    assert find(Username, text) == values
