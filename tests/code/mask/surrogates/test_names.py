import pytest
from faker.providers.person.en_US import Provider as English
from faker.providers.person.zh_CN import Provider as Chinese

from pipelines.mask.surrogates.draw import Draw
from pipelines.mask.surrogates.names import Names, Seen
from pipelines.mask.words import words

FEMALE = set("".join(Chinese.first_names_female))
MALE = set("".join(Chinese.first_names_male))


def renamed(*names, key=b"k" * 32):
    seen = [name if isinstance(name, Seen) else Seen(name) for name in names]
    made = Names(Draw(key, "c"), seen)
    return [made(name.value) for name in seen]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("张先生", "..先生"[1:]),
        ("王女士", ".女士"),
        ("欧阳老师", "..老师"),
        ("张建国经理", "...经理"),
        ("小李", "小."),
        ("老王", "老."),
        ("张建国", "..."),
        ("张 建 国", ". . ."),
        ("司马懿", "..."),
        ("买买提·艾力", "...·.."),
        ("王", "."),
    ],
)
def test_a_chinese_name_keeps_its_length_title_and_signs(name, kept):
    [new] = renamed(name)
    assert len(new) == len(name)
    for old, sign, char in zip(name, kept, new, strict=True):
        assert char == sign if sign != "." else char != old and "㐀" <= char <= "鿿"


def test_a_compound_family_name_stays_one():
    [new] = renamed("欧阳娜娜")
    assert new[:2] in words("surnames_compound") and len(new) == 4


def test_the_parts_of_one_person_stay_together():
    full, titled, given, spaced = renamed("张建国", "张先生", "建国", "张 建 国")
    assert titled == full[0] + "先生" and given == full[1:] and spaced == " ".join(full)
    whole, first, last, capitals = renamed(
        "Sarah Miller", "sarah", Seen("Miller", "Dear Ms. "), "SARAH MILLER"
    )
    assert whole == f"{first.capitalize()} {last}" and capitals == whole.upper()


def test_two_persons_stay_two_and_take_nobodys_name():
    names = [f"{family}伟" for family in words("surnames")[:40]]
    made = renamed(*names)
    assert len(set(made)) == 40 and not set(made) & set(names)
    assert not {name[0] for name in made} & {name[0] for name in names}


@pytest.mark.parametrize("key", [bytes([n]) * 32 for n in range(12)])
def test_the_gender_that_a_title_or_a_name_tells_is_kept(key):
    made = renamed(
        "李丽", "赵伟", "周超", "周女士", "Sarah", "Robert Lee", Seen("Kerr", "Mrs "), "Robin Kerr", key=key
    )
    assert set(made[0][1:]) <= FEMALE and set(made[1][1:]) <= MALE
    assert set(made[2][1:]) <= FEMALE  # Ms Zhou, whatever her name is mostly
    assert made[4] in English.first_names_female
    assert made[5].split()[0] in English.first_names_male


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("john smith", "lower"),
        ("JOHN SMITH", "upper"),
        ("John Q. Smith", "title"),
        ("viswa", "lower"),
        ("Wang Xiaoming", "title"),
        ("WANG XIAOMING", "upper"),
        ("Anne-Marie O'Brien", "title"),
    ],
)
def test_a_name_in_latin_script_keeps_its_words_and_capitals(name, shape):
    [new] = renamed(name)
    assert len(new.split()) == len(name.split()) and new.lower() != name.lower()
    assert {"lower": new.islower(), "upper": new.isupper(), "title": new[0].isupper() and not new.isupper()}[
        shape
    ]
    assert not set(new.lower().split()) & (set(name.lower().split()) - {"q."})


def test_a_length_class_is_kept():
    for name in ("Ann", "Joe", "Maria", "Donald", "Christopher", "Stephanie"):
        [new] = renamed(name)
        assert ((len(new) > 4) + (len(new) > 6)) == ((len(name) > 4) + (len(name) > 6))


@pytest.mark.parametrize("name", ["先生", "Мария", "Мария王", "123"])
def test_what_the_lists_do_not_know_has_no_surrogate(name):
    assert renamed(name) == [None]
