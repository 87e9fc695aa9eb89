"""The words that cells, functions, workbooks and messages share; each has its one home here."""

from __future__ import annotations

YES, NO = "是", "否"
GOOD = "通过"
"""A row or a check in which nothing is wrong."""

ABSENT = "不参加"
"""Stands outside the appraisal: nobody counts or ranks it."""

PENDING = "待填"
"""A row whose required cells are still blank, told from one that is filled in wrongly."""

BROKEN = "不符"
"""A balance that does not hold."""

UNKNOWN = "无法核对"
"""A balance of figures that are in error."""
