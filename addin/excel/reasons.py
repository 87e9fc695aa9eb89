"""What it means when the calculating program doesn't start, in words: for the cells' message in Excel and for doctor."""

from __future__ import annotations

from addin.excel.vbatext import literal, procedure

DOCTOR = "请运行 kaohe doctor"
REASONS = (
    (
        "Could not create Python process",
        "无法启动计算程序:Python 已移走、已删除或被杀毒软件拦截。请重新运行 install.py。",
    ),
    ("exited before", "计算程序一启动就结束了:程序文件夹中的 Python 环境不完整。请重新运行 install.py。"),
    (
        "-2147221164",
        f"计算程序启动后两分钟仍没有连上 Excel:常见于 Microsoft Store 版的 Excel 或 Python,或杀毒软件拦截。{DOCTOR}。",
    ),
    (
        "Could not activate",
        f"Windows 不让 Excel 连接计算程序。请以同一个用户、同样的权限打开 Excel,或{DOCTOR.removeprefix('请')}。",
    ),
    ("JobObject", f"Windows 不让计算程序随 Excel 启动。{DOCTOR}。"),
    ("ModuleNotFoundError", "计算程序的 Python 环境不完整。请重新运行 install.py。"),
    ("ImportError", "计算程序的 Python 环境不完整。请重新运行 install.py。"),
)
"""A sign in what xlwings' library or Python said, and the sentence; the first that fits counts."""

UNKNOWN = f"计算程序出错。请点“重新连接”;仍不行的,{DOCTOR}。"


def reason(description: str) -> str:
    """The sentence for what the library or Python said."""
    return next((sentence for sign, sentence in REASONS if sign in description), UNKNOWN)


def reasons_module() -> str:
    """The same for VBA."""
    body = ["KaoheReason = " + literal(UNKNOWN) + " & vbLf & Description"]
    for sign, sentence in reversed(REASONS):
        body.append(f'If InStr(Description, "{sign}") > 0 Then KaoheReason = {literal(sentence)}')
    head = "Option Explicit\nOption Private Module\n\n' Generated from addin/excel/reasons.py: what a failure means.\n"
    return head + "\n" + procedure("Public Function KaoheReason(ByVal Description As String) As String", body)
