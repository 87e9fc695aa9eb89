"""Signing by Microsoft's program: done and checked, or the file stays as it was."""

from __future__ import annotations

import shutil
import sys
import traceback
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from addin.excel import build
from addin.excel import signing as signing_module
from addin.excel.contents import is_signed
from addin.excel.signing import sign
from addin.shared.exits import UserError


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built"))


@pytest.fixture
def addin(built: Path, tmp_path: Path) -> Path:
    (tmp_path / "unit.pfx").write_bytes(b"certificate")
    return Path(shutil.copyfile(built, tmp_path / "kaohe.xlam"))


def signing(commands: list[list[str]], code: int = 0) -> Callable[[Sequence[str]], tuple[int, str]]:
    """What signtool does to a file, as far as it is looked at."""

    def run(command: Sequence[str]) -> tuple[int, str]:
        commands.append(list(command))
        target = Path(command[-1])
        if not code:
            with zipfile.ZipFile(target, "a") as package:
                package.writestr("xl/vbaProjectSignature.bin", b"signature")
        return code, "SignTool Error: no certificate\n" if code else "done"

    return run


def test_a_file_is_signed_by_signtool(addin: Path, tmp_path: Path) -> None:
    commands: list[list[str]] = []
    sign(addin, tmp_path / "unit.pfx", lambda name: f"/bin/{name}", signing(commands), "secret")
    assert is_signed(addin) and commands[0][0] == "/bin/signtool" and "secret" in commands[0]
    with zipfile.ZipFile(addin) as package:
        assert package.testzip() is None and "xl/vbaProject.bin" in package.namelist()


def test_what_is_missing_or_fails_is_told_and_the_file_stays(addin: Path, tmp_path: Path) -> None:
    before = addin.read_bytes()
    certificate = tmp_path / "unit.pfx"
    with pytest.raises(UserError, match="没有证书文件"):
        sign(addin, tmp_path / "none.pfx")
    with pytest.raises(UserError, match="没有找到签名程序"):
        sign(addin, certificate, lambda _: None)
    with pytest.raises(UserError, match=r"没有签成 kaohe[.]xlam：SignTool Error"):
        sign(addin, certificate, str, signing([], 1))
    with pytest.raises(UserError, match="没有签成"):
        sign(addin, certificate, str, lambda _: (0, "nothing done"))
    assert addin.read_bytes() == before


def test_the_password_is_never_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert signing_module.run_program([sys.executable, "-c", "print('done')"])[1].strip() == "done"
    monkeypatch.setattr(signing_module, "_SECONDS", 0.1)
    for command in (
        [sys.executable, "-c", "import time; time.sleep(60)", "secret"],
        [str(tmp_path / "none"), "secret"],
    ):
        with pytest.raises(UserError, match="文件已生成，没有签名") as caught:
            signing_module.run_program(command)
        assert "secret" not in "".join(traceback.format_exception(caught.value))
