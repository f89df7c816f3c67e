"""The Chinese words that name a value, by type, and the forms that values of each type have."""

from __future__ import annotations

from typing import NamedTuple

import regex

from pipelines.mask.recognizers.shop_number import THINGS

_CARRIER = (
    r"(?:顺丰|中通|圆通|申通|韵达|极兔|德邦|百世|京东|邮政|ems|天天|快递|物流|包裹|寄回(?:去)?|退货"
    r"|退回|寄出)"
)


class Kind(NamedTuple):
    cue: str  # the words that name it
    form: str  # what its values look like, whole
    spelled: str = ""  # what they look like only behind a linking word: `密码是admin`


_DIGITS = r"\d(?:[ -]?\d)"
KINDS: dict[str, Kind] = {
    "TRACKING_NUMBER": Kind(
        rf"运单号?|面单号?|{_CARRIER}.{{0,2}}?单号?|快递号|物流号|包裹号|提单号|邮件号",
        r"(?=(?:.*\d){8})[A-Z]{0,5}[ -]?\d[\dA-Z]*(?:[ -]\d+)*[A-Z]{0,2}",
    ),
    "ORDER_NUMBER": Kind(
        r"(?:回执|受理|投诉|案件|报案|赔案|办件|申请|合同|保单|预约)(?:单)?(?:编?号码?)|回执(?=[A-Z\d])|(?<![一-鿿])编号|订单(?:编?号码?)?|定单(?:编?号码?)?|单号|单子|(?:预[订定约]|确认|流水|交易|参考|票|订座|团购|券)(?:单)?(?:编?号码?|码)|记录编号|订座记录|pnr|(?:交易|银行)?流水"
        r"|[这那](?:一|个|两|俩|几|三)?[单笔]|(?:买|下|拍|退)的?[两三几]单",
        r"(?=(?:.*\d){5})(?!20\d\d([-./]?)(?:0?[1-9]|1[0-2])\1(?:[0-2]?\d"
        r"|3[01])$)[A-Z]{0,6}[-_ ]?[\dA-Z]*(?:[- .]?[\dA-Z]+)*"
        r"|(?=.*\d)(?=.*[A-Z])[A-Z\d]{5,10}",
        r"(?-i:[A-Z]{6})",
    ),
    "OTP": Kind(
        r"(?:验[证正]|校验|动态|激活|取件|提货|取货|短信|安全验证|核销|动态口令|短信验证)码|动态(?:密码|口令)|(?<![一-鿿])码|码(?=[是为:])",
        r"\d{4,8}|\d\d[- ]\d\d[- ]\d\d|\d{3}[- ]\d{3}|[A-Z]-\d{4,8}"
        r"|[A-Z]?\d{1,3}-\d{1,4}(?:-\d{1,5})?|(?=.*\d)[A-Z\d]{4,8}",
    ),
    "PASSWORD": Kind(
        r"密码|口令|门禁码?|wi-?fi(?!的?(?:名|账号|信号|连))(?:密码)?|(?<![A-Za-z])(?:pin|pwd|password)|开门码|暗号",
        r"(?=.*\d)\S{4,32}|\d(?: \d){3,7}(?: ?#)?|[#*]\d{3,8}[#*]?",
        r"[A-Za-z!@#$%^&*_.-]{4,32}",
    ),
    "BANK_ACCOUNT": Kind(
        r"(?:银行|对公|开户|收款|基本|一般|结算|公司|学校|打款|转账|汇款)(?:账|帐)[号户]|开户(?:账|帐)?号|(?:基本|一般)户|存折|折子"
        r"|(?:农商|信用社|村镇银|工|建|农|中|交|招)行?账[号户]|[账帐](?:户|号)(?:号码)?",
        rf"{_DIGITS}{{8,24}}|\d{{3,6}}(?:-\d{{2,12}}){{1,4}}",
    ),
    "BANK_CARD": Kind(
        r"(?:银行|信用|储蓄|借记|工资)卡号?|(?<!会员|流量|购物|礼品|充值|门禁|旅客|里程|贵宾|积分)卡号|(?:工|建|农|中|交|招)行卡|银联",
        rf"{_DIGITS}{{12,18}}",
    ),
    "CREDIT_CODE": Kind(
        r"税号|纳税人?识别号?码?|(?:统一社会)?信用代码|税务登记(?:证|号)?码?|组织机构代码|营业执照(?:号|注册号)?",
        r"(?=(?:.*\d){7})[\dA-Z](?:[ -]?[\dA-Z]){13,19}|\d{8}-[\dX]",
    ),
    "DRIVING_LICENCE": Kind(
        r"驾驶?证(?:档案)?(?:编?号|号码)?|驾照(?:编?号|号码)?|档案编?号|驾驶执照",
        r"\d(?:[ -]?\d){11}|\d(?:[ -]?\d){16}[ -]?[\dX]",
    ),
    "PASSPORT": Kind(
        r"护照(?:号码?)?", r"[A-Z]{1,3} ?\d{3,4} ?\d{3,5}|\d(?: ?\d){8}|[A-Z]\d{7}|\d{2}[A-Z]{2}\d{5}"
    ),
    "TRAVEL_PERMIT": Kind(
        r"(?:通行|回乡|台胞|大通|港澳居民居住|往来港澳|往来台湾|入台)证(?:号码?)?|港澳证",
        r"[A-Z]{1,2}(?:[ -]?\d){7,10}|\d(?:[ -]?\d){7,9}",
    ),
    "ID_CARD": Kind(
        r"身份证(?:号码?)?|证件(?:号码?)?|身份号码?|证号|居住证", r"[1-9](?:[ -]?\d){14,18}[ -]?[\dX]?"
    ),
    "ZIP": Kind(r"邮编|邮政编码|邮递区号|邮区|区号邮编", r"\d{5,6}"),
    "PHONE": Kind(
        r"电话|手机(?:号码?)?|座机|固话|传真|联系方式|联系号码|来电|总机|拨打?|打俾|打给|打到|(?<![一-鿿])(?:tel|call)|号码",
        r"1[3-9]\d{3,8}|(?!400|800|\d{3}-\d\d-\d{4}$|95\d{3}(?:\d{1,3})?$|1(?:00|2[03]|1\d)\d{0,2}$"
        r"|96\d{3,4}$)(?=(?:\D*\d){7,13}\D*$)[(]?\d+[)]?(?:[ -]{1,2}\d+)*",
    ),
    "USERNAME": Kind(
        r"(?:会员|常旅客|里程|贵宾|积分)卡(?:编?号码?|卡号)|常旅客号?|学号|工号|员工编?号|用户名|登[录陆]名|会员名|昵称|网名|(?<![A-Za-z_.-])(?:uid|id|login|user)(?![A-Za-z_])|旺旺|用户编?号|玩家编?号|[账帐]号名?|(?:抖音|快手|小红书|b站|微博|游戏|淘宝)(?:号|名|id|账号)",
        r"(?=.*[0-9])[A-Za-z_][-_.A-Za-z0-9]{2,29}|(?-i:[a-z]+_(?!id|name)[a-z_]+)|\d{6,14}|(?-i:[A-Z]{2})(?: ?\d){6,14}",
        r"[A-Za-z_][-_.A-Za-z0-9]{3,29}",
    ),
    "QQ": Kind(r"(?<![A-Za-z])qq?(?![A-Za-z])(?:群?号码?)?|扣扣号?|企鹅号?|抠抠", r"[1-9](?:[ -]?\d){4,10}"),
    "WECHAT": Kind(
        r"[微薇威]信(?:账?号码?)?|(?<![A-Za-z])(?:wechat|weixin|wx|vx)(?![A-Za-z])|绿泡泡",
        r"(?=.*[0-9_])[A-Za-z_][-_A-Za-z0-9]{5,19}",
    ),
    "SSN": Kind(
        r"(?:社保|医保|公积金|社会保障)(?:卡|账|帐)?(?:编?号|号码)|社安(?:卡)?号?码?|社会安全(?:码|号码?)|国民保险号?码?"
        r"|(?<![A-Za-z])(?:ssn|nino|ni|sin|tfn|itin|social security)(?![A-Za-z])(?:号码?)?|工卡号",
        r"\d{8,18}X?|\d{3}[- ]\d{2}[- ]\d{4}|\d{3}[- ]\d{3}[- ]\d{3}",
    ),
}
_OF_THE_SHOP = (
    rf"{THINGS}|[¥￥$]|价格|总共|一共|共计|金额|余额|积分|数量|满|热线|客服电话|优惠|面额|原价|现价"
    rf"|到手|版|插件|系统|型|第"
)
# A word that also names documents of other forms (证件号C45831399), or accounts of another kind.
ALSO = {"ID_CARD": ("TRAVEL_PERMIT", "PASSPORT"), "BANK_ACCOUNT": ("USERNAME",), "BANK_CARD": ("USERNAME",)}
CUE = regex.compile(
    "|".join([*(f"(?P<{kind}>{value.cue})" for kind, value in KINDS.items()), f"(?P<NONE>{_OF_THE_SHOP})"]),
    regex.IGNORECASE,
)
FORMS = {kind: regex.compile(value.form, regex.IGNORECASE) for kind, value in KINDS.items()}
SPELLED = {
    kind: regex.compile(value.spelled, regex.IGNORECASE) for kind, value in KINDS.items() if value.spelled
}
