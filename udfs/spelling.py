"""Texts that look the same and are not, and what stands in the place of a name and is nobody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from udfs.values import Cell, number_text

_CODES = (
    *range(0x21),
    0x85,
    0xA0,
    0xAD,
    *range(0x2000, 0x2010),
    *range(0x2028, 0x2030),
    *range(0x205F, 0x2065),
    0x3000,
    0xFEFF,
)
_UNSEEN = "".join(map(chr, _CODES))
"""Characters that take no ink."""
_LIKE = str.maketrans({**dict.fromkeys("•‧∙⋅・･.", "·"), **dict.fromkeys("‐‑‒–—―−", "-")})
"""Points within names, and dashes."""
_DOUBTFUL = r"[^0-9a-z\u4e00-\u9fff|_、·-]|(?<![^|])0[0-9]"
"""In texts joined with ``|``: what may look like something else."""
_MEAN = "平均 (?: [分数值元\\d.] | 得分 | 成绩 | 金额 | 考核 | 综合 | 绩效 | 奖金 | 工资 | 系数 | 水平 | 每?人 )*"
_TOTAL = rf"(?x) (?: [总合小累]计 [人数额]* | {_MEAN} ) (?: \( \w* \) )? | [共合总计]+ \d+ 人"
_FIGURES = r"""(?x) (?: .*[^·] | .*[科组室班部院所站页区县校厂队店]· )[总合累]计 | (?: .{2,} | [科组室班部院所站页] )小计 | 人均 | 均分 | 最[高低]分? | 满分 | 分值 | 标准分 | 权重 | 姓名 |
    [\(\[]?(?:示例|样例|例)[\)\]]?"""
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "康洪施毕温庞殷樊颜倪乔赖鲁葛聂齐梅邢焦岳俞祝耿柳翟涂祁凌柴卜辛霍翁阮骆尤裴"
)
_FAMILY = rf"""(?: [{_SURNAMES}] | 欧阳 | 上官 | 司马 | 司徒 | 诸葛 | 夏侯 | 皇甫 | 尉迟 | 公孙 | 慕容 | 令狐 | 长孙 | 宇文
    | 端木 | 南宫 | 独孤 | 申屠 | 闻人 | 澹台 | 轩辕 )"""
_SOMEBODY = rf"(?x) {_FAMILY} [总合小累]计"
"""A frequent surname with a given name that would be a total behind anything else."""
_POSTS = "(?: 单位 | 部门 | 科室 | 分管 | 主管 | 考核 )?"
_SIGNED = rf"""(?x) (?! 领导$ ) {_POSTS}
    (?: 制[表单] | 填[表报] | 编制 | 审[核批定] | 复核 | 批准 | 经[办手] | 负责 | 主管 | 领导 | 单位 | 盖章 | 签[字名章] )人?
    (?: 日期 | \(?[签盖][字名章]\)? )? :* | (?: 日期 | 备注 | 说明 | 注 ) :*"""
"""领导 without a colon may be a unit."""
_SIGNED_BY = rf"""(?x) (?! .{{41}} | .* [科股室办处局组部心所站队院校厂店员班] $ )
    (?: {_POSTS} (?: 制[表单] | 填[表报] | 审[核批定] | 复核 | 批准 | 经办 | 负责人 | 盖章 | 签[字名章] )人?
    \)? (?: {_FAMILY} [\u4e00-\u9fff]{{1,2}} )? (?: 日期 | 单位 | 部门 | 意见 | \d{{4}} [\d年月日./-]* | [年月日_./(-] )* )+ :*"""
"""With somebody's name behind it, and neither a colon nor an office that is called so: 审批窗口 is one.

Those are compiled when something is first compared with them, which takes longer than a small table.
"""
_NOTE = r"[^:]+:+[^:].*"
_HINT = re.compile("[计均共总人最满分权名例制填编审复批经负主领单盖签日备说注:：﹕︓⩴]")
"""What is in whatever may be nobody."""


def as_seen(cell: Cell | Decimal) -> str:
    """Without what takes no room, in one width and case; numbers as they are without zeros before them."""
    text = cell if isinstance(cell, str) else number_text(float(cell))  # type: ignore[arg-type]
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LIKE)
    if not plain.isalnum():
        plain = "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf"))
    return plain.lstrip("0") or "0" if plain.isascii() and plain.isdigit() else plain


def is_unseen(cell: Any) -> bool:
    """Whether a cell shows nothing: it is blank, or a text of what takes no ink."""
    return cell is None or (isinstance(cell, str) and not cell.strip(_UNSEEN))


def unseen(cells: Iterable[Any]) -> set[Any]:
    """Those of the cells that show nothing."""
    return {cell for cell in cells if not (isinstance(cell, str) and cell.isalnum()) and is_unseen(cell)}


def is_doubtful(texts: Iterable[str]) -> bool:
    """Whether some of the texts may look like another one."""
    return re.search(_DOUBTFUL, "|".join(texts)) is not None


def are_alike(keys: Collection[str | Decimal]) -> bool:
    """Whether some of different keys look the same."""
    texts = [key for key in keys if isinstance(key, str)]
    if not texts or (len(texts) == len(keys) and not is_doubtful(texts)):
        return False
    return len({as_seen(key) for key in keys}) < len(keys)


def is_total(value: Any) -> bool:
    """Whether a cell names a row of totals."""
    return isinstance(value, str) and re.fullmatch(_TOTAL, _plain(value)) is not None


def is_line_of_figures(value: Any) -> bool:
    """Whether what stands in the place of a name is a total, a heading, or its second line with full marks or weights."""
    if not isinstance(value, str) or _HINT.search(value) is None:
        return False
    plain = _plain(value)
    if re.fullmatch(_TOTAL, plain):
        return True
    return re.fullmatch(_FIGURES, plain) is not None and re.fullmatch(_SOMEBODY, plain) is None


def is_nobody(value: Any) -> bool:
    """The same, or a note, or where somebody is to sign."""
    if not isinstance(value, str) or _HINT.search(value) is None:
        return False
    unspaced = _unspaced(value)
    return is_line_of_figures(value) or any(re.fullmatch(told, unspaced) for told in (_NOTE, _SIGNED, _SIGNED_BY))


def lines_of_figures(names: Iterable[str]) -> list[str]:
    """Those of the names that are nobody's."""
    return list(filter(is_line_of_figures, _hinting([*names])))


def nobodies(values: Iterable[Any]) -> list[str]:
    """Those of the values that are nobody."""
    return list(filter(is_nobody, _hinting([value for value in values if isinstance(value, str)])))


def _hinting(texts: list[str]) -> Iterable[str]:
    """Those with a hint: of thousands of names hardly any, and often none."""
    return filter(_HINT.search, texts) if _HINT.search("|".join(texts)) else ()


def _plain(text: str) -> str:
    return _unspaced(text).rstrip(":")


def _unspaced(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
