import pytest

from pipelines.mask.recognizers.ip import IP


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("登录IP192.168.1.10异常", ["192.168.1.10"]),
        ("ip是8.8.8.8吗", ["8.8.8.8"]),
        ("from 2001:0db8:85a3:0000:0000:8a2e:0370:7334", ["2001:0db8:85a3:0000:0000:8a2e:0370:7334"]),
        ("2001:db8::8a2e:370", ["2001:db8::8a2e:370"]),
        ("版本256.1.1.1", []),
        ("1.2.3版", []),
        ("10:00 and 20:00", []),
        ("价格1.999.00", []),
        ("firmware 10.0.0.1 broke it", []),
        ("login from 10.0.0.1", ["10.0.0.1"]),
        ("固件升级到3.2.10.1之后", []),
        ("回退到3.2.8.0版本", []),
        ("绑定0.0.0.0", []),
    ],
)
def test_ip(find, text, values):
    assert find(IP, text) == values
