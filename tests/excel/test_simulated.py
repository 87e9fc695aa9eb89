"""The stand-in refuses what Excel refuses."""

from __future__ import annotations

import pytest
from pyopenvba.exceptions import VBAError

from tests.excel.standin import at_work


def test_a_function_of_a_cell_sets_nothing_and_starts_the_server_all_the_same() -> None:
    with at_work() as office:
        office.run('Range("A1").Value = 1.005', 'Range("B1").Formula = "=KAOHE_ROUND(A1,2)"')
        office.calculate()
        assert office.evaluate('Range("B1").Value') == 1.01
        assert "EnableCancelKey" not in office.state and office.dll.starts == 1
        for statement in ('Range("A1").Value = 2', "Application.EnableCancelKey = 0", 'Range("A1").ClearContents'):
            office.is_reading = True
            with pytest.raises(VBAError, match="object-defined"):
                office.run(statement)
            office.is_reading = False
            office.run(statement)
