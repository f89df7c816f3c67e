"""Bank account numbers, sort codes and routing numbers, beside the word that says so."""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_EN = r"(?<![A-Za-z])(?:bank )?(?:account|acct|a/c|acc)(?: number| no\.?| num| #)?"
_ZH = (
    r"(?:银行(?:账|帐)[号户]|对公(?:账|帐)[号户]|开户(?:账|帐)?号|收款(?:账|帐)[号户]|基本户|一般户"
    r"|(?:账|帐)[号户])(?:账号|帐号|号)?"
)


class BankAccount(Recognizer):
    entity = "BANK_ACCOUNT"
    gate = r"(?:acc|last|sort|bsb|ac )[^\n]{0,60}\d{2}|\d{5}|\d{4} \d{4}|(?-i:[A-Z]{4}0)|\d{2}-\d{2}-\d{2}"
    near = r"routing|sort code|aba|bank|transfer|银行|开户|对公|转账|账[号户]|帐[号户]"
    before = 24
    rules = (
        ("English", rf"{_EN}\s*(?:[:#]|is|ending in)?\s*:?\s*\K\d(?:[- ]?\d){{5,19}}{Z}", 0.75),
        ("Chinese", rf"{_ZH}\s*(?:[:是为])?\s*:?\s*\K(?!1[3-9]\d{{9}}{Z})\d(?:[- ]?\d){{7,24}}{Z}", 0.8),
        ("sort code", rf"{A}\d{{2}}-\d{{2}}-\d{{2}}(?:[ ,/]+\d{{8}})?{Z}", 0.3),
        (
            "English in groups",
            rf"(?<![A-Za-z])(?:account|acct|acc|a/c)(?: (?:number|no\.?|num))?(?: is|:)? ?\K\d{{3,4}}"
            rf"(?:[ -]\d{{3,4}}){{1,4}}{Z}",
            0.75,
        ),
        (
            "short",
            rf"(?<![A-Za-z])(?:account|acct|acc|ac)(?: id)?(?: (?:number|no\.?|num|digits?))+(?: (?:is"
            rf"|was|ends in|ending in|ending))*\s*:?\s*\K\d{{3,9}}{Z}",
            0.7,
        ),
        (
            "last digits",
            rf"last (?:4|four) digits?(?: (?:of|is|are|was|my|the|your|account|acc|acct|number|no"
            rf"|and)){{0,8}}:? \K\d{{4}}{Z}",
            0.6,
        ),
        ("BSB", rf"(?<![A-Za-z])bsb(?: (?:number|no\.?|is))?:? ?\K\d{{3}}[- ]?\d{{3}}{Z}", 0.85),
        ("sort code", rf"(?<![A-Za-z])sort(?: ?code)?(?: is)?:? ?\K\d{{2}}[- ]?\d{{2}}[- ]?\d{{2}}{Z}", 0.85),
        ("sort", rf"(?<![A-Za-z])sort(?: ?code)?(?: number)?(?: is)?:? ?\K\d{{6}}{Z}", 0.8),
        (
            "ending",
            rf"(?:account|acct|a/c|savings|checking|current account)(?: number| no)? (?:(?:that "
            rf")?(?:ends|ending)"
            rf"(?: in| with)?|x+|\*+) ?\K\d{{3,6}}{Z}",
            0.75,
        ),
        ("transit", rf"(?<![A-Za-z])transit(?: number| no)?(?: is|:|#)? ?\K\d{{5}}{Z}", 0.8),
        (
            "debited",
            (
                rf"(?<![A-Za-z])(?:debit|debited|payments?|salary|refund)[^.?!\d\n]{{0,24}} (?:from|to"
                rf"|into) \K\d{{8,12}}{Z}"
            ),
            0.6,
        ),
        ("IFSC", rf"{A}(?-i:[A-Z]{{4}}0[A-Z0-9]{{6}}){Z}", 0.75),
        ("at a bank", r"(?<![A-Za-z])(?:use|to) \K\d{8,12}(?= (?:at|with) [a-z])", 0.65),
        ("of a bank", rf"(?<![A-Za-z])(?-i:[A-Z][a-z]+ Bank),?(?: a/?c)?(?: no\.?)? ?\K\d{{8,14}}{Z}", 0.75),
        ("routing", rf"(?:routing|aba)(?: number| no\.?)?\s*(?:[:#]|is)?\s*\K\d{{9}}{Z}", 0.8),
        ("digits", rf"{A}\d{{8,24}}{Z}", 0.25),
    )
    after = 0
