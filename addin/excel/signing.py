"""Signs the VBA project of a built file with the user's certificate, by the program that the machine has for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from addin.shared.exits import UserError
from addin.xlsx.files import replace

PASSWORD = "KAOHE_SIGN_PASSWORD"
"""The environment variable with the certificate's password: on a command line others could read it."""

SIGNATURES = ("vbaProjectSignature.bin", "vbaProjectSignatureAgile.bin", "vbaProjectSignatureV3.bin")
_SECONDS = 120
Run = Callable[[Sequence[str]], tuple[int, str]]


def run_program(command: Sequence[str]) -> tuple[int, str]:
    """The exit code and the output of a program."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_SECONDS,
        encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def sign(
    path: Path,
    certificate: Path,
    which: Callable[[str], str | None] = shutil.which,
    run: Run = run_program,
    password: str | None = None,
) -> None:
    """Sign a file in place, whole or not at all. Raises UserError with what is missing or went wrong."""
    if not certificate.is_file():
        raise UserError(f"没有证书文件 {certificate}")
    password = os.environ.get(PASSWORD, "") if password is None else password
    with tempfile.TemporaryDirectory() as folder:
        unsigned, signed = Path(folder) / f"unsigned{path.suffix}", Path(folder) / f"signed{path.suffix}"
        shutil.copyfile(path, unsigned)
        if program := which("signtool"):
            shutil.copyfile(unsigned, signed)
            command = [program, "sign", "/fd", "SHA256", "/f", str(certificate)]
            command += [*(["/p", password] if password else []), str(signed)]
        elif program := which("osslsigncode"):
            command = [program, "sign", "-h", "sha256", "-pkcs12", str(certificate)]
            command += [*(["-pass", password] if password else []), "-in", str(unsigned), "-out", str(signed)]
        else:
            raise UserError("没有找到签名程序 signtool(Windows SDK)或 osslsigncode；文件已生成，没有签名")
        code, printed = run(command)
        if code or not is_signed(signed):
            last = (printed.strip().splitlines() or [f"代码 {code}"])[-1]
            hint = "signtool 要先注册 Office 的签名组件(Microsoft Office Subject Interface Packages)"
            raise UserError(f"{Path(program).stem} 没有签成 {path.name}:{last}。{hint}；文件已生成，没有签名")
        content = signed.read_bytes()
    replace(path, lambda stream: stream.write(content))


def is_signed(path: Path) -> bool:
    """Whether a file of Office carries a signature of its VBA project."""
    try:
        with zipfile.ZipFile(path) as package:
            return any(name.rsplit("/", 1)[-1] in SIGNATURES for name in package.namelist())
    except (OSError, zipfile.BadZipFile):
        return False
