"""IP addresses, version 4 and 6."""

from pipelines.mask.recognizers.base import Recognizer

# A version has the form of an address: `firmware 10.0.0.1`.
_VERSION = (
    r"(?:(?<![a-z])(?:version|firmware|release|build|update|updated|upgrade|upgraded|install|installed"
    r"|back to|ver\.?|drivers?|bios|app|patch|software|os|client|sdk|agent|plugin)"
    r"(?: (?:to|is|from|version))?:? ?v?)"
    r"|(?:版本|固件|升级|回退|更新|插件|系统|驱动|客户端|软件|不兼容|跟1[.]?)[^0-9,。]{0,6}"
)
_GATEWAY = r"192\.168\.(?:[0128]|31)\.(?:1|254)(?![0-9])"  # of every router of a make
_PUBLIC = (  # servers of names that anyone may ask
    r"(?:8\.8\.(?:8\.8|4\.4)|1\.[01]\.[01]\.1|114\.114\.11[45]\.11[459]|223\.[56]\.[56]\.[56]|119\.29\.29\.29"
    r"|180\.76\.76\.76|9\.9\.9\.9|208\.67\.22[02]\.22[02]|168\.95\.1\.1)(?![0-9])"
)
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d{2}|[1-9]?\d)"


class IP(Recognizer):
    entity = "IP"
    gate = r"\d\.\d|:[0-9a-f]*:"
    near = r"\bip\b|地址|address|登录|login"
    rules = (
        (
            "v4",
            rf"(?<!(?:{_VERSION}))(?!0\.0\.0\.0|127\.0|255\.|{_GATEWAY}|{_PUBLIC})(?:(?<=ip)|(?<![0-9A-Za-z.]))"
            rf"{_OCTET}(?:\.{_OCTET}){{3}}(?:/[123]?\d(?!\d))?(?![0-9A-Za-z]|\.\d|\s?(?:版|固件))",
            0.7,
        ),
        ("v6", r"(?<![0-9A-Za-z:.])(?:[0-9A-F]{1,4}:){7}[0-9A-F]{1,4}(?![0-9A-Za-z:])", 0.9),
        (
            "v6 shortened",
            r"(?<![0-9A-Za-z:.])(?=[0-9A-F:]*\d)(?:[0-9A-F]{1,4}:){1,6}(?::[0-9A-F]{1,4}){1,6}"
            r"(?![0-9A-Za-z:])",
            0.75,
        ),
    )
