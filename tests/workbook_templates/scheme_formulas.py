"""Random formulas of the scheme language, in a scheme with a table of bounds and a table of people."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from workbook_templates.formula import language
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.model import Scheme

_HEAD = """
title = "试"
summary = "试"
source = "试"
parameters = [{ name = "p", value = 2 }, { name = "q", value = 3 }]

[[tables]]
name = "档"
default = [{ "名" = "x", "界" = 50, "果" = 1.5 }, { "名" = "y", "界" = 3, "果" = 1 }, { "名" = "z", "界" = -99999, "果" = 0.5 }]
columns = [{ name = "名", type = "text" }, { name = "界" }, { name = "果" }, { name = "核", formula = '="有"' }]

[[tables]]
name = "人员"
people = true
columns = [
    { name = "t", type = "text" },
    { name = "a" },
    { name = "b" },
    { name = "c" },
"""
LEAVES = st.sampled_from(["[@a]", "[@b]", "[@c]", "[@a]", "[@b]", "1", "2.5", "p", "q", "0.1"])


def _conditions(number: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{}{}{}".format, number, st.sampled_from(["<", ">=", "="]), number),
        st.builds('{}=""'.format, number),
        st.sampled_from(['[@t]="x"', '"x"=[@t]', '([@a]>1)*([@t]<>"y")', "KAOHE_COUNT([@t],[t])>1", "ISNUMBER([@c])"]),
    )


def _grown(number: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({}{}{})".format, number, st.sampled_from("+-*/"), number),
        st.builds("IF({},{},{})".format, _conditions(number), number, number),
        st.builds("IFERROR({},{})".format, number, st.sampled_from(["0", '""', "[@a]"])),
        st.builds("IFERROR(KAOHE_ROUND({}/{},2),{})".format, number, number, number),
        st.builds("IF(ISERROR(KAOHE_ROUND({}/{},p)),{},1)".format, number, number, number),
        st.builds("KAOHE_ROUND({},{})".format, number, st.sampled_from(["2", "p"])),
        st.builds("KAOHE_ITEM({},{})".format, number, st.one_of(number, st.just("[@[a]:[c]]"))),
        st.builds("KAOHE_STEPS({},{},1,{})".format, number, number, number),
        st.builds("KAOHE_COEF({},{})".format, number, st.one_of(number, st.just("[@[a]:[b]]"))),
        st.builds("KAOHE_TIER({},档[界],档[果],,1)".format, number),
        st.builds("KAOHE_TIER({},{{50,3}},{{2,1}})".format, number),
        st.builds("MAX({},{})".format, number, number),
        st.builds("{}({})".format, st.sampled_from(["ABS", "INT", "-", "+", "SIGN"]), number),
        st.sampled_from(
            [
                "SUM([@[a]:[c]])", "SUM([a])", "MAX([b])-MIN([b])", "SUMPRODUCT([a]*[b])", "SUMIFS([a],[t],[@t])", "COUNTIFS([t],[@t])",
                "KAOHE_SUM([@t],[t],[a])", "KAOHE_COUNT([@t],[t])", "KAOHE_RANK([@序号],[序号],[b],[t])", "KAOHE_LOOKUP([@t],档[名],档[果])",
                "VLOOKUP([@t],档[[名]:[果]],3,0)", "MATCH([@t],档[名],0)", "INDEX(档[果],MATCH([@t],档[名],0))", "LEN([@t])",
                "KAOHE_RANK([@序号],[序号],IF(p=1,[a],[b]))", "KAOHE_TRIM([@[a]:[c]],1,0)", "CHOOSE(MATCH([@t],档[名],0),1,[@a],p)",
            ]
        ),
    )  # fmt: skip


numbers = st.recursive(LEAVES, _grown, max_leaves=6)
results = st.one_of(numbers, st.builds('IF({},"是",{}&"")'.format, _conditions(numbers), numbers))
formulas = st.builds("={}".format, results).filter(lambda text: "[@" in text and _is_allowed(text))


def _rows(blank: list[None]) -> st.SearchStrategy[list[dict[str, Any]]]:
    cells = {
        "t": st.sampled_from(["x", "y", "z", "X"]),
        "a": st.sampled_from([0, 1, 2.5, 7, 90, *blank]),
        "b": st.sampled_from([1, 2, 3.25, -4, 55]),
        "c": st.sampled_from([4, 0.1, *blank]),
    }
    return st.lists(st.fixed_dictionaries(cells), min_size=3, max_size=5)


rows, whole_rows = _rows([None]), _rows([])


def _is_allowed(text: str) -> bool:
    try:
        language.parse(text)
    except language.FormulaError:
        return False
    return True


def scheme(texts: list[str]) -> Scheme:
    columns = "\n".join(f"    {{ name = \"f{place}_\", formula = '{text}' }}," for place, text in enumerate(texts))
    return parse(f"{_HEAD}{columns}\n]\n", "x")


def data(people: list[dict[str, Any]]) -> dict[str, Any]:
    return {"tables": {"人员": people}}
