"""How formulas that set somebody among the others are put into words: ranks, grades by quota, shares of a pool."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from addin.headless.inspection import Place
from addin.headless.tree import Apply, Blank, Node
from addin.macros.explaining.labels import own_row
from addin.macros.explaining.listphrases import arguments, place_and_column, spaced
from addin.xlsx.model import BLANK, Area

if TYPE_CHECKING:
    from addin.macros.explaining.words import Teller


def own(teller: Teller, node: Node) -> str:
    """The own cell of a column that is read as a whole."""
    teller.say(node)  # What was read is told to be.
    area = teller.area(node)
    places = own_row(area, teller.place) if area is not None else []
    return "、".join(teller.labels.told(place, teller.place) for place in places) or teller.say(node)


def among(teller: Teller, scores: Node, groups: Node) -> str:
    """How many are compared: ``11 人``, ``分组“公务员中层”5 人``; of units ``11 个``."""
    area, group = teller.area(scores), teller.area(groups)
    if area is None:
        return "全体"
    rows = [at for at in range(area.rows) if isinstance(_cell(teller, area, at), int | float)]
    counted = "人" if teller.labels.is_of_people(area) else "个"
    if group is None or group.rows != area.rows:
        return f"{len(rows)} {counted}"
    mine = _cell(teller, group, teller.place.row - group.top)
    return f"{own(teller, groups)}的 {sum(_cell(teller, group, at) == mine for at in rows)} {counted}"


def _cell(teller: Teller, area: Area, at: int) -> object:
    return teller.formulas.cell(Place(area.sheet, area.top + at, area.left))


def _ranked(teller: Teller, node: Apply) -> str:
    """``得分 85 在 12 人中的名次``."""
    scores, groups, ties = arguments(node, 5)[2:]
    same = f"（并列时看{own(teller, ties)}）" if ties != Blank() else ""
    return f"{own(teller, scores)} 在{spaced(among(teller, scores, groups))}中的名次{same}{teller.known(node)}"


def _ranked_plainly(teller: Teller, node: Apply) -> str:
    told, block = teller.say(node.arguments[0]), node.arguments[1]
    teller.say(block)
    area = teller.area(block)
    count = f"{area.rows * area.columns} 个数" if area else "其中"
    return f"{told} 在 {count}中的名次{teller.known(node)}"


def _distributed(teller: Teller, node: Apply) -> str:
    """``得分 85 在 12 人中排序，按等次表的分配名额定等次``."""
    scores, _, shares, fixed, groups = arguments(node, 7)[2:]
    for each in node.arguments[3:]:
        teller.say(each)
    where, what = place_and_column(teller, shares)
    if fixed != Blank() and teller.value(fixed) not in BLANK:
        return own(teller, fixed)
    return f"{own(teller, scores)} 在{spaced(among(teller, scores, groups))}中排序，按{where}的{what}定等次"


def _allocated(teller: Teller, node: Apply) -> str:
    """``总额 8465.13 按 计奖得分 91.5 占全体的比例分配``."""
    total, score, _, _, groups = arguments(node, 7)[2:]
    area = teller.area(total)
    pool = teller.say(total)
    mine = own(teller, groups) if groups != Blank() else ""
    if area is not None and area.rows * area.columns > 1:
        pool = f"{mine}的总额" if mine else "总额"
    share = "占同组的比例" if mine else "占全体的比例"
    return f"{spaced(pool)}按{spaced(own(teller, score))}{share}分配{teller.known(node)}".strip()


AMONG_PHRASES: dict[str, Callable[[Teller, Apply], str]] = {
    "KAOHE_RANK": _ranked,
    "RANK": _ranked_plainly,
    "RANK.EQ": _ranked_plainly,
    "KAOHE_DISTRIBUTE": _distributed,
    "KAOHE_ALLOCATE": _allocated,
}
