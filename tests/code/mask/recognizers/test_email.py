import pytest

from pipelines.mask.recognizers.email import Email


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("邮箱abc@qq.com谢谢", ["abc@qq.com"]),
        ("发到zhang.san+shop@mail.example.co.uk吧", ["zhang.san+shop@mail.example.co.uk"]),
        ("ａｂｃ＠ｑｑ．ｃｏｍ", ["ａｂｃ＠ｑｑ．ｃｏｍ"]),
        ("abc @ qq . com", ["abc @ qq . com"]),
        ("发abc@163这个", ["abc@163"]),
        ("abc(at)gmail.com", ["abc(at)gmail.com"]),
        ("write to jo at gmail dot com", ["jo at gmail dot com"]),
        ("service@limuji.example", []),
        ("我@了你", []),
        ("look at me dot", []),
        ("邮箱hello123@qq点com吧", ["hello123@qq点com"]),
        ("qq邮箱87654321", ["87654321"]),
        ("jane dot doe at gmail dot com", ["jane dot doe at gmail dot com"]),
        ("its nivika 45 gmailcom", ["nivika 45 gmailcom"]),
        ("robbie hotmail com", ["robbie hotmail com"]),
        ("we sell on gmail", []),
        ("look at this dot", []),
        ("前面是bluewhale77 后面是163点com", ["bluewhale77", "163点com"]),
        ("please write john (at) example.com", ["john (at) example.com"]),
        ("艾特客服也没人理", []),
        ("我邮箱是momo at gmail,不对", ["momo at gmail"]),
        ("我的邮箱 zhangwei 163.com", ["zhangwei 163.com"]),
        ("邮箱 163.com 登不上去", []),
        ("邮箱可以去163.com注册", []),
        ("邮箱是 l i h u a @ 1 6 3 . c o m 谢谢", ["l i h u a @ 1 6 3 . c o m"]),
        ("寄 li.wei @ posteo.de 就行", ["li.wei @ posteo.de"]),
        ("a.bc9@ proton.me谢谢", ["a.bc9@ proton.me"]),
        ("took 5 @ 3.please", []),
        ("写lihua（@）outlook.com就行", ["lihua（@）outlook.com"]),
    ],
)
def test_email(find, text, values):
    assert find(Email, text) == values
