import pytest

from pipelines.mask.recognizers.bank_account import BankAccount


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("to Fidelity Bank 2044718820", ["2044718820"]),
        ("account number is 12345678", ["12345678"]),
        ("银行账号：12345678901234567", ["12345678901234567"]),
        ("sort code 12-34-56", ["12-34-56"]),
        ("routing number 021000021", ["021000021"]),
        ("对公账户12345678901234567谢谢", ["12345678901234567"]),
        ("my account is locked", []),
        ("满12345678件", []),
        ("账号登录不了", []),
        ("基本户账号：1100 1045 3000 5600 1234", ["1100 1045 3000 5600 1234"]),
        ("BSB 063-182 acc 1044 7719", ["063-182", "1044 7719"]),
        ("IFSC HDFC0001284", ["HDFC0001284"]),
        ("my account number is 6548", ["6548"]),
        ("sort 09 01 28", ["09 01 28"]),
        ("account 3 is closed", []),
    ],
)
def test_bank_account(find, text, values):
    assert find(BankAccount, text) == values
