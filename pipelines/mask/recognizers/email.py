"""E-mail addresses, with the dodges people use to write one."""

from pipelines.mask.recognizers.base import Recognizer, Z

_LOCAL = r"(?<![0-9A-Za-z._%+-])[0-9A-Za-z_](?:[0-9A-Za-z._%+-]*[0-9A-Za-z_+-])?"
_NAME = r"[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?"
_KNOWN = r"(?:qq|163|126|139|189|sina|sohu|foxmail|gmail|outlook|hotmail|yahoo|icloud|live|msn|aol)"


class Email(Recognizer):
    entity = "EMAIL"
    gate = r"@|艾特|\bat\b|\(at\)|#|圈a|邮"
    rules = (
        ("plain", rf"{_LOCAL}@{_NAME}(?:\.{_NAME})*\.[A-Za-z]{{2,}}{Z}", 0.95),
        ("spaced", rf"{_LOCAL}\s?@\s?{_NAME}(?:\s?[.。]\s?(?:com|cn|net|org|edu|co|uk))+{Z}", 0.85),
        ("at, no ending", rf"{_LOCAL}\s?(?:艾特|圈a|小老鼠)\s?{_KNOWN}(?![0-9A-Za-z.])", 0.75),
        ("no ending", rf"{_LOCAL}@{_KNOWN}(?![0-9A-Za-z.])", 0.7),
        ("dot in words", rf"{_LOCAL}\s?@\s?{_NAME}(?:\s?(?:点|dot|。)\s?(?:com|cn|net|org))+{Z}", 0.85),
        (
            "box of a provider",
            r"(?:qq|163|126)邮箱(?:号|账号)?\s*[是为:]?\s*\K[0-9A-Za-z][0-9A-Za-z._-]{4,24}(?![@0-9A-Za-z._-])",
            0.75,
        ),
        (
            "at",
            rf"{_LOCAL}\s?(?:\(at\)|\[at\]|艾特|圈a|小老鼠|#)\s?{_NAME}(?:\s?(?:\.|点|dot)\s?(?:com|cn|net"
            rf"|org))+{Z}",
            0.8,
        ),
        ("at, dot", rf"{_LOCAL}\s+at\s+{_NAME}\s+dot\s+(?:com|cn|net|org|co)(?:\s+dot\s+uk)?{Z}", 0.8),
    )
