"""Every type through the whole of a conversation, with the sample company's pii.yaml: recognizers, reader,
dialogue, thresholds, lists. Said with its cue, between Chinese characters; what only resembles it stays."""

import pytest

from pipelines.mask.conversation import mask_conversation
from pipelines.mask.workers import Workers

CUED = [  # (type, value, text)
    ("PERSON", "张建国", "我叫张建国"),
    ("PERSON", "Sarah Miller", "My name is Sarah Miller."),
    ("PHONE", "13800138000", "我的手机号:13800138000"),
    ("PHONE", "0571-86543210", "座机 0571-86543210"),
    ("PHONE", "(415) 555-0132", "call me at (415) 555-0132"),
    ("ADDRESS", "浙江省杭州市西湖区文三路477号3幢502室", "地址:浙江省杭州市西湖区文三路477号3幢502室"),
    ("ADDRESS", "42 Maple Street, Springfield, IL 62704", "to 42 Maple Street, Springfield, IL 62704"),
    ("EMAIL", "jianguo.zhang@example.com", "邮箱 jianguo.zhang@example.com"),
    ("ID_CARD", "11010519491231002X", "身份证号:11010519491231002X"),
    ("PASSPORT", "E12345678", "护照号:E12345678"),
    ("PASSPORT", "512345678", "my passport number is 512345678"),
    ("TRAVEL_PERMIT", "H12345678", "回乡证号 H12345678"),
    ("TRAVEL_PERMIT", "C12345678", "港澳通行证:C12345678"),
    ("DRIVING_LICENCE", "330102199003071234", "驾驶证号:330102199003071234"),
    ("DRIVING_LICENCE", "MILLE801235SM9IJ", "my driving licence number is MILLE801235SM9IJ"),
    ("SSN", "219-09-9999", "my SSN is 219-09-9999"),
    ("BIRTH_DATE", "1990年3月7日", "出生日期:1990年3月7日"),
    ("BIRTH_DATE", "March 7, 1990", "date of birth March 7, 1990"),
    ("BANK_CARD", "6222021234567890128", "银行卡号 6222021234567890128"),
    ("BANK_ACCOUNT", "33001616783050001234", "对公账号:33001616783050001234"),
    ("BANK_ACCOUNT", "000123456789", "my bank account number is 000123456789"),
    ("IBAN", "DE89370400440532013000", "IBAN: DE89370400440532013000"),
    ("CREDIT_CODE", "91330106MA2CFYQ40X", "税号:91330106MA2CFYQ40X"),
    ("CREDIT_CODE", "GB 284 7719 03", "our VAT number is GB 284 7719 03"),
    ("LICENSE_PLATE", "浙A8K88K", "车牌号 浙A8K88K"),
    ("LICENSE_PLATE", "KV19 ZTO", "my reg is KV19 ZTO"),
    ("QQ", "287654321", "我QQ号是287654321"),
    ("WECHAT", "zhang_jg1988", "微信号:zhang_jg1988"),
    ("USERNAME", "dragon_rider88", "我的用户名是dragon_rider88"),
    ("USERNAME", "smiller_84", "my username is smiller_84"),
    ("PASSWORD", "Tiger!2024x", "密码是Tiger!2024x"),
    ("PASSWORD", "Sunny#Day42", "my password is Sunny#Day42"),
    ("OTP", "482913", "验证码是482913"),
    ("IP", "192.0.2.44", "IP地址:192.0.2.44"),
    ("ZIP", "310012", "邮编:310012"),
    ("ZIP", "62704", "my zip code is 62704"),
    ("ORDER_NUMBER", "LMJ260915004213", "订单号:LMJ260915004213"),
    ("TRACKING_NUMBER", "SF1234567890123", "快递单号:SF1234567890123"),
    ("MEMBER", "C10002345", "会员号:C10002345"),
]  # fmt: skip
BETWEEN = [  # (type, value, text): Chinese characters on both sides
    ("PERSON", "欧阳娜", "麻烦转给欧阳娜收一下"),
    ("PHONE", "13800138000", "打13800138000找我"),
    ("PHONE", "0571-86543210", "座机0571-86543210也行"),
    ("ADDRESS", "杭州市西湖区文三路477号3幢502室", "寄到杭州市西湖区文三路477号3幢502室就行"),
    ("EMAIL", "jianguo.zhang@example.com", "发到jianguo.zhang@example.com吧"),
    ("ID_CARD", "11010519491231002X", "身份证11010519491231002X是我的"),
    ("PASSPORT", "E12345678", "护照E12345678的"),
    ("TRAVEL_PERMIT", "H12345678", "回乡证H12345678的"),
    ("DRIVING_LICENCE", "330102199003071234", "驾驶证330102199003071234这个"),
    ("SSN", "219-09-9999", "美国社保号219-09-9999没错"),
    ("BIRTH_DATE", "1990年3月7日", "我1990年3月7日出生"),
    ("BANK_CARD", "6222021234567890128", "退到6222021234567890128这张卡"),
    ("BANK_ACCOUNT", "33001616783050001234", "打到对公账户33001616783050001234就行"),
    ("IBAN", "DE89370400440532013000", "账号DE89370400440532013000请核对"),
    ("CREDIT_CODE", "91330106MA2CFYQ40X", "税号91330106MA2CFYQ40X开票"),
    ("LICENSE_PLATE", "浙A8K88K", "车是浙A8K88K停在门口"),
    ("QQ", "287654321", "加QQ287654321聊"),
    ("WECHAT", "zhang_jg1988", "微信zhang_jg1988加我"),
    ("USERNAME", "dragon_rider88", "用户名dragon_rider88登不上"),
    ("PASSWORD", "Tiger!2024x", "密码Tiger!2024x不对吗"),
    ("OTP", "482913", "验证码482913收到了"),
    ("IP", "192.0.2.44", "从192.0.2.44登录的"),
    ("ZIP", "310012", "邮编310012没错"),
    ("ORDER_NUMBER", "LMJ260915004213", "订单LMJ260915004213没到"),
    ("TRACKING_NUMBER", "SF1234567890123", "快递SF1234567890123到哪了"),
    ("MEMBER", "C10002345", "会员号C10002345积分不对"),
]
NEAR_MISSES = [  # (the type that it resembles, text)
    ("PERSON", "张江高科有门店吗"),
    ("PERSON", "小栗您好"),
    ("PERSON", "Can I get the Jackson table in oak?"),
    ("PHONE", "热线400-820-6655打不通"),
    ("PHONE", "一共13800元"),
    ("ADDRESS", "寄到杭州要几天"),
    ("ADDRESS", "do you ship to Springfield?"),
    ("EMAIL", "发到service@limuji.example可以吗"),
    ("ID_CARD", "身份证要上传吗"),
    ("PASSPORT", "护照夹有货吗"),
    ("TRAVEL_PERMIT", "一共12345678元"),
    ("TRAVEL_PERMIT", "通行证在哪里办"),
    ("DRIVING_LICENCE", "驾驶证可以当证件吗"),
    ("SSN", "part 219-09 is broken"),
    ("BIRTH_DATE", "2026年9月7日下的单"),
    ("BIRTH_DATE", "I ordered on September 7, 2026"),
    ("BANK_CARD", "银行卡可以付吗"),
    ("BANK_ACCOUNT", "对公转账要3个工作日"),
    ("IBAN", "do you need an IBAN for refunds?"),
    ("CREDIT_CODE", "开票要税号吗"),
    ("LICENSE_PLATE", "新A款什么时候有"),
    ("LICENSE_PLATE", "set of 6 plates"),
    ("QQ", "QQ音乐会员能用吗"),
    ("WECHAT", "微信支付失败了"),
    ("USERNAME", "用户名可以改吗"),
    ("PASSWORD", "密码忘了怎么办"),
    ("PASSWORD", "how do I reset my password?"),
    ("OTP", "验证码收不到"),
    ("IP", "固件版本1.2.3.4能升吗"),
    ("ZIP", "邮费10元"),
    ("ORDER_NUMBER", "订单3天没到"),
    ("TRACKING_NUMBER", "快递3天没到"),
    ("MEMBER", "型号C100023还有货吗"),
]

ECHOED = [  # (type, value, the customer's text, the agent's next, without the cue)
    ("PERSON", "张建国", "我叫张建国", "张建国,已登记"),
    ("PERSON", "Sarah Miller", "My name is Sarah Miller.", "Thanks, Sarah Miller is noted."),
    ("PHONE", "13800138000", "我的手机号:13800138000", "好的,13800138000,已登记"),
    ("PHONE", "(415) 555-0132", "call me at (415) 555-0132", "Thanks, (415) 555-0132 is noted."),
    ("ADDRESS", "文三路477号3幢502室", "地址:文三路477号3幢502室", "好的,文三路477号3幢502室,已登记"),
    ("EMAIL", "jianguo@example.com", "邮箱jianguo@example.com", "好的jianguo@example.com已登记"),
    ("ID_CARD", "11010519491231002X", "身份证号:11010519491231002X", "好的11010519491231002X已登记"),
    ("PASSPORT", "E12345678", "护照号:E12345678", "好的,E12345678,已登记"),
    ("TRAVEL_PERMIT", "H12345678", "回乡证号 H12345678", "好的,H12345678,已登记"),
    ("DRIVING_LICENCE", "MILLE801235SM9IJ", "driving licence MILLE801235SM9IJ", "MILLE801235SM9IJ, ok"),
    ("SSN", "219-09-9999", "my SSN is 219-09-9999", "Thanks, 219-09-9999 is noted."),
    ("BIRTH_DATE", "1990年3月7日", "出生日期:1990年3月7日", "好的,1990年3月7日,已登记"),
    ("BIRTH_DATE", "March 7, 1990", "date of birth March 7, 1990", "Thanks, March 7, 1990 is noted."),
    ("BANK_CARD", "6222021234567890128", "银行卡号 6222021234567890128", "好的6222021234567890128已登记"),
    ("IBAN", "DE89370400440532013000", "IBAN: DE89370400440532013000", "好的,DE89370400440532013000,已登记"),
    ("CREDIT_CODE", "91330106MA2CFYQ40X", "税号:91330106MA2CFYQ40X", "好的,91330106MA2CFYQ40X,已登记"),
    ("LICENSE_PLATE", "浙A8K88K", "车牌号 浙A8K88K", "好的,浙A8K88K,已登记"),
    ("LICENSE_PLATE", "KV19 ZTO", "my reg is KV19 ZTO", "Thanks, KV19 ZTO is noted."),
    ("QQ", "287654321", "我QQ号是287654321", "好的,287654321,已登记"),
    ("WECHAT", "zhang_jg1988", "微信号:zhang_jg1988", "好的,zhang_jg1988,已登记"),
    ("USERNAME", "dragon_rider88", "我的用户名是dragon_rider88", "好的,dragon_rider88,已登记"),
    ("PASSWORD", "Tiger!2024x", "密码是Tiger!2024x", "好的,Tiger!2024x,已登记"),
    ("IP", "192.0.2.44", "IP地址:192.0.2.44", "好的,192.0.2.44,已登记"),
    ("ORDER_NUMBER", "LMJ260915004213", "订单号:LMJ260915004213", "好的,LMJ260915004213,已登记"),
    ("TRACKING_NUMBER", "SF1234567890123", "快递单号:SF1234567890123", "好的,SF1234567890123,已登记"),
    ("PASSPORT", "512345678", "my passport number is 512345678", "Thanks, 512345678 is noted."),
    ("DRIVING_LICENCE", "330102199003071234", "驾驶证号:330102199003071234", "好的,330102199003071234"),
    ("BANK_ACCOUNT", "33001616783050001234", "对公账号:33001616783050001234", "好的,33001616783050001234"),
    ("BANK_ACCOUNT", "000123456789", "my bank account number is 000123456789", "000123456789 is noted."),
    ("OTP", "482913", "验证码是482913", "好的,482913,已登记"),
    ("ZIP", "310012", "邮编:310012", "好的,310012,已登记"),
    ("ZIP", "62704", "my zip code is 62704", "Thanks, 62704 is noted."),
    ("MEMBER", "C10002345", "会员号:C10002345", "好的,C10002345,已登记"),
]  # fmt: skip
GREETING = "您好,请问有什么可以帮您?"  # without the agent's turns, bare values count as answers


@pytest.fixture(scope="module")
def mask(policy):
    """mask(text, ...): the masked texts of one conversation, the customer's turn and the agent's in turn."""
    with Workers(policy, 1, 64) as workers:

        def texts_of(*texts):
            turns = [("customer" if n % 2 else "agent", text) for n, text in enumerate((GREETING, *texts))]
            return mask_conversation(turns, workers.find(text for _, text in turns), policy).texts[1:]

        yield texts_of


def with_placeholder(policy, type_, value, text):
    """`text` as it may come out, with a Chinese or an English placeholder."""
    zh, en = policy.labels[type_]
    return [text.replace(value, one) for one in (f"<{zh}1>", f"<{en}_1>")]


@pytest.mark.parametrize(
    "rows", [CUED, BETWEEN, ECHOED, NEAR_MISSES], ids=["cued", "between", "echoed", "near_misses"]
)
def test_the_table_has_every_type(policy, rows):
    assert {row[0] for row in rows} == set(policy.labels)


@pytest.mark.parametrize(("type_", "value", "text"), CUED + BETWEEN)
def test_the_value_is_masked_as_its_type_and_nothing_else_is(mask, policy, type_, value, text):
    assert mask(text)[0] in with_placeholder(policy, type_, value, text)


@pytest.mark.parametrize(("type_", "value", "text", "echo"), ECHOED)
def test_the_agent_repeats_the_value_without_its_cue(mask, policy, type_, value, text, echo):
    assert mask(text, echo)[1] in with_placeholder(policy, type_, value, echo)


@pytest.mark.parametrize(("type_", "text"), NEAR_MISSES)
def test_what_only_resembles_the_type_stays(mask, type_, text):
    assert mask(text) == [text]
