"""Values of many forms: those of carriers, offices and countries, user names, passwords.

In a form `#` is a digit, `~` one from 1 on, `@` a letter, `%` either; the rest stands for itself.
In HANDLES and PASSWORDS `f` and `l` are names, `w` and `v` words, `n` a number, `i` a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from random import Random

from bench.reader import addresses
from pipelines.mask import lexicon_en as lexicon

FORMS: dict[str, str] = {
    "ORDER_NUMBER": (
        "~######|~########|~#########|~###-####|###-#######-#######|#~~#######|~####|~#####|@~######|"
        "@@~######|@@@~#####|@@-~####|@@@-~#####|@-~####|@@####-####|@@@/####/##|@/####/#|@@ #### ####|"
        "@@@ ### ### ##|@@@-####-##|@@@####-####-@|%%%%%%|@%%%%%|#@@@#@|@@@-@@-####|##-####-@##|"
        "@####-####|@@@/20##/#####|20######-####|@@##########|#####-#####|#~######|@@@########|"
        "@@-20##-####|@@@@~####|@~#######-##|####.###.###|@#### ####|###-###-####|"
        "#### #### #### ####|@@/####|"
        "####/##|@@@@@##|#-######|@@@ ######|@#####-@|####-@@|@@@_######|@@@@-####-@@|@@@@@#####|~####.##"
    ),
    "TRACKING_NUMBER": (
        "1Z%%%%%%##########|1Z %%% %%% ## #### ####|@@#########GB|@@#########CN|@@ ### ### ### CN|"
        "@@ #### #### # GB|@@#########@@|9405 5### #### #### #### ##|92####################|"
        "940010################|9205 #### #### #### #### ##|7### #### ####|##############|"
        "1550# #### #### ##|@@######|JD00###############|H00%@%00########|TBA############|##########|"
        "############|SF13##########|YT##############|LP##############|JJD00###############|"
        "3S%%%%#######|DT##########|###-########|@@@@@#####|420#####92####################|773##########|"
        "4#############|@@########|00##########|H##@@ @### #### ####|JD## #### #### #### ####|#### #### ##"
    ),
    "OTP": (
        "####|######|######|### ###|###-###|## ## ##|########|@-######|%%%%-%%%%|####@|@%#%|"
        "#####|@@@-###|@%@-%@@|# # # # # #|@####"
    ),
    "PASSPORT": (
        "#########|### ### ###|@########|@@#######|@#######|@@######|##@@#####|C%%%%%%%%|@#######@|"
        "E########|EA#######|@@@######|N########|#######|@## ######"
    ),
    "DRIVING_LICENCE": (
        "@@@@@ ###### @@#@@|@@@@@######@@#@@|@###-####-####|@#######|########|@####-######-##|##########|"
        "@####-#####-#####|@@########|@## ### ###|@@ ######|##-###-####|#########|@############"
    ),
    "CREDIT_CODE": (
        "GB#########|### #### ##|DE#########|IE #######@@|IE#######@|## ### ### ###|##-#######|########|"
        "FR##########|@########@|20#######@|NL#########B##|##@@@@@####@1Z%|GB ### #### ##|BE 0###.###.###|"
        "BE0#########|ATU########|ATU #### ####|ES@########|@########|IT###########|"
        "PL##########|SE############|"
        "FR ## ### ### ###|DE ### ### ###|CHE-###.###.###|DK ## ## ## ##|########-#-##|#########RT0001|"
        "##.###.###/####-##|PT ### ### ###|#######-#"
    ),
    "SSN": (
        "###-##-####|### ## ####|#########|@@ ## ## ## @|@@######@|### ### ###|###-###-###|####|#######@|"
        "#######@@|## ###### @ ###|# ## ## ## ### ###|###-##-####|### ## ####|######-####"
    ),
    "BANK_ACCOUNT": (
        "########|##########|##-##-##|0#########|############|#########|######|###-###|@@@@0######|"
        "#### #### ####|#######"
    ),
    "ID_CARD": (
        "784-19##-#######-#|78419##########|#### #### ####|############|@@@@@####@|@######(#)|@#######@|"
        "@######(@)|##########083|#############|###.###.###-##|######-##-####|#####-#######-#|########@|"
        "@%%%%%%%%|#########|@@#####@@|######-####|###########|1.###.###.###|@@@@######@@@@@@##|########@|"
        "@#######@|######-#######|##.###.###-#|@@@@@@##@##@###@|#-####-#####-##-#|"
        "######-##-####|## ##### #####"
    ),
    "TRAVEL_PERMIT": (
        "H########|M########|########|#########|C########|H##########|0#######|H####-####|H ## ## ## ##|"
        "@ #### ####|#### ####|@@ #######|H ########"
    ),
    "QQ": (
        "########|#########|##########|~####|~######|### ### ###|###-###-###|### ### ####|#### #### ##|"
        "##### #####|### #### ###|~#### ####"
    ),
    "ZIP": (
        "#####|#####-####|@#@ #@#|@#@#@#|@@# #@@|@@## #@@|@# #@@|@@#@ #@@|@@###@@|####|### ###|#### @@|"
        "###-####|##-###|### ##|@## @%@#|@##%%%%"
    ),
    "LICENSE_PLATE": (
        "@@## @@@|@@##@@@|###-@@@|@@@-####|@@@ ####|#@@@###|#@@@ ###|@@@-###|##-@-#####|###-@@-####|"
        "@@ ## @@ ####|@@##@@####|@@ ## @ ####|@@@ #### @|@@@####@|@@@-###@@|@@-@@ ####|@@-@ ###|@@ ### @@|"
        "@@###@@|@@-###-@@|##-@@@-#|@ ####|@@ ###-##|@###@@|@@@ ##@|#### @@@|@@ #####|# @@@ ###"
    ),
    "PHONE": (
        "0#### ######|07### ######|07###-###-###|07### ### ###|+44 7### ######|+1 ### ### ####|"
        "(###) ###-####|"
        "###-###-####|### ### ####|##########|#### ####|0### ### ###|04## ### ###|"
        "+61 4## ### ###|+91 ##### #####|"
        "##### #####|#### #### ##|#### ######|### #### ###|# # # # # # # # # #|+49 ### #######|"
        "+33 6 ## ## ## ##|"
        "06 ## ## ## ##|6## ### ###|+34 6## ### ###|+971 5# ### ####|05# ### ####|"
        "+65 #### ####|+852 #### ####|"
        "08# ### ####|080# ### ####|+234 80# ### ####|07## ### ###|+254 7## ######|"
        "09## ### ####|01#-### ####|"
        "0##-### ## ##|8 ### ### ## ##|+###########|00## ### ######|### ####|###.###.####|#####-#####"
    ),
}
MEMBERS = "@@ ########|@@-#######|@#######|##########|@@######|@@@-#######|#########|@@####|####-####"
_OF_CHINA = re.compile(r"1[3-9]\d{9}|\d{6}|\+?86.*|0\d{2,3}-?\d{7,8}")  # by far the most there
HANDLES = (
    "{f}{l}{n}|{f}.{l}|{f}_{l}{n}|{i}{l}{n}|{i}{l}|{i}.{l}{n}|{w}{n}|{w}_{v}{n}|{W}{V}{n}|{F}{W}{n}|"
    "{w}.{v}|{i}{i}{nnnnn}|{w}and{v}|@{f}_{w}|{f}_{n}|{F}{L}{n}|the{w}{v}{n}|{W}_{F}|{f}{n}|"
    "{w}-{v}{n}|{F}_{W}s|x{W}x{n}|{l}{f}{n}|{i}{i}{n}{n}|{f}.{i}|{w}{v}|{w}{v}|{w}{l}|"
    "{f}in{w}|{W} {V}|{W} of {V}|The {W}|{f}s{w}|"
    "{w}_{v}_{i}|{W}{V}|{W}{V}{W}|{i}{i}{i}{w}|{W}#{nnnnn}|{f}{i}.{n}|{W}-{w}-{n}|{w}.{v}.{n}"
)
PASSWORDS = (
    "{W}{n}!|{W}{n}|{w}{n}|{W}.{V}{n}|{w}-{v}-{n}|{W}#{n}|{F}{n}!!|{n}{W}?|{W}-{nnnnn}-{i}{i}|"
    "{F}4Ever!|{W}&{V}{n}|{w}_{n}|!{W}{n}{V}|{i}{n}{I}{n}{i}{i}|{w}{v}{n}|{W}_{V}|{W}@{n}|{f}{f}{n}|"
    "{I}{i}{n}-{i}{i}{I}{n}|{W}{n}$|{W}Is{V}{n}|{w}{n}*|Temp-{nnnnn}-{i}{i}"
)
_LEET = str.maketrans("aeiost", "431057")
_CHARS = re.compile(r"[#~@%]")
_WECHAT = re.compile(r"[A-Za-z][A-Za-z0-9_-]{5,19}")


def drawn(kind: str, value: str, random: Random) -> str | None:
    """Another value of `kind` in place of `value`; None for a type that has no forms here."""
    if kind in ("PHONE", "ZIP") and _OF_CHINA.fullmatch(value):
        return None
    if kind == "ADDRESS":
        return _filled(addresses.drawn(random), random).replace("^", "#")
    if kind == "USERNAME" and value[-1].isdigit() and random.random() < 0.4:
        return _filled(_one(MEMBERS, random), random)
    if kind in FORMS:
        return _filled(_one(FORMS[kind], random), random)
    if kind in ("USERNAME", "WECHAT"):
        handle = _worded(_one(HANDLES, random), random)
        return handle if kind == "USERNAME" or _WECHAT.fullmatch(handle) else None
    if kind == "PASSWORD":
        value = _worded(_one(PASSWORDS, random), random)
        return value[:1] + value[1:].translate(_LEET) if random.random() < 0.15 else value
    return None


def _one(forms: str, random: Random) -> str:
    return random.choice(forms.split("|"))


def _filled(form: str, random: Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    draws = {
        "#": lambda: str(random.randint(0, 9)),
        "~": lambda: str(random.randint(1, 9)),
        "@": lambda: random.choice(letters),
        "%": lambda: random.choice(letters + "0123456789" * 2),
    }
    return _CHARS.sub(lambda match: draws[match.group()](), form)


def _worded(form: str, random: Random) -> str:
    first, last, word, other = (random.choice(pool) for pool in (*_names(), _words(), _words()))
    number = str(random.randint(1, 9999) if random.random() < 0.5 else random.randint(1950, 2012))
    initial = random.choice("abcdefghjklmnprstw")
    parts = {
        "f": first,
        "l": last,
        "w": word,
        "v": other,
        "n": number,
        "nnnnn": f"{random.randint(0, 99999):05}",
        "i": initial,
    }
    capital = {name.upper(): part.capitalize() for name, part in parts.items() if len(name) == 1}
    return form.format(**parts, **capital)


@lru_cache
def _names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    return _plain(lexicon.english_first_names(), 8), _plain(lexicon.last_names(), 10)


@lru_cache
def _words() -> tuple[str, ...]:
    return _plain(lexicon.frequent(), 8)


def _plain(listed: Iterable[str], longest: int) -> tuple[str, ...]:
    fitting = (word for word in listed if word.isascii() and word.isalpha())
    return tuple(sorted(word for word in fitting if 3 <= len(word) <= longest))
