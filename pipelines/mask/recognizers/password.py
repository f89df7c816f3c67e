"""Passwords, PINs and card security codes said in the chat."""

from pipelines.mask.recognizers.base import Recognizer

_ASCII = r"[\x21-\x2b\x2d-\x7e]"  # no comma
_END = r"(?<![.,;!?])"
_ZH = r"(?:密码|口令)"
_EN = r"(?<![A-Za-z])(?<!(?:collection|delivery|locker|pick[- ]?up|one[- ]time) )(?:pas{1,2}w[a-z]{1,4}|passcode|pass word|pwd|pw|security word|pin(?: code| number)?)"
_MIXED = rf"(?![:=])(?={_ASCII}*[0-9@#$%^&*_!])"


class Password(Recognizer):
    entity = "PASSWORD"
    gate = r"[!@#$^&*]|code|security|secret|verbal|memorable|maiden|safe ?word|试|tried|(?:it|mine|that|this|them|back|set) to |#|密码|口令|pass|pwd|pin|cvv|cvc|安全码"
    after = 20
    near = r"密码|登[录陆]|登不|试|pass|log ?in|sign ?in|tried|(?<![a-z])auth|credentials|creds"
    before = 48
    rules = (
        (
            "tried",
            (rf"(?:试了|试过|(?<![A-Za-z])tried)\s*\K{_MIXED}(?={_ASCII}*[A-Za-z]){_ASCII}{{5,40}}{_END}"),
            0.65,
        ),
        (
            "looks like one",
            (
                rf"(?<!{_ASCII})(?=\S*[A-Za-z])(?=\S*\d)[A-Za-z0-9_]+[!@#$^&*][A-Za-z0-9!@#$^&*_]{{2,20}}"
                rf"(?!{_ASCII}"
                rf"|\.)"
            ),
            0.3,
        ),
        (
            "changed to",
            rf"(?:changed|set|reset|updated|switched) (?:it|mine|that|this|them)? ?(?:back )?to \K(?=\S*[a-z])(?=\S*\d)"
            rf"(?-i:(?=\S*[A-Z])(?=\S*[a-z])){_ASCII}{{7,40}}{_END}",
            0.65,
        ),
        (
            "keypad",
            r"(?:door|gate|building|key ?pad|buzz\w*|entry|get in|lock\w*|intercom|alarm)[^.?!\n]{0,40}?"
            r"(?<![0-9A-Za-z#*])\K(?:[#*]?\d{3,8}[#*]|[#*]\d{3,8})(?![0-9A-Za-z])",
            0.65,
        ),
        (
            "beside an e-mail address",
            rf"@[A-Za-z0-9.-]+\.[a-z]{{2,}} ?(?:and|/|with|\+|&|:) ?\K(?=\S*[A-Za-z])(?=\S*\d)(?!\S*@\S+\.){_ASCII}{{6,30}}{_END}",
            0.3,
        ),
        (
            "signs at its end",
            r"(?<![0-9A-Za-z@._/#-])(?-i:(?=[A-Za-z\d_]*[A-Z])(?=[A-Za-z\d_]*[a-z]))(?=[A-Za-z_]*\d)[A-Za-z\d_]{6,24}"
            r"[!@#$^&*]{1,3}(?![0-9A-Za-z@.])",
            0.3,
        ),
        ("Chinese", rf"{_ZH}[^\x21-\x7e。?]{{0,3}}[是为:=成]\s*\K{_ASCII}{{4,40}}{_END}", 0.8),
        ("Chinese next", rf"{_ZH}[^\x21-\x7e。?]{{0,6}}\K{_MIXED}{_ASCII}{{5,40}}{_END}", 0.7),
        (
            "and another",
            rf"(?<![A-Za-z])tried {_ASCII}{{4,20}} (?:and|or|then) \K{_MIXED}"
            rf"(?={_ASCII}*[A-Za-z]){_ASCII}{{5,40}}{_END}",
            0.65,
        ),
        (
            "English letters",
            rf"{_EN}\s+(?:is|was|to)\s+\K(?!the |my |not |wrong|reset|a |incorrect"
            rf"|invalid)[a-z]{{2,4}} \d{{1,5}}(?![0-9A-Za-z])",
            0.7,
        ),
        (
            "English pieces",
            rf"{_EN}\s+(?:is\s+)?\K(?!(?:is|was|for|to|of|on|in|at|the|my|and|or|but|has|had|it|not|no)(?![a-z]))(?=[a-z ]*\d)(?:[a-z]{{1,6}} \d{{1,6}}|\d{{1,6}} [a-z]{{1,4}}(?! ?"
            rf"(?:days|times|hours)))(?: (?:[a-z]|\d{{1,5}})(?![0-9A-Za-z])){{0,4}}(?![0-9A-Za-z])",
            0.6,
        ),
        ("security code", r"(?:cvv2?|cvc2?|安全码)\s*[:是为]?\s*:?\s*\K\d{3,4}(?!\d)", 0.8),
        (
            "secret said",
            r"(?<![A-Za-z])(?:security answer|answer to (?:the|my|that) (?:security )?question"
            r"|memorable (?:word|place|name|date|answer|info(?:rmation)?)"
            r"|(?:secret|verbal|safe) ?(?:pass)?word|pass(?:word)? ?phrase|maiden name)(?: (?:for|on|of|to)(?: (?:my|the|this|our))?(?: [a-z]+){1,2})?(?: is| was| should be|:) \K"
            r"(?!(?:not|wrong|what|the one|incorrect|asked|being|never|always)(?![a-z]))[A-Za-z0-9'’-]{2,20}(?: (?!(?:and|but|or|so|is|if|for|on|in)(?![a-z]))[A-Za-z0-9'’-]{1,20}){0,2}",
            0.75,
        ),
    )
