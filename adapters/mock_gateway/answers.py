"""Remembered answers: a repeated idempotency key gets what its first call got."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from adapters.mock_gateway.problems import Refusal

Answer = TypeVar("Answer", bound=BaseModel)


class Answers:
    """Answers by address and key; a refusal changed nothing, so it is not remembered."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], tuple[BaseModel | None, BaseModel]] = {}

    def once(
        self,
        path: str,
        key: str | None,
        body: BaseModel | None,
        act: Callable[[], Answer],
    ) -> Answer:
        """Act, or replay the answer that the same key got at this address.

        Raises:
            Refusal: The key came before with another body.
        """
        if key is None:
            return act()
        if (path, key) in self._given:
            first_body, answer = self._given[path, key]
            if first_body != body:
                raise Refusal("key_reused", "Choose a new key for a new request.")
            return answer  # type: ignore[return-value]  # one address has one kind of answer
        answer = act()
        self._given[path, key] = (body, answer)
        return answer

    def clear(self) -> None:
        """Forget every answer."""
        self._given.clear()
