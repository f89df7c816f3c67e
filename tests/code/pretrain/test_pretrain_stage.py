"""Which text comes first."""

from pipelines.training.replay import in_order


def row(number, origin):
    return {"doc_id": str(number), "origin": origin, "text": ""}


def test_documents_then_products_then_dialogue_whatever_the_order_of_arrival():
    rows = [row(i, origin) for i, origin in enumerate(["dialogue", "product", "policy"] * 5)]
    ordered = in_order(rows, 1)
    assert [r["origin"] for r in ordered] == ["policy"] * 5 + ["product"] * 5 + ["dialogue"] * 5
    assert in_order(rows[::-1], 1) == ordered
    assert in_order(rows, 2) != ordered
