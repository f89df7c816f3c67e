"""International bank account numbers (ISO 13616)."""

from pipelines.mask.recognizers.base import A, Recognizer, Z

_COUNTRY = (
    r"(?:AD|AE|AL|AT|AZ|BA|BE|BG|BH|BR|BY|CH|CR|CY|CZ|DE|DK|DO|EE|EG|ES|FI|FO|FR|GB|GE|GI|GL|GR|GT|HR|HU"
    r"|IE|IL|IQ|IS"
    r"|IT|JO|KW|KZ|LB|LC|LI|LT|LU|LV|MC|MD|ME|MK|MR|MT|MU|NL|NO|PK|PL|PS|PT|QA|RO|RS|SA|SC|SE|SI|SK|SM"
    r"|TN|TR|UA|VG|XK)"
)


class Iban(Recognizer):
    entity = "IBAN"
    gate = r"[A-Z]{2}\d{2}"
    near = r"iban|account|账号|账户|转账|transfer|bank"
    rules = (
        ("joined", rf"{A}{_COUNTRY}\d{{2}}[A-Z0-9]{{11,30}}{Z}", 0.7),
        ("in groups", rf"{A}{_COUNTRY}\d{{2}}(?: [A-Z0-9]{{4}}){{2,7}}(?: [A-Z0-9]{{1,3}})?{Z}", 0.7),
    )

    def checksum(self, value: str) -> bool:
        """MOD 97-10: the rearranged number leaves 1."""
        plain = value.replace(" ", "").upper()
        return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1
