import pytest

from pipelines.mask.recognizers.birth_date import BirthDate


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("我生日是1990年3月7日啊", ["1990年3月7日"]),
        ("90年3月7号生的", ["90年3月7号"]),
        ("出生日期：1990-03-07", ["1990-03-07"]),
        ("生日19900307哦", ["19900307"]),
        ("born on March 7, 1990", ["March 7, 1990"]),
        ("DOB 07/03/1990", ["07/03/1990"]),
        ("生日农历三月初七", ["农历三月初七"]),
        ("2026年9月1日下的单", []),
        ("delivered on March 7, 2026", []),
        ("us two, 12 March 1960 and Nov 2, 1962", ["12 March 1960", "Nov 2, 1962"]),
        ("member since 12 March 1998", []),
        ("生日券怎么领", []),
        ("Passenger 2: Emeka, 23-APR-2001", ["23-APR-2001"]),
        ("born on the third of may nineteen eighty", ["the third of may nineteen eighty"]),
        ("arrives 23-APR-2026", []),
        ("我是1990年3月出生的", ["1990年3月"]),
        ("老公88/07/16的生日", ["88/07/16"]),
        ("出生年月199003", ["199003"]),
        ("生日0307", ["0307"]),
        ("我1995.06.18的，属猪", ["1995.06.18"]),
        ("1990年3月买的", []),
        ("疫苗本丢了,宝宝尹沐辰 2022.8.14", ["2022.8.14"]),
        ("宝宝的奶粉2024.5.1到货吗", []),
    ],
)
def test_birth_date(find, text, values):
    assert find(BirthDate, text) == values
