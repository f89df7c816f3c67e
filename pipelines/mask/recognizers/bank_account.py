"""Bank account numbers, sort codes and routing numbers, beside the word that says so."""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_EN = r"(?<![A-Za-z])(?:bank )?(?:account|acct|a/c|acc)(?: number| no\.?| num| #)?"
_ZH = (
    r"(?:银行(?:账|帐)[号户]|对公(?:账|帐)[号户]|开户(?:账|帐)?号|收款(?:账|帐)[号户]|基本户|一般户"
    r"|(?:账|帐)[号户])(?:账号|帐号|号)?"
)


class BankAccount(Recognizer):
    entity = "BANK_ACCOUNT"
    gate = r"\d{5}|\d{4} \d{4}|\d{2}-\d{2}-\d{2}"
    near = r"routing|sort code|aba|bank|transfer|银行|开户|对公|转账|账[号户]|帐[号户]"
    before = 24
    rules = (
        ("English", rf"{_EN}\s*(?:[:#]|is|ending in)?\s*:?\s*\K\d(?:[- ]?\d){{5,19}}{Z}", 0.75),
        ("Chinese", rf"{_ZH}\s*(?:[:是为])?\s*:?\s*\K\d(?:[- ]?\d){{7,24}}{Z}", 0.8),
        ("sort code", rf"{A}\d{{2}}-\d{{2}}-\d{{2}}(?:[ ,/]+\d{{8}})?{Z}", 0.3),
        ("routing", rf"(?:routing|aba)(?: number| no\.?)?\s*(?:[:#]|is)?\s*\K\d{{9}}{Z}", 0.8),
        ("digits", rf"{A}\d{{8,24}}{Z}", 0.25),
    )
    after = 0
