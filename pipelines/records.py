"""The tables that pass between stages: names, types, meaning. The contract of the house.

All are parquet. A stage reads and writes them through `stage.StageRun`, which casts to these schemas, so
that a missing or misnamed column is an error where it happens.
"""

from __future__ import annotations

import pyarrow as pa

TIME = pa.timestamp("ms", tz="UTC")
ROLES = ("customer", "agent", "system")
LANGUAGES = ("zh", "en", "mixed")
ORIGINS = ("log", "faq", "rule", "paraphrase", "golden")
EMOTIONS = ("calm", "anxious", "angry")

MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string()), ("sent_at", TIME)])
CHAT_MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])

ENTITY = pa.struct([("label", pa.string()), ("text", pa.string())])  # a label of taxonomy.yaml, as written

CONVERSATIONS = pa.schema(
    [
        ("conversation_id", pa.string()),
        ("customer_ref", pa.string()),  # keyed HMAC of the customer's id, never the id; "" if unknown
        ("channel", pa.string()),
        ("language", pa.string()),  # zh | en | mixed
        ("started_at", TIME),
        ("messages", pa.list_(MESSAGE)),  # role: customer | agent | system, in order of time
        ("intent", pa.string()),  # as the log had it, else null
        ("resolved", pa.bool_()),
        ("satisfaction", pa.int8()),  # 1 to 5
        ("source_file", pa.string()),
        ("source_row", pa.int64()),  # first row (1-based line of the file) of the conversation
    ]
)

DEDUPED = CONVERSATIONS.append(pa.field("cluster_id", pa.string())).append(  # smallest id of the cluster
    pa.field("cluster_size", pa.int32())
)

EXAMPLES = pa.schema(
    [
        ("example_id", pa.string()),
        ("parent_ids", pa.list_(pa.string())),  # conversation or FAQ wording or example it was made from
        ("group_id", pa.string()),  # one conversation or one FAQ wording, and all that descends from it
        ("origin", pa.string()),  # log | faq | rule | paraphrase | golden (never trained on)
        ("intent", pa.string()),  # group/name of taxonomy.yaml
        ("intent_confidence", pa.float32()),  # 0 to 1
        ("language", pa.string()),
        ("customer_ref", pa.string()),
        ("context", pa.string()),  # JSON object of what the seller's system knew, "{}" if nothing
        ("hand_over", pa.bool_()),  # the right reply hands over to a person
        ("key_facts", pa.list_(pa.list_(pa.string()))),  # each fact: accepted surface forms
        ("messages", pa.list_(CHAT_MESSAGE)),  # role: system | user | assistant; the last is the answer
        ("emotion", pa.string()),  # calm | anxious | angry: the customer's, in the last question
        ("entities", pa.list_(ENTITY)),  # what the last question names; what is personal, as its placeholder
        ("asked", pa.int32()),  # turns of the log whose question is near this one; 1 for other origins
    ]
)

CORPUS = pa.schema(
    [
        ("doc_id", pa.string()),
        ("group_id", pa.string()),
        ("origin", pa.string()),  # policy | product | dialogue
        ("language", pa.string()),
        ("text", pa.string()),
    ]
)

SAMPLES = pa.schema(  # one generated answer of evaluation
    [
        ("example_id", pa.string()),
        ("model", pa.string()),  # base | champion | candidate
        ("origin", pa.string()),
        ("intent", pa.string()),
        ("language", pa.string()),
        ("prompt", pa.string()),
        ("reference", pa.string()),
        ("answer", pa.string()),
        ("facts_found", pa.int32()),
        ("facts_total", pa.int32()),
        ("hand_over_expected", pa.bool_()),
        ("hand_over_given", pa.bool_()),
        ("predicted_intent", pa.string()),
        ("forbidden", pa.int32()),
        ("pii", pa.int32()),
        ("chrf", pa.float32()),
        ("latency_s", pa.float32()),
        ("suite", pa.string()),
        ("case", pa.string()),  # the questions of one case are judged together
        ("passed", pa.bool_()),  # what its suite asks of an answer
        ("failed", pa.list_(pa.string())),  # the checks of the suite that it did not pass
        ("rouge_l", pa.float32()),  # 0 to 100
        ("chars", pa.int32()),  # of the answer
        ("in_style", pa.bool_()),
        ("contradicts", pa.int32()),  # phrases that the case must not hear
        ("tokens", pa.int32()),
        ("turn", pa.int32()),  # of the user, 1 for the first
        ("channel", pa.string()),  # "" if unknown
        ("emotion", pa.string()),  # "" if unknown
        ("frequency", pa.string()),  # of the intent in the log: common | rare | "" if never asked
    ]
)
