"""Random formulas as programs store them, calls of our functions among them in every way of writing."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

CALLED = ("KAOHE_SCORE", "kaohe_Rank", "KAOHE.SUM", "Kaohe.coef", "KAOHE_甲")
OTHERS = (
    "SUM",
    "XKAOHE_SCORE",
    "考核KAOHE_SCORE",
    "_KAOHE_SCORE",
    "KAOHE",
    "_xlfn.XLOOKUP",
    "KAOHESCORE",
    "A1.KAOHE.SUM",
)
HOMES = (
    "", "", "[1]!", "[12]Sheet1!", "'C:\\a b\\kaohe.xlam'!", "'D:\\it''s [1]\\KAOHE.XLAM'!", "kaohe.xlam!", "_xll.",
    "_xlfn._xlws.", "[1]!_xludf.", "'KAOHE_SCORE('!", "KAOHE_SCORE!", "一月:三月!", "[2]一月:三月!", "'“甲” (2)'!",
)  # fmt: skip
_text = st.text(st.sampled_from("KAOHE_SCORE(.)[]'!#@甲“，：（\n 1"), max_size=14)
_texts = _text.map(lambda text: '"' + text.replace('"', '""') + '"')
_quoted = st.sampled_from(['"KAOHE_SCORE(1)"', '"a""KAOHE.SUM("', '"\n[\'"'])
_column = _text.filter(bool).map(lambda name: "".join(f"'{c}" if c in "[]#'@" else c for c in name))
_columns = st.one_of(
    _column.map(lambda name: f"T[{name}]"),
    _column.map(lambda name: f"人员[[#This Row],[{name}]]"),
    _column.map(lambda name: f"[[{name}]:[业绩]]"),
    st.sampled_from(["T[KAOHE_SCORE(]", "人员[达标'#]", "T['[KAOHE.SUM(']]", "T[a'''[b]", "[1]一月!A1", "T[]"]),
)
_references = st.sampled_from(
    ["A1", "$B$2:C3", "A:C", "'it''s'!A1", "'KAOHE_SCORE('!B2", "一月:三月!A1", "KAOHE_SCORE", "KAOHE.SUM", "[1]甲!A1:B2",
     "'C:\\[kaohe.xlam]S'!A1", "3.5", "1E+3", "#REF!", "甲!#REF!", "{1,2;\"KAOHE_A(\",TRUE}", "系数", "#N/A"]
)  # fmt: skip
_leaves: SearchStrategy[str] = st.one_of(_references, _texts, _quoted, _columns)


def _larger(parts: SearchStrategy[str]) -> SearchStrategy[str]:
    arguments = st.lists(parts, max_size=3).map(",".join)
    ours = st.builds("{}{}({})".format, st.sampled_from(HOMES), st.sampled_from(CALLED), arguments)
    others = st.builds("{}({})".format, st.sampled_from(OTHERS), arguments)
    operators = st.sampled_from(["+", "-", "&", "<>", "=", " * ", ":", "/\n"])
    return st.one_of(ours, ours, others, st.builds("{}{}{}".format, parts, operators, parts), parts.map("({})".format))


formulas: SearchStrategy[str] = st.recursive(_leaves, _larger, max_leaves=8)
"""Without ``=``; a few of them can't be read (``tokenise`` tells)."""
