"""What tests of the engine share."""

from __future__ import annotations

from typing import Any

import pytest

from addin.headless.evaluate import Evaluator


@pytest.fixture
def applied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The functions and operators that are computed, one after the other."""
    found: list[str] = []
    original = Evaluator._applied

    def counted(self: Evaluator, node: Any, context: Any) -> Any:
        found.append(node.function)
        return original(self, node, context)

    monkeypatch.setattr(Evaluator, "_applied", counted)
    return found
