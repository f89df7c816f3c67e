import pytest

from pipelines.mask.recognizers.username import Username


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("free fire uid 3310448271", ["3310448271"]),
        ("a game id for gems? pubg 5520391847", ["5520391847"]),
        ("please change it from kittenfox41 to Ann", ["kittenfox41"]),
        ("changed it from monday to friday", []),
        ("it is @pia_paints or piapaints.22", ["@pia_paints", "piapaints.22"]),
        ("my id is STEAM_0:1:30284657", ["STEAM_0:1:30284657"]),
        ("his acct was mrossi.admin", ["mrossi.admin"]),
        ("Game id 77120938 server", ["77120938"]),
        ("account is shop.com", []),
        ("用户名zhang_san88登不上", ["zhang_san88"]),
        ("昵称：momo", ["momo"]),
        ("my username is evan.hall", ["evan.hall"]),
        ("log in as heather20", ["heather20"]),
        ("抖音号 xiaoli_shop", ["xiaoli_shop"]),
        ("用户名忘了", []),
        ("my username is wrong", []),
        ("账号登录不了", []),
        ("username or password", []),
        ("username stormrider_77 password", ["stormrider_77"]),
        ("insta is @kayla.bakes", ["@kayla.bakes"]),
        ("change my username from missy1999 to melissa.crane", ["missy1999", "melissa.crane"]),
        ("the pan handle broke off", []),
        ("tap the login page", []),
        ("游戏ID夜雨听风丶，充了没到账", ["夜雨听风丶"]),
        ("微博@一只橘猫叫发财 就是我", ["一只橘猫叫发财"]),
        ("我在小红书发了，号是95270386114", ["95270386114"]),
        ("昵称改成本名可以吗，现在是momo_37281", ["momo_37281"]),
        ("昵称怎么改", []),
        ("抖音直播间买的", []),
        ("twitch.tv/lowpolyluke is mine", ["lowpolyluke"]),
        ("my loyalty no is 884120093", ["884120093"]),
        ("user login page 404", []),
    ],
)
def test_username(find, text, values):
    assert find(Username, text) == values
