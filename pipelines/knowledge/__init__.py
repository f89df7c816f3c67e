"""What the company knows, read from `data/knowledge` into types; all faults of a file are one error."""

from pipelines.knowledge.brand import Brand, HandOver, load_brand
from pipelines.knowledge.documents import Policy, Product, Section, load_policies, load_products
from pipelines.knowledge.facts import facts_found
from pipelines.knowledge.faq import FaqEntry, load_faq
from pipelines.knowledge.golden import GoldenQuestion, load_golden
from pipelines.knowledge.reviews import Review, load_reviews
from pipelines.knowledge.rules import Rule, load_rules
from pipelines.knowledge.suites import Suite, load_asked, load_suites
from pipelines.knowledge.taxonomy import Taxonomy, load_taxonomy

__all__ = [
    "Brand",
    "FaqEntry",
    "GoldenQuestion",
    "HandOver",
    "Policy",
    "Product",
    "Review",
    "Rule",
    "Section",
    "Suite",
    "Taxonomy",
    "facts_found",
    "load_asked",
    "load_brand",
    "load_faq",
    "load_golden",
    "load_policies",
    "load_products",
    "load_reviews",
    "load_rules",
    "load_suites",
    "load_taxonomy",
]
