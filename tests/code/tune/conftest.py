from tests.code.training.conftest import home, tiny_home, tokenizer  # noqa: F401
