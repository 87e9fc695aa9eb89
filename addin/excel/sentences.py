"""Every sentence that the add-in's VBA tells, by its name: one table, from which a module of VBA is made.

``{1}`` and ``{2}`` stand for what is known only then: a path, a sheet, what Excel itself said.
"""

from __future__ import annotations

from addin.excel.reasons import UNKNOWN, reason_function
from addin.excel.vbatext import assignment, procedure

SENTENCES = {
    # The calculating program.
    "no_configuration": "没有找到 KAOHE 的配置文件 {1}，请运行 install.py 安装。",
    "no_library": "无法加载 {1}：文件不在 {2} 中，或被杀毒软件拦截。请重新运行 install.py。",
    "not_on_mac": (
        "macOS 的 Excel 不能计算 KAOHE_ 函数。请不要保存，改在 Windows 的 Excel 里打开；或者用 kaohe calc、LibreOffice 计算。"
    ),
    "unknown_failure": UNKNOWN + "\n{1}",
    "cells_wait": "考核函数暂时无法计算：\n{1}\n排除后请在“考核”选项卡点“重新连接”。",
    "connected": "计算程序已连接：\n{1}",
    # Connecting formulas.
    "healing": "KAOHE：正在重新连接公式：{1}",
    "healed": "已重新连接 {1} 个公式。",
    "not_healed": "重新连接考核公式时出错，公式保持原样。请在“考核”选项卡点“修复公式”再试：\n{1}",
    "locked_sheets": "以下工作表设有密码保护，其中的考核公式无法重新连接。请撤销保护后，在“考核”选项卡点“修复公式”：\n{1}",
    "refused_formulas": (
        "Excel 不接受以下单元格的公式，它们没有重新连接。请选中单元格，按 F2，再按回车（数组公式按 Ctrl+Shift+Enter）；"
        "显示为文字的公式，先删去最前面的撇号：\n{1}"
    ),
    "and_more": "等共 {1} 处",
    # Macros and buttons.
    "no_workbook": "没有打开的工作簿。在“受保护的视图”里看的，请先点“启用编辑”。",
    "busy": "上一个操作还没有结束；按 Esc 可以取消它。",
    "progress": "KAOHE：{1}（按 Esc 取消）",
    "not_local": "新工作簿要先存在这台电脑的文件夹里，以后再放到云上：\n{1}",
    "may_replace": "{1} 已存在，要替换吗？",
    "no_copy": "不能保存工作簿的副本，没有运行。请结束正在编辑的单元格，看磁盘是否已满，再试：\n{1}",
    "book_closed": (
        "宏还没有结束，工作簿就关闭了：没有写入它。已经生成的文件在它旁边的文件夹里，或在“文档”里。"
    ),
    "not_opened": "工作簿已生成：{1}。但 Excel 没有打开它：\n{2}",
    "unexpected": "Excel 没有完成这个操作：\n{1}",
}


def sentences_module() -> str:
    """The module of VBA: KaoheSay gives a sentence, KaoheReason what a failure of the calculating program means."""
    body = ["Select Case Sentence"]
    for name, sentence in SENTENCES.items():
        body += [f'    Case "{name}"', *(f"        {line}" for line in assignment("KaoheSay", sentence))]
    body += ["End Select", 'KaoheSay = Replace(Replace(KaoheSay, "{1}", First), "{2}", Second)']
    head = "Option Explicit\nOption Private Module\n\n' Generated from addin/excel/sentences.py and reasons.py.\n"
    say = "Public Function KaoheSay(ByVal Sentence As String, Optional ByVal First As String, Optional ByVal Second As String) As String"
    return "\n".join([head, procedure(say, body), reason_function()])
