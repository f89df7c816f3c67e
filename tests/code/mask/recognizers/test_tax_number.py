import pytest

from pipelines.mask.recognizers.tax_number import TaxNumber


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("exempt, our school is BE 0418.772.903", ["BE 0418.772.903"]),
        ("invoice to CHE-114.882.039", ["CHE-114.882.039"]),
        ("CNPJ 18.442.907/0001-66", ["18.442.907/0001-66"]),
        ("for DE 291 774 608 please", ["DE 291 774 608"]),
        ("model BE 0418", []),
        ("Our VAT number is GB 284 7719 03, thanks", ["GB 284 7719 03"]),
        ("please add gstin 27CINFH0024L1ZU in bill", ["27CINFH0024L1ZU"]),
        ("EIN is 47-2208813", ["47-2208813"]),
        ("ABN 91 771 988 403 on the receipt", ["91 771 988 403"]),
        ("tax id for the invoice pls: FR 40 303 265 045", ["FR 40 303 265 045"]),
        ("VAT DE811907452", ["DE811907452"]),
        ("税号VAT NL861204937B01谢谢", ["NL861204937B01"]),
        ("公司的DE811907452开票", ["DE811907452"]),
        ("抬头用GB 284 7719 03没错", ["GB 284 7719 03"]),
        ("工单47-2208813没回", []),
        ("ticket 47-2208813", []),
        ("the tax is 20", []),
        ("I paid tax on 300 dollars", []),
    ],
)
def test_tax_number(find, text, values):
    assert find(TaxNumber, text) == values
