from pipelines.synthesize.drift import drifting

STANDING = [
    ("怎么退货", "return/process", "zh"),
    ("退货流程是什么", "return/process", "zh"),
    ("怎么注销账号", "account/privacy", "zh"),
    ("想把我的账号注销掉", "account/privacy", "zh"),
    ("How do I return this?", "return/process", "en"),
    ("How do I delete my account?", "account/privacy", "en"),
]


def test_a_candidate_nearer_to_another_intent_than_to_its_source():
    asked = [
        ("退货该怎么弄", "怎么退货", "return/process"),
        ("怎么注销我的账号", "怎么退货", "return/process"),
        ("怎么注销我的账号", "怎么注销账号", "account/privacy"),
        ("How can I delete the account?", "How do I return this?", "return/process"),
        ("How can I return it?", "How do I return this?", "return/process"),
    ]
    assert drifting(asked, STANDING) == [False, True, False, True, False]


def test_another_wording_of_the_same_intent_is_no_drift():
    assert drifting([("退货流程是什么呀", "怎么退货", "return/process")], STANDING) == [False]


def test_nothing_to_compare():
    assert drifting([], STANDING) == []
    assert drifting([("怎么退", "怎么退货", "return/process")], []) == [False]
    assert drifting([("怎么退", "怎么退货", "return/process")], STANDING[:1]) == [False]
