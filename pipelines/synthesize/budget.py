"""What may be spent on an endpoint: never exceeded, however many requests are under way."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Condition


@dataclass
class Budget:
    """Tokens and money of one run. A request is let through only if its worst case still fits.

    Prices are per 1,000 tokens, in the currency of `max_cost`.
    """

    max_tokens: int
    max_cost: float
    input_price: float = 0.0
    output_price: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    ended_by: str | None = None  # tokens | cost
    _reserved: list[tuple[int, int]] = field(default_factory=list)
    _changed: Condition = field(default_factory=Condition)

    @property
    def cost(self) -> float:
        return self._price(self.input_tokens, self.output_tokens)

    def reserve(self, most: tuple[int, int]) -> bool:
        """Sets aside `most` (input, output) tokens; False once they do not fit, with nothing under way."""
        with self._changed:
            while (over := self._over(most)) and self._reserved and not self.ended_by:
                self._changed.wait()
            if over:
                self.ended_by = self.ended_by or over
            if self.ended_by:
                return False
            self._reserved.append(most)
            return True

    def settle(self, most: tuple[int, int], used: tuple[int, int]) -> None:
        """Gives back what `reserve` set aside and books what was `used`."""
        with self._changed:
            self._reserved.remove(most)
            self.input_tokens += used[0]
            self.output_tokens += used[1]
            self._changed.notify_all()

    def _over(self, more: tuple[int, int]) -> str | None:
        """Which limit would be passed by `more` on top of what is spent and set aside."""
        taken = [(self.input_tokens, self.output_tokens), *self._reserved, more]
        into, out = sum(pair[0] for pair in taken), sum(pair[1] for pair in taken)
        if into + out > self.max_tokens:
            return "tokens"
        return "cost" if self._price(into, out) > self.max_cost + 1e-9 else None

    def _price(self, input_tokens: int, output_tokens: int) -> float:
        return (input_tokens * self.input_price + output_tokens * self.output_price) / 1000
