"""Every workbook of the folder KAOHE_CORPORA, one folder a suite, gives Excel's stored values."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.corpora.compare import VARIABLE, Comparison, compare, suites, unused, workbooks

pytestmark = pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} names no folder of workbooks")
# Equal cells of a hundred that are computed.
LEAST = 99.5


def _results(suite: Path) -> list[Comparison]:
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(compare, workbooks([suite])))


@pytest.mark.parametrize("suite", suites() if VARIABLE in os.environ else [], ids=lambda suite: suite.name)
def test_suite_has_excels_values(suite: Path) -> None:
    results = _results(suite)
    assert not [result.crash for result in results if result.crash]
    counts = Counter(
        equal=sum(result.equal.total() for result in results), different=sum(len(r.different) for r in results)
    )
    assert not unused(results), "accepted.toml: there nothing differs any more"
    examples = "\n".join(str(difference) for result in results for difference in result.different)
    assert 100 * counts["equal"] >= LEAST * counts.total(), examples
