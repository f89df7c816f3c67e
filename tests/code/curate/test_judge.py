import pytest

from pipelines.curate.judge import judge_all
from pipelines.curate.turns import Turn

SHIP = "我们会在付款后48小时内发货，请稍等。"


def turn(question, reply, intent=None, index=0, language="zh", **more):
    return Turn("c", index, question, reply, language, intent=intent, **more)


def verdict(house, *args, **more):
    return judge_all([turn(*args, **more)], house)[0]


def test_a_good_reply_is_kept_with_the_facts_it_states(house):
    found = verdict(house, "怎么还不发货", SHIP, "order/status")
    assert (found.kind, found.answer, found.intent) == ("kept", SHIP, "order/status")
    assert found.key_facts[0][0] == "48小时"


def test_facts_that_the_reply_lacks_are_not_claimed(house):
    found = verdict(house, "今天拍的那个东西麻烦帮我看下进度好吗", "已经帮您加急安排啦。", "order/status")
    assert (found.kind, found.key_facts) == ("kept", ())


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("等着", "corrected_too_short"),
        ("", "corrected_no_answer"),
        ("10天内发货的。", "corrected_contradicts_policy"),
        ("你烦不烦啊", "corrected_insult"),
        ("加我微信说", "corrected_off_platform_contact"),
    ],
)
def test_a_bad_reply_to_a_known_question_is_corrected(house, faq, reply, code):
    found = verdict(house, "怎么还不发货", reply, "order/status")
    entry = next(entry for entry in faq if entry.faq_id == "order_reminder.zh")
    assert (found.kind, found.code, found.answer) == ("corrected", code, entry.answer)
    assert [list(forms) for forms in found.key_facts] == entry.key_facts


def test_a_bad_reply_to_an_unknown_question_is_dropped(house):
    found = verdict(house, "隔壁老王家的狗昨晚又叫了一整夜", "你烦不烦啊", "order/status")
    assert (found.kind, found.code) == ("dropped", "insult")


@pytest.mark.parametrize(
    ("question", "intent", "code"),
    [
        ("你们这机器人，赶紧给我转人工", "order/status", "asks_for_person"),
        ("别让机器人回我，叫个真人", "order/status", "out_of_scope"),
        ("再不处理我就找律师起诉你们", None, "legal_or_media"),
        ("明天上海会不会下雨呀", "other/out_of_scope", "out_of_scope"),
        ("隔壁老王家的狗昨晚又叫了一整夜", None, "out_of_scope"),
    ],
)
def test_what_the_assistant_must_not_answer_is_handed_over(house, brand, question, intent, code):
    found = verdict(house, question, "好的呢，我来看看怎么处理吧。", intent)
    assert (found.kind, found.code, found.answer) == ("handed_over", code, brand.fallback_reply.zh)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("附近哪座山适合露营看日出", "zh"),
        ("你好，附近哪座山适合露营看日出", "zh"),
        ("您好！想找座山露营看日出，谢谢", "zh"),
        ("Hello, which mountain nearby has the finest sunrise? Thanks", "en"),
    ],
)
def test_a_greeting_does_not_make_a_foreign_question_ours(house, question, language):
    found = verdict(house, question, "", language=language)
    assert (found.kind, found.code, found.intent) == ("handed_over", "out_of_scope", "other/out_of_scope")


def test_a_greeting_alone_is_not_handed_over(house):
    assert verdict(house, "早上好呀早上好，辛苦了辛苦了", "").kind == "dropped"


UNSURE = "您好，请给我推荐一个评分高的餐馆"


def test_what_the_matcher_is_unsure_of_is_withheld_and_laid_before_the_steward(house):
    found = verdict(house, UNSURE, "推荐您去前门的那家涮肉。")
    assert (found.kind, found.code, found.answer) == ("dropped", "unsure_intent", "")
    assert house.limits.min_intent_confidence <= found.candidates[0][1] < house.limits.review_confidence


def test_what_the_agent_handed_over_is_taught_as_that_however_unsure_the_intent(house):
    found = verdict(house, UNSURE, "这个我查不到，马上为您转接人工客服。")
    assert (found.kind, found.code) == ("handed_over", "agent_handed_over")
    assert found.candidates  # the intent is still the steward's to say


@pytest.mark.parametrize("decided", ["service/contact", "other/out_of_scope"])
def test_what_the_log_or_the_steward_says_is_not_withheld(house, decided):
    from dataclasses import replace

    from pipelines.curate.review import key

    assert verdict(house, UNSURE, "推荐您去前门的那家涮肉。", "service/contact").kind == "kept"
    told = replace(house, decisions={key(UNSURE, "zh"): decided})
    assert verdict(told, UNSURE, "推荐您去前门的那家涮肉。").intent == decided


def test_how_to_reach_a_person_is_explained_and_not_handed_over(house):
    found = verdict(house, "怎么才能接通真人客服", "回复转人工就行，排队最多3分钟。")
    assert (found.kind, found.intent) == ("kept", "service/contact")


def test_a_later_remark_without_intent_is_dropped(house):
    assert verdict(house, "隔壁老王家的狗昨晚又叫了一整夜", SHIP, index=2).code == "no_intent"


def test_intents_of_another_company_are_kept_and_its_answers_not_held_against_our_faq(house):
    reply = "Open your profile and press Bills, it takes 400 days."
    found = verdict(house, "How do I get an invoice?", reply, "get_invoice", language="en")
    assert (found.kind, found.intent, found.confidence) == ("kept", "log/get_invoice", 1.0)
    assert found.key_facts == ()


def test_an_intent_from_the_faq_has_a_confidence(house):
    found = verdict(house, "请问退货运费谁来出呀", "无理由退货由您承担，上门取件扣10元；质量问题我们承担。")
    assert found.intent == "return/fee"
    assert 0.35 <= found.confidence <= 1


def test_nearest_wordings_find_their_own_entry(matcher, faq):
    wordings = [(entry, question) for entry in faq for question in entry.questions]
    matches = matcher.match([q for _, q in wordings], [entry.language for entry, _ in wordings])
    wrong = [q for (entry, q), m in zip(wordings, matches, strict=True) if m is None or m.entry != entry]
    assert wrong == []
    assert all(match.similarity > 0.99 for match in matches)


def test_a_question_in_no_known_language_or_of_nothing_matches_nothing(matcher):
    assert matcher.match(["", "ωωωω"], ["zh", "fr"]) == [None, None]
