"""What it means when the calculating program doesn't start, in words: for the cells' message in Excel and for doctor."""

from __future__ import annotations

from addin.excel.vbatext import literal, procedure

DOCTOR = "请运行 kaohe doctor"
ENDED = "计算程序中途结束了，重新启动也没有成功：可能被杀毒软件或任务管理器结束。请点“重新连接”。"
"""ERROR_REMOTE_SERVER, RPC_S_SERVER_UNAVAILABLE, RPC_E_DISCONNECTED, RPC_S_CALL_FAILED: Excel tells them in its own language."""

BUSY = "计算程序正忙，没有回答。请稍等，再点“重新连接”。"
"""RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER."""

REASONS = (
    (
        "Could not create Python process",
        "无法启动计算程序：Python 已移走、已删除，或被杀毒软件、单位的策略拦截；Excel 由别的程序打开时也可能如此。"
        f"请关闭 Excel，从开始菜单打开再试，或重新运行 install.py；仍不行的，{DOCTOR}。",
    ),
    ("exited before", "计算程序一启动就结束了：程序文件夹中的 Python 环境不完整。请重新运行 install.py。"),
    (
        "-2147221164",
        f"计算程序启动后两分钟仍没有连上 Excel：常见于 Microsoft Store 版的 Excel 或 Python，或杀毒软件拦截。{DOCTOR}。",
    ),
    (
        "Could not activate",
        f"Windows 不让 Excel 连接计算程序。请以同一个用户、同样的权限打开 Excel，或{DOCTOR.removeprefix('请')}。",
    ),
    ("JobObject", f"Windows 不让计算程序随 Excel 启动。{DOCTOR}。"),
    ("ModuleNotFoundError", "计算程序的 Python 环境不完整。请重新运行 install.py。"),
    ("ImportError", "计算程序的 Python 环境不完整。请重新运行 install.py。"),
    *((f"({number})", ENDED) for number in (462, -2147023174, -2147417848, -2147023170)),
    *((f"({number})", BUSY) for number in (-2147418111, -2147417846)),
)
"""A sign in what xlwings' library or Python said, or the error's number, and the sentence; the first that fits counts."""

UNKNOWN = f"计算程序出错。请点“重新连接”；仍不行的，{DOCTOR}。"


def reason(description: str) -> str:
    """The sentence for what the library or Python said."""
    return next((sentence for sign, sentence in REASONS if sign in description), UNKNOWN)


def said_by_excel(error: BaseException) -> str:
    """What Excel said with an error over COM (pywintypes.com_error); an empty text for any other error."""
    match error.args:  # hresult, its text, (code, source, description, …) or None, the argument's number
        case (int(), text, (_, _, described, *_), *_):
            return str(described or text)
        case (int(), text, None, *_):
            return str(text)
    return ""


def reason_function() -> str:
    """The same for VBA; an error's number stands behind its description there."""
    body = ['KaoheReason = KaoheSay("unknown_failure", Description)']
    for sign, sentence in reversed(REASONS):
        body.append(f'If InStr(Description, "{sign}") > 0 Then KaoheReason = {literal(sentence)}')
    return procedure("Public Function KaoheReason(ByVal Description As String) As String", body)
