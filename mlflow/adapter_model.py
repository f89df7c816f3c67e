"""What a registered adapter travels with: loads the base, lays the adapter on it, answers chats.

MLflow runs this file when the version is loaded, as in
`mlflow.pyfunc.load_model("models:/kefu-instruction@champion")`.
It needs torch, transformers and peft, and the base: `model_config={"base": ...}` at load time takes a folder,
a hub id, or, with this project on the path, the name of a packaged base.
"""

from pathlib import Path
from typing import Any

import mlflow
from mlflow.pyfunc import PythonModel, PythonModelContext


class AdapterModel(PythonModel):
    """Rows with `messages` ([{"role", "content"}, ...], the last one the customer's) to answers."""

    def load_context(self, context: PythonModelContext) -> None:
        from peft import PeftModel

        self.config = dict(context.model_config or {})
        base, self.tokenizer = _load_base(self.config)
        self.model = PeftModel.from_pretrained(base, context.artifacts["adapter"]).eval()
        self.model.requires_grad_(True)  # torch.matmul copies a frozen matrix to multiply a slice by it

    def predict(  # no type on model_input: MLflow would take it for the schema
        self,
        context: PythonModelContext,
        model_input,  # noqa: ANN001
        params: dict[str, Any] | None = None,
    ) -> list[str]:
        """Greedy answers, one a row; `params={"max_new_tokens": n}` makes them longer or shorter."""
        longest = int((params or {}).get("max_new_tokens", self.config.get("max_new_tokens", 56)))
        return [self._answer(list(messages), longest) for messages in model_input["messages"]]

    def _answer(self, messages: list[dict[str, str]], longest: int) -> str:
        import torch

        ids = self.tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        ).to(self.model.device)
        with torch.inference_mode():
            out = self.model.generate(
                **ids,
                max_new_tokens=longest,
                do_sample=False,
                eos_token_id=self.config["stop_ids"],
                pad_token_id=self.config["stop_ids"][0],
            )
        said = out[0, ids["input_ids"].shape[1] :]
        return self.tokenizer.decode(said, skip_special_tokens=True).strip()


def _load_base(config: dict[str, Any]) -> tuple[Any, Any]:
    """(model, tokenizer) of the base in the float type that the adapter was trained in."""
    name, dtype = config["base"], config.get("dtype", "auto")
    try:
        from pipelines.base.load import load_model, load_tokenizer, resolve
        from pipelines.params.sections import Model
    except ImportError:
        return _load_plain(name, config.get("revision"), dtype)
    chosen = Model(
        base=name,
        revision=config.get("revision"),
        license=config.get("license"),
        allowed_licenses=[config["license"]] if config.get("license") else [],
        dtype=dtype,
        min_params=0,
    )
    base = resolve(chosen)
    if config.get("base_sha256") and base.sha256 != config["base_sha256"]:
        raise ValueError(
            f"the base {name} here is not the one that the adapter was trained on (other sha256)"
        )
    return load_model(base.path, dtype), load_tokenizer(base.path)


def _load_plain(name: str, revision: str | None, dtype: str) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    types = {"fp32": "float32", "bf16": "bfloat16"}
    revision = None if Path(name).is_dir() else revision
    model = AutoModelForCausalLM.from_pretrained(name, revision=revision, dtype=types.get(dtype, dtype))
    return model, AutoTokenizer.from_pretrained(name, revision=revision)


mlflow.models.set_model(AdapterModel())
