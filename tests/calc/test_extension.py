"""What the extension holds, without LibreOffice."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from addin.calc import extension as extensions
from addin.calc.component.identity import IDENTIFIER, INTERFACE, method
from addin.calc.typelibrary import argument_type, methods, write
from addin.macros import MACROS
from tests.support import PROJECT
from udfs import FUNCTIONS

IN_LIBREOFFICE = ["udfs", "addin/calc/component", "addin/portable", "workbook_templates/formula"]
COMMENT_END = b"unoidl-write **\0"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@pytest.fixture
def package(extension: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(extension) as package:
        yield package


def test_the_same_sources_give_the_same_bytes(extension: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.oxt"
    extensions.build(again)
    assert again.read_bytes() == extension.read_bytes()


def test_everything_that_the_manifest_names_is_there(package: zipfile.ZipFile) -> None:
    manifest = ElementTree.fromstring(package.read("META-INF/manifest.xml"))
    named = {value for entry in manifest for key, value in entry.attrib.items() if key.endswith("full-path")}
    assert named <= set(package.namelist())
    assert {"XKaohe.rdb", "kaohe.components", "CalcAddIns.xcu", "Addons.xcu", "Jobs.xcu"} <= named


def test_every_xml_file_can_be_read(package: zipfile.ZipFile) -> None:
    for name in package.namelist():
        if name.endswith((".xcu", ".xml", ".components", ".svg")):
            ElementTree.fromstring(package.read(name))


def test_every_function_and_argument_is_described_in_both_languages(package: zipfile.ZipFile) -> None:
    text = package.read("CalcAddIns.xcu").decode("utf-8")
    nodes = ElementTree.fromstring(text).iter("node")
    described = {node.get(f"{{{_oor()}}}name"): node for node in nodes}
    for function in FUNCTIONS.values():
        told = "".join(described[method(function)].itertext())
        assert function.name in told and function.description in told and function.description_en in told
        for parameter in function.parameters:
            assert parameter.name in told and parameter.description in told and parameter.description_en in told


def _oor() -> str:
    return "http://openoffice.org/2001/registry"


def test_names_are_such_as_uno_takes() -> None:
    for one in methods():
        assert NAME.fullmatch(one.name)
        assert all(NAME.fullmatch(name) for name, _ in one.parameters)
        assert len({name for name, _ in one.parameters}) == len(one.parameters)


def test_what_may_be_left_out_can_be_anything() -> None:
    """Calc lets only such arguments be left out."""
    for function in FUNCTIONS.values():
        assert all(argument_type(p) == "any" for p in function.parameters if p.optional)


def test_no_package_of_the_extension_has_a_name_that_others_may_have(package: zipfile.ZipFile) -> None:
    for name in package.namelist():
        if not name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(package.read(name))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {each.partition(".")[0] for each in names}.isdisjoint({"udfs", "addin"}), f"{name}: {names}"


def test_what_runs_in_libreoffice_runs_in_its_own_python() -> None:
    command = [sys.executable, "-c", "import vermin; vermin.main()", "--target=3.8-", "--no-tips", "--violations"]
    done = subprocess.run([*command, *IN_LIBREOFFICE], cwd=PROJECT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout


def test_the_menu_has_every_macro(package: zipfile.ZipFile) -> None:
    declared = json.loads(package.read("pythonpath/kaohe_calc/macros.json"))
    assert [macro["name"] for macro in declared] == list(MACROS)
    menu = package.read("Addons.xcu").decode("utf-8")
    assert all(f"cn.kaohe.calc:{name}" in menu for name in ("new", "recalculate", *MACROS, "handbook", "about"))


def test_every_entry_of_the_menu_has_its_icons(package: zipfile.ZipFile) -> None:
    icons = re.findall(r"%origin%/(icons/\w+\.svg)", package.read("Addons.xcu").decode("utf-8"))
    assert len(icons) == 2 * (4 + len(MACROS))
    assert set(icons) <= set(package.namelist())


def test_the_type_library_is_what_the_sdk_writes(soffice: str, package: zipfile.ZipFile, tmp_path: Path) -> None:
    """Byte for byte, with the comment that the SDK's program puts in."""
    programs = Path(soffice).resolve().parent
    writer = programs.parent / "sdk" / "bin" / "unoidl-write"
    assert writer.is_file(), "the SDK (libreoffice-dev) is needed here"
    idl = "#include <com/sun/star/uno/XInterface.idl>\nmodule cn { module kaohe { module calc {\ninterface XKaohe : "
    idl += "com::sun::star::uno::XInterface {\n"
    for one in methods():
        parameters = ", ".join(f"[in] {type_name.replace('.', '::')} {name}" for name, type_name in one.parameters)
        idl += f" any {one.name}({parameters});\n"
    (tmp_path / "XKaohe.idl").write_text(idl + "};\n}; }; };\n", encoding="ascii")
    types = [programs / "types.rdb", programs / "types" / "offapi.rdb"]
    subprocess.run([writer, *types, tmp_path / "XKaohe.idl", tmp_path / "sdk.rdb"], check=True)
    theirs = (tmp_path / "sdk.rdb").read_bytes()
    comment = theirs[16 : theirs.index(COMMENT_END) + len(COMMENT_END)]
    assert write(IDENTIFIER, INTERFACE, methods(), comment) == theirs
