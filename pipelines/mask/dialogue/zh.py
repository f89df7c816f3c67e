"""How Chinese asks for personal data, announces it and answers with it."""

from __future__ import annotations

ASKS = (
    r"请|麻烦|提供|告诉|告知|多少|什么|怎么|如何|哪|发(?:一)?下|报(?:一)?下|补充|核实|核对|确认|貴"
    r"|贵姓|填写|留|发我|给我们|谁|几|是否|吗|[位号码名址]呢|您说|您讲|念|输入"
)
ASKED = {
    "PERSON": (
        r"姓名|名字|称呼|贵姓|您姓|姓什么|哪位|收[件货]人|联系人|寄件人|户名|持卡人|乘机人|乘客|入住人|患者|登记人|全名|叫什么"
    ),
    "PHONE": r"电话|手机|联系方式|联系号码|本机号码|来电号码|预留号码|(?:您的|您这个|什么)号码|号码是多少",
    "ID_CARD": r"身份证|证件号",
    "BANK_CARD": r"卡号|银行卡",
    "BANK_ACCOUNT": r"银行账[号户]|对公.{0,6}账[号户]|收款账[号户]|报下账号",
    "ADDRESS": (
        r"地址|[送寄发派]到?(?:哪|什么地方)|住哪|哪里安装|门牌|楼栋|房号|几栋|几号楼|哪个小区|什么位置|位置(?:在|是)?哪|具体位置|上门.{0,4}哪"
    ),
    "EMAIL": r"邮箱",
    "ORDER_NUMBER": r"订单|单号|哪[个一笔]{0,2}单|流水号|预订号|票号|pnr|订座|确认号|记录编号",
    "TRACKING_NUMBER": r"运单|快递单|物流单|快递号|包裹号",
    "USERNAME": (
        r"用户名|账号名|登录名|昵称|会员名|游戏id|角色名|会员id|网名|抖音号|小红书号|快手号|微博|旺旺"
        r"|什么账号|账号(?:是|发|多少)"
    ),
    "PASSWORD": r"密码|口令",
    "OTP": r"验证码|校验码|动态码|取件码|短信.{0,6}码|[46六四]位数?(?:字|码)",
    "BIRTH_DATE": r"生日|出生",
    "LICENSE_PLATE": r"车牌",
    "CREDIT_CODE": r"税号|信用代码|纳税人",
    "TRAVEL_PERMIT": r"通行证|回乡证|台胞证",
    "ZIP": r"邮编|邮政编码",
    "QQ": r"qq",
    "WECHAT": r"微信",
    "PASSPORT": r"护照",
    "DRIVING_LICENCE": r"驾驶证",
}
# What ends a turn whose value comes in the next.
IS = r"是|为|如下"
ANNOUNCED = r"(?:我的?)?(?:电话|手机号?|地址|姓名|邮箱|卡号|身份证号?|微信号?)"
NUMBER_FOLLOWS = r"号码是"
