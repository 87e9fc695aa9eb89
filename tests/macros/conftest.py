"""What the tests of macros share: a plain workbook of a clerk's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

PEOPLE = [
    ("张三", "A01", "办公室", 90, 85, 88, 92),
    ("李四", "A02", "财务科", 78, 82, 90, 85),
    ("王五", "A03", "办公室", 95, 91, 93, 96),
    ("张三", "A04", "财务科", 60, 70, 80, 65),
]


@pytest.fixture(scope="session")
def own_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook that a clerk made: no Excel table, ordinary formulas, 合计 below, a parameter sheet without names."""
    path = tmp_path_factory.mktemp("own") / "三季度.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("三季度")
        sheet.write(0, 0, "某某镇2026年三季度考核表")
        sheet.write(1, 0, "单位名称：某某镇人民政府    考核期间：2026年三季度")
        headings = ["序号", "姓名", "工号", "科室", "德", "能", "勤", "绩", "得分", "名次", "等次", "奖金", "身份证号"]
        sheet.write_row(2, 0, headings)
        one_decimal = workbook.add_format({"num_format": "0.0"})
        for index, person in enumerate(PEOPLE):
            row = 3 + index
            at = row + 1
            sheet.write_row(row, 0, [index + 1, *person])
            sheet.write_formula(row, 8, f"=ROUND(SUMPRODUCT(E{at}:H{at},标准!$B$1:$E$1),1)", one_decimal)
            sheet.write_formula(row, 9, f"=RANK(I{at},I$4:I$7)")
            sheet.write_formula(row, 10, f'=IF(I{at}>=90,"优秀",IF(I{at}>=80,"良好","合格"))')
            sheet.write_formula(row, 11, f"=VLOOKUP(K{at},标准!$A$4:$B$6,2,FALSE)")
            sheet.write(row, 12, "530000199001010000")
        sheet.write(7, 1, "合计")
        sheet.write_formula(7, 11, "=SUM(L4:L7)")
        standard = workbook.add_worksheet("标准")
        standard.write_row(0, 0, ["权重", 0.2, 0.2, 0.2, 0.4])
        for index, (grade, money) in enumerate([("优秀", 3000), ("良好", 2000), ("合格", 1000)]):
            standard.write_row(3 + index, 0, [grade, money])
    return path
