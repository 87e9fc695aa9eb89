"""The functions' names in formulas and in saved files."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from addin.calc.component.names import is_linked, is_unbound, programmatic, visible
from addin.calc.component.saved import mend
from addin.portable import replacing


@pytest.mark.parametrize(
    ("seen", "bound"),
    [
        ("=KAOHE_SCORE(A1:B1)", "=KAOHE.SCORE(A1:B1)"),
        ("=kaohe_score(A1)+Kaohe_Round (B1)", "=KAOHE.SCORE(A1)+KAOHE.ROUND (B1)"),
        ('=IF(A1="KAOHE_SCORE(",KAOHE_RANK(1,2,3),"")', '=IF(A1="KAOHE_SCORE(",KAOHE.RANK(1,2,3),"")'),
        ("=MY_KAOHE_SCORE(1)+KAOHE_SCORES(1)+KAOHE_SCORE", "=MY_KAOHE_SCORE(1)+KAOHE_SCORES(1)+KAOHE_SCORE"),
        ('="a""KAOHE_SUM("&KAOHE_SUM(A1,B:B,C:C)', '="a""KAOHE_SUM("&KAOHE.SUM(A1,B:B,C:C)'),
    ],
)
def test_functions_are_renamed_and_texts_are_not(seen: str, bound: str) -> None:
    assert programmatic(seen) == bound
    assert is_unbound(seen) == (seen != bound)
    assert not is_unbound(bound)
    assert visible(bound).upper() == seen.upper()


@pytest.mark.parametrize(
    "home",
    [
        "[1]!",
        "[12]!",
        "'C:\\Users\\x\\XLSTART\\kaohe.xlam'!",
        "'http://a/it''s.xlam'!",
        "kaohe.xlam!",
        "_xlfn.",
        "_xll.",
    ],
)
@pytest.mark.parametrize("name", ["KAOHE_ROUND", "kaohe_round", "KAOHE.ROUND"])
def test_functions_sought_in_the_add_in_of_excel_are_ours(home: str, name: str) -> None:
    formula = f'=IF(A1>80,{home}{name}(A1;0),"{home}KAOHE_ROUND(")'
    assert is_unbound(formula) and is_linked(formula)
    assert programmatic(formula) == f'=IF(A1>80,KAOHE.ROUND(A1;0),"{home}KAOHE_ROUND(")'


def test_other_links_are_left_alone() -> None:
    for formula in (
        "=[1]!OTHER(1)",
        "='x.xlam'!KAOHE_ROUNDING(1)",
        "=[1]Sheet1!A1+KAOHE.ROUND(1;0)",
        '="[1]!KAOHE_ROUND("',
    ):
        assert not is_unbound(formula) and not is_linked(formula)
        assert programmatic(formula) == formula


SHEET = (
    '<c r="A1"><f aca="false">IF(KAOHE.COUNT(A2,B:B)&gt;1,&quot;KAOHE.SUM(&quot;,人员[得分])</f><v>1</v></c>'
    '<c r="A2" t="str"><v>KAOHE.SCORE(</v></c><c r="A3"><f t="array" ref="A3:A9">KAOHE.ROUND(B3:B9)</f></c>'
)
MENDED = (
    SHEET.replace("IF(KAOHE.COUNT", "IF(KAOHE_COUNT").replace(">KAOHE.ROUND", ">KAOHE_ROUND").replace("&quot;", '"')
)


def workbook(path: Path, sheet: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", sheet)
        package.writestr("xl/workbook.xml", "<definedName name='x'>KAOHE.ROUND(1)</definedName>")
        package.writestr("xl/sharedStrings.xml", "<t>KAOHE.SCORE(</t>")
    return path


def test_only_formulas_are_mended(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", SHEET)
    assert mend(path)
    with zipfile.ZipFile(path) as package:
        assert package.read("xl/worksheets/sheet1.xml").decode("utf-8") == MENDED
        assert b">KAOHE_ROUND(1)<" in package.read("xl/workbook.xml")
        assert b"KAOHE.SCORE(" in package.read("xl/sharedStrings.xml")
        assert package.testzip() is None


def test_the_file_keeps_its_date_and_rights(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", SHEET)
    os.utime(path, ns=(1_700_000_000_123_456_789, 1_700_000_000_123_456_789))
    path.chmod(0o640)
    mend(path)
    assert path.stat().st_mtime_ns == 1_700_000_000_123_456_789
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_without_such_names_is_not_touched(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", "<c/>")
    mend(path)
    before = path.read_bytes(), path.stat().st_ino
    assert not mend(path)
    assert (path.read_bytes(), path.stat().st_ino) == before


def test_an_encrypted_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    assert not mend(path)
    assert not mend(tmp_path / "gone.xlsx")


def test_a_file_that_cannot_be_replaced_is_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, tried = workbook(tmp_path / "a.xlsx", SHEET), list[str]()
    before = path.read_bytes()

    def refuse(source: str, target: str) -> None:
        tried.append(target)
        raise PermissionError(13, "in use", target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        mend(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    monkeypatch.setattr(replacing, "fcntl", None)
    tried.clear()
    with pytest.raises(PermissionError):
        mend(path, is_patient=False)
    assert len(tried) == 1, "on Windows every save of an open document would wait"
