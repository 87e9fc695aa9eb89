"""Signs the VBA project of a built file with the user's certificate, by Microsoft's program.

There is no other: what else signs code (osslsigncode) doesn't know files of Office.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from addin.excel.contents import is_signed
from addin.shared.exits import UserError, reason
from addin.xlsx.files import replace

PASSWORD = "KAOHE_SIGN_PASSWORD"
"""The environment variable with the certificate's password: on a command line others could read it."""

_SECONDS = 120
_HINT = "signtool 要先注册 Office 的签名组件（Microsoft Office Subject Interface Packages）"
Run = Callable[[Sequence[str]], tuple[int, str]]


def run_program(command: Sequence[str]) -> tuple[int, str]:
    """The exit code and the output of a program. Raises UserError, which never tells the command: a password is in it."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_SECONDS,
            encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise UserError(f"signtool 过了 {_SECONDS} 秒还没有签完，已停止；文件已生成，没有签名") from None
    except OSError as error:
        raise UserError(f"无法运行 signtool：{reason(error)}；文件已生成，没有签名") from None
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
    program = which("signtool")
    if program is None:
        raise UserError(f"没有找到签名程序 signtool（Windows SDK）；{_HINT}；文件已生成，没有签名")
    with tempfile.TemporaryDirectory() as folder:
        signed = Path(shutil.copyfile(path, Path(folder) / f"signed{path.suffix}"))
        command = [program, "sign", "/fd", "SHA256", "/f", str(certificate)]
        code, printed = run([*command, *(["/p", password] if password else []), str(signed)])
        if code or not is_signed(signed):
            last = (printed.strip().splitlines() or [f"代码 {code}"])[-1]
            raise UserError(f"signtool 没有签成 {path.name}：{last}。{_HINT}；文件已生成，没有签名")
        content = signed.read_bytes()
    replace(path, lambda stream: stream.write(content))
