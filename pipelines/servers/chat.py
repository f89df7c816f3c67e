"""`python -m pipelines serve`: a base, with or without an adapter, behind OpenAI's chat-completions API.

For trying an adapter and as a generator for synthesize; one request is answered at a time. Errors have the
API's form and never quote a message.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Literal
from uuid import uuid4

import torch
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from pipelines.base.load import BaseInfo, end_of_answer_ids, load_model, load_tokenizer, resolve
from pipelines.base.templates import TOLD
from pipelines.errors import KefuError
from pipelines.params.sections import Model
from pipelines.training.adapter import CONFIG


class Message(BaseModel):
    role: Literal["system", "user", "assistant"]
    content: str


class Asked(BaseModel):
    """What of a chat-completion request counts; other fields are ignored."""

    messages: list[Message] = Field(min_length=1)
    temperature: float = Field(0.0, ge=0, le=2)
    top_p: float = Field(1.0, gt=0, le=1)
    seed: int = 0
    max_tokens: int = Field(256, ge=1)
    stream: Literal[False] | None = None


@dataclass
class Chat:
    """A loaded model that answers chats."""

    name: str
    model: Any
    tokenizer: Any
    _lock: Lock = field(default_factory=Lock)

    @torch.inference_mode()
    def answer(self, asked: Asked) -> tuple[str, int, int]:
        """(text, tokens of the prompt, tokens written). Greedy at temperature 0, else repeatable by seed."""
        given = self._encode([message.model_dump() for message in asked.messages])
        prompt_tokens = given["input_ids"].shape[1]
        self._check_length(prompt_tokens + asked.max_tokens)
        stops = end_of_answer_ids(self.tokenizer)
        how: dict[str, Any] = {"do_sample": False}
        if asked.temperature > 0:
            how = {"do_sample": True, "temperature": asked.temperature, "top_p": asked.top_p, "top_k": 0}
        with self._lock:
            torch.manual_seed(asked.seed)
            out = self.model.generate(
                **given,
                **how,
                max_new_tokens=asked.max_tokens,
                eos_token_id=stops,
                pad_token_id=self.tokenizer.pad_token_id,
            )  # (1, prompt + new)
        written = out[0, prompt_tokens:]
        return self.tokenizer.decode(written, skip_special_tokens=True).strip(), prompt_tokens, len(written)

    def _encode(self, messages: list[dict[str, str]]) -> Any:
        from jinja2 import TemplateError

        try:
            given = self.tokenizer.apply_chat_template(
                messages, add_generation_prompt=True, return_tensors="pt", return_dict=True, **TOLD
            )
        except TemplateError:
            raise HTTPException(400, "the base's chat template refuses this order of roles") from None
        return given.to(self.model.device)

    def _check_length(self, tokens: int) -> None:
        longest = self.model.config.get_text_config().max_position_embeddings
        if tokens > longest:
            raise HTTPException(400, f"prompt and max_tokens make {tokens} tokens, the model takes {longest}")


def app(chat: Chat) -> FastAPI:
    """The API: /health, /v1/models and /v1/chat/completions."""
    api = FastAPI(title="kefu", docs_url=None, redoc_url=None, openapi_url=None)

    @api.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @api.get("/v1/models")
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [{"id": chat.name, "object": "model", "owned_by": "kefu"}]}

    @api.post("/v1/chat/completions")
    def completions(asked: Asked) -> dict[str, Any]:
        text, given, written = chat.answer(asked)
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": "length" if written >= asked.max_tokens else "stop",
        }
        return {
            "id": f"chatcmpl-{uuid4().hex}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": chat.name,
            "choices": [choice],
            "usage": {
                "prompt_tokens": given,
                "completion_tokens": written,
                "total_tokens": given + written,
            },
        }

    @api.exception_handler(RequestValidationError)
    def refuse(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = [f"{'.'.join(map(str, one['loc'][1:]))}: {one['type']}" for one in error.errors()]
        return _error(400, "; ".join(faults))

    @api.exception_handler(HTTPException)
    def fail(_: Request, error: HTTPException) -> JSONResponse:
        return _error(error.status_code, str(error.detail))

    return api


def _error(status: int, message: str) -> JSONResponse:
    said = {"message": message, "type": "invalid_request_error", "code": None}
    return JSONResponse({"error": said}, status)


def load(model: Model, adapter: str | None) -> Chat:
    """The base that `model` names, and on it the adapter: a folder, or a `models:/…` address in MLflow."""
    base = resolve(model)
    loaded = load_model(base.path, model.dtype)
    if adapter:
        with tempfile.TemporaryDirectory() as fetched:
            loaded = _adapted(loaded, base, _folder(adapter, Path(fetched)))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return Chat(adapter or base.name, loaded.to(device).eval(), load_tokenizer(base.path))


def _adapted(loaded: Any, base: BaseInfo, folder: Path) -> Any:
    from peft import PeftModel

    try:
        merged = PeftModel.from_pretrained(loaded, str(folder)).merge_and_unload()
        return merged.requires_grad_(
            True
        )  # a frozen vocabulary is copied at each token (evaluate/contender.py)
    except (RuntimeError, ValueError):
        raise KefuError(
            f"the adapter does not fit the base {base.name}", str(folder), "name its base with --base"
        ) from None


def _folder(adapter: str, into: Path) -> Path:
    if adapter.startswith("models:/"):
        from mlflow.exceptions import MlflowException

        from pipelines.servers.models import fetch

        try:
            into = fetch(adapter, into)
        except MlflowException as error:
            raise KefuError(
                f"MLflow does not give the adapter ({error.error_code})",
                adapter,
                "see `make status`, and the name",
            ) from None
    else:
        into = Path(adapter)
    configs = sorted(into.rglob(CONFIG))
    if not configs:
        raise KefuError(
            f"there is no adapter ({CONFIG})",
            adapter,
            "name a folder below data/adapters, or models:/NAME@ALIAS",
        )
    return configs[0].parent


def serve(model: Model, adapter: str | None, host: str, port: int) -> None:
    """Answers until it is ended."""
    import uvicorn

    chat = load(model, adapter)
    print(f"serving {chat.name} at http://{host}:{port}/v1, end it with Ctrl-C", flush=True)
    uvicorn.run(app(chat), host=host, port=port, log_level="info")
