"""What workbooks say of themselves, by which it is known again: whoever checks a workbook need not load what schemes are."""

from __future__ import annotations

NOT_PASSED = " 行未通过"
"""Above 校验, behind the name of a table that is read there and how many rows of it."""
SPOILT = "表 {} 中有关的行有错误"
NOT_READ = "公式读的不是这一格，它被剪切到了别处，请撤销，已经保存的用 kaohe upgrade 重建"
OUT_OF_STEP = (
    "中有格被单独删除或插入，从那里往下各格与同一行的别的格错开了；请撤销，已经保存的逐行核对以后用 kaohe upgrade 重建"
)
