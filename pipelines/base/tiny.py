"""`tiny`: two random Gemma-3 layers and a tokenizer of two thousand tokens, for tests and dry runs.

The tokenizer beside this file was trained by `train_tokenizer` on the sample shop's policies and FAQ in both
languages. It is part of the recipe, so that another company's texts do not make another base.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

TOKENIZER = Path(__file__).with_name("tiny_tokenizer.json")
VOCABULARY = 2048
SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>")  # ids 0 to 5
SEED = 20260907
CONFIG: dict[str, Any] = {
    "vocab_size": VOCABULARY,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 1,
    "head_dim": 16,
    "query_pre_attn_scalar": 16,
    "max_position_embeddings": 2048,
    "sliding_window": 512,
    "layer_types": ["sliding_attention", "full_attention"],
    "pad_token_id": 0,
    "eos_token_id": 1,
    "bos_token_id": 2,
    "tie_word_embeddings": True,
    "initializer_range": 0.2,  # at 0.02 the frozen head could not tell one token from another
}


@lru_cache
def recipe_sha256() -> str:
    """64 hex digits over all that determines the weights and the tokenizer."""
    recipe = json.dumps([CONFIG, SEED, SPECIAL], sort_keys=True).encode()
    return hashlib.sha256(recipe + TOKENIZER.read_bytes()).hexdigest()


def write(folder: Path) -> None:
    """Writes weights (fp32) and tokenizer into `folder`; the same bytes each time."""
    import torch
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig, PreTrainedTokenizerFast

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        model = Gemma3ForCausalLM(Gemma3TextConfig(**CONFIG, dtype="float32"))
    model.save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(TOKENIZER),
        pad_token="<pad>",
        eos_token="<eos>",
        bos_token="<bos>",
        unk_token="<unk>",
        model_max_length=CONFIG["max_position_embeddings"],
    )
    tokenizer.save_pretrained(folder)


def train_tokenizer(texts: Iterable[str], out: Path = TOKENIZER) -> None:
    """Byte-level BPE of VOCABULARY tokens over `texts`, so that no character is unknown."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(str(out), pretty=False)
