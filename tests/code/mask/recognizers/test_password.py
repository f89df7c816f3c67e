import pytest

from pipelines.mask.recognizers.password import Password


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("试了aa_784570也登不上", ["aa_784570"]),
        ("密码是Abc@1234登不上", ["Abc@1234"]),
        ("密码：hello，不对", ["hello"]),
        ("试了Limu!135501也登不上", ["Limu!135501"]),
        ("cvv是123", ["123"]),
        ("密码忘了怎么办", []),
        ("my password is wrong", []),
        ("I forgot my password", []),
        ("密码在APP里改", []),
        ("price is 299!", []),
        ("password is raj 123", ["raj 123"]),
        ("reset my password 3 times", []),
        ("changed it to bLue-Sky44 last week", ["bLue-Sky44"]),
        ("to get in the building dial #1937", ["#1937"]),
        ("safe word for my account is marmalade sky. ok", ["marmalade sky"]),
        ("log in w/ r.dang@x.com and Dang1234! fails", ["Dang1234!"]),
        ("press the reset pin for 10 seconds", []),
        ("bought an iPhone15!", []),
    ],
)
def test_password(find, text, values):
    assert find(Password, text) == values
