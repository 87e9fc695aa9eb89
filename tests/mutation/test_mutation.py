"""The tests are tested: nine of ten mistakes of a fixed sample in the functions are noticed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.mutants import mutants, mutated
from tests.support import PROJECT

CODE = '''
LIMIT = 3

@declared(4)
def f(a: int = 5) -> int:
    """Not code: 6."""
    check(a)
    total = min(a, 1) + 2 if a else -a
    while not total < LIMIT and a in (True,):
        total *= a
    return "text" if any(total) else total
'''


def test_every_mistake_changes_one_thing_inside_a_function(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text(CODE, encoding="utf-8")
    found = mutants(path)
    assert sorted(mutant.told for mutant in found) == sorted([
        "check(…) left out", "condition negated", "min → max", "1 → 2", "Add → Sub", "2 → 3", "USub left out",
        "And → Or", "Not left out", "Lt → LtE", "In → NotIn", "True → False", "Mult → Add", "condition negated", "any → all",
    ])  # fmt: skip
    texts = {ast.unparse(mutated(mutant)) for mutant in found}
    assert len(texts) == len(found)
    assert ast.unparse(ast.parse(CODE)) not in texts


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants are tried in forked processes")
def test_nine_of_ten_mistakes_are_noticed() -> None:
    """If not: ``python -m tests.mutation`` names those that are not."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST_"))}
    command = [sys.executable, "-m", "tests.mutation", "--part", "udfs", "--sample", "20"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
