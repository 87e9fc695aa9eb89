"""What authors of scheme files get wrong in keys and names, each told with its line, what was read and what should stand there."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.support import built
from tests.workbook_templates.support import COUNT, ENTRY, GOOD, SCORE, WORDS, Mistake, assert_told
from workbook_templates.scheme.catalogue import load
from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.names import MADE_NAMES

KEYS = [
    ("sum = 100 }", 'sum = 100, formula = "=1" }', "列表 项目 列 权重：不认识的键 formula", "；列表只填数，算出来的写在表的计算列（文件第 19 行）"),
    ("value = 100", 'value = 100\nformula = "=1"', "参数 满分：不认识的键 formula", "；算出来的数写在 [[results]] 或表的计算列（文件第 8 行）"),
    ("value = 100", "default = 100", "不认识的键 default", "；默认值写 value"),
    ('["绩", 60]]', '["绩", 60], ["", ""]]', "表 人员 列 {}：列表 项目 第 3 行的 项目 空白，不能作名称（文件第 39 行）"),
    ('each = "项目"\n', "", "表 人员 列 {}：name 中有花括号，须写 each（文件第 39 行）"),
    ('name = "入职"', 'name = "入{职"', "表 人员 列 入{职：name 中有花括号，须写 each（文件第 46 行）"),
    ('each = "项目"', 'eech = "项目"', "表 人员 列 {}：不认识的键 eech", "（文件第 40 行）"),
    ("value = 0.15", "valu = 0.15", "参数 优秀比例：不认识的键 valu", "（文件第 13 行）"),
    ("people = true", "people = true\n# 并列\norders = { \"依据\" = [\"德行\"] }", "orders 依据：没有列 德行", "（文件第 32 行）"),
    ('["德", 40]', '["德", [8]]', "列表 项目 第 1 行 权重：应为单个值，现为 [8]（文件第 21 行）"),
    ("[[results]]", "[[result]]", "不认识的键 result", "是不是 results？"),
    ("unique = true", "uniqe = true", "列 姓名：不认识的键 uniqe", "是不是 unique？（文件第 36 行）"),
    (f"formula = {SCORE}", f"formual = {SCORE}", "列 得分：不认识的键 formual", "是不是 formula？（文件第 51 行）"),
    (ENTRY, f"{ENTRY}\ntotal = true", "列 入职：total 只用于计算列（有 formula 的列）（文件第 46 行）"),
    (f"formula = {SCORE}", f"formula = {SCORE}\nunique = true", "列 得分：unique 只用于填写列（没有 formula 的列）"),
    ("[[tables]]", "[tables]", "tables 应写成 [[tables]]"),
    (GOOD[GOOD.index("[[tables]]") : GOOD.index("[[results]]")], "", "缺少 tables"),
    ('name = "人员"\n', "", "表 ?：缺少 name（文件第 28 行）"),
    ("required = true\nunique", 'required = "是"\nunique', 'required 应为 true、false 或以 = 开头的公式，现为 "是"'),
    (ENTRY, 'type = "日期"', 'type 应为 number、whole、text、flag、choice、date 之一，现为 "日期"'),
    (ENTRY, 'type = "日期"', "number 数字（不写即是）、whole 整数", '是不是 "date"？（文件第 46 行）'),
    (ENTRY, 'type = "Date"', '是不是 "date"？'),
    ('sorted = "down"', 'sorted = "从高到低"', '是不是 "down"？'),
    (ENTRY, 'type = "choice"', '列 入职：type = "choice" 要写出可选的文本，如 choices = ["从严", "从宽"]'),
    (ENTRY, 'choices = ["甲", "乙"]', 'choices 须与 type = "choice" 同时写'),
    ("required = true\nunique", "require = true\nunique", "列 姓名：require 只用于计算列（有 formula 的列）；是不是 required？"),
    (ENTRY, 'key = "职务表"\ntype = "text"\nspoils = true', "列 入职：没有表或列表 职务表"),
    ("[[balances]]", "[balances]", "balances 应写成 [[balances]]（文件第 61 行）"),
    (ENTRY, 'type = "percent"', "；是不是 preset = \"percent\"？"),
    ("people = true", 'people = true\norders = { "依据" = "得分" }', '现为 { "依据" = "得分" }'),
    ("value = 100", "value = [100]", "value 应为单个值，现为 [100]"),
    ("people = true", "people = true\ncapacity = 0", "capacity 应为 1 以上的整数，现为 0"),
    (ENTRY, f"{ENTRY}\nwidth = 500", "width 应为 0 至 255 的数字，现为 500"),
    ("people = true", "people = true\nmin_rows = -1", "min_rows 应为不小于 0 的整数，现为 -1"),
    ('["绩", 60]]', '["绩", 60]]\nspare = -1', "列表 项目：spare 应为不小于 0 的整数"),
    ('title = "测试"', 'title = ""', "title 不能空白"),
    ("[[results]]", '[[chart]]\ntitle = "图"\n\n[[results]]', "chart 应写成 [chart]"),
    (ENTRY, f"{ENTRY}\nkey_single = true", "key_single 须与 key 同时写"),
    (f"formula = {SCORE}", f"formula = {SCORE}\nabsent = 0", "列 得分：absent 须与表的 absent_when 同时写（文件第 50 行）"),
    (f"formula = {SCORE}", f"formula = {SCORE}\nguard = false\nneeds = [\"项目\"]", "guard = false 的列不看 needs"),
    ('type = "text" },\n  { name = "权重"', 'type = "text", sum = 1 },\n  { name = "权重"', "列表 项目 列 项目：sum 只用于数字和日期"),
    ('each = "项目"', "each = []", "表 人员 列 {}：each 没有一项"),
    ('each = "项目"', 'each = "项目"\nwhere = { "项目" = "勤" }', "each 没有一项（列表中没有符合的行）"),
    ('name = "等次表"', 'name = "项目"', "列表 项目：名称 项目 重复"),
    ("people = true", 'people = true\nunique = [["姓名", "入职"]]\nrefers = [{ columns = ["姓名", "入职"], table = "人员", unknown_spoils_all = true }]', "unknown_spoils_all 须与 spoils 同时写"),
    ("people = true", "people = true\norders = { \"依据\" = [] }", "orders 依据：至少要有一列"),
    ("[[results]]", '[chart]\ntitle = "图"\n\n[[results]]', "图表：应写 items（几个汇总项），或 table、category、values"),
    (ENTRY, 'format = "两位小数"', 'format 应为 Excel 的数字格式，如 0.00、#,##0.00、0.00%、yyyy-mm-dd，现为 "两位小数"'),
    (ENTRY, 'format = "0.00[红色"', "format 应为 Excel 的数字格式"),
    ('max = "满分"', 'max = "满分*2"', '"满分*2" 应为数字（不加引号，15% 写成 0.15）、日期、名称、[列] 或以 = 开头的公式'),
    ('max = "满分"', 'max = "100%"', '"100%" 应为数字'),
    ('max = "满分"', 'max = "[德]"', "上下限不能是本列自己"),
    ('max = "满分"', 'max = "入职"', '列 德：没有参数或汇总 入职；同一行的填写列写 "[入职]"（文件第 39 行）'),
    (ENTRY, "min = 10\nmax = 5", "列 入职：下限 10 大于上限 5"),
    (ENTRY, "min = 1\nabove = 1", "min 与 above 不能同时写"),
    (ENTRY, 'type = "text"\nmin = 1', 'min 只用于数字和日期，type 现为 "text"'),
    (ENTRY, 'type = "choice"\nchoices = ["甲,乙"]', '"甲,乙" 不能用作选项'),
    (ENTRY, 'type = "choice"\nchoices = ["甲/乙"]', '"甲/乙" 不能用作选项'),
    (ENTRY, 'type = "choice"\nchoices = ["甲", "甲"]', '"甲" 不能用作选项'),
    (ENTRY, 'key = "等次表"', 'type 为 "number"，key 所指的 等次表 的 等次 却为 "text"'),
]  # fmt: skip

NAMES = [
    ("people = true", 'people = true\norders = { "各项" = ["入职"] }', "表 人员 orders 各项：与另一个合称（block、orders、pools）同名（文件第 31 行）"),
    ("people = true", 'people = true\norders = { "依据" = ["入职"] }\npools = { "依据" = ["部门", "德"] }', "表 人员 pools 依据：与另一个合称（block、orders、pools）同名（文件第 32 行）"),
    ("[[results]]", '[[tables]]\nname = "学期"\neach = ["上", "下"]\ncolumns = [{ name = "甲" }]\n\n[[results]]', "表 学期：名称 学期 重复（已有表 学期）；写了 each 的，name 中写 {表}"),
    ('name = "入职"', 'name = "_x0041_"', "\"_x0041_\" 不能用作列名"),
    ("[[results]]", f'[[tables]]\nname = "{"𠮷" * 16}"\ncolumns = [{{ name = "甲" }}]\n\n[[results]]', "表名最多 31 个字，现有 32 个"),
    ("people = true", 'people = true\nunique = [["姓名"]]', "unique：合起来的至少有两列；一列各行不得相同，写在那一列上：unique = true"),
    ("[[results]]", '[[tables]]\nname = "记录"\nrefers = [{ columns = ["姓名"], table = "人员" }]\ncolumns = [{ name = "姓名", type = "text" }]\n\n[[results]]', '写在那一列上：key = "人员"'),
    ('name = "优秀比例"\n', "", "参数 ?：缺少 name", "（文件第 10 行）"),
    ('name = "优秀比例"', 'name.a = "优秀比例"', '参数 ?：name 应为文本，现为 { a = "优秀比例" }', "（文件第 10 行）"),
    ('name = "优秀比例"', 'name = "状态_人员"', "参数 状态_人员：状态_人员 是工作簿自己的名称，请换一个（文件第 11 行）"),
    ('name = "优秀比例"', 'name = "print_area"', "print_area 不能用作名称"),
    ('name = "优秀比例"', 'name = "KAOHE_SCORE"', "KAOHE_SCORE 不能用作名称"),
    ("[[results]]", '[[tables]]\nname = "HISTORY"\ncolumns = [{ name = "甲" }]\n\n[[results]]', "Excel 不许工作表叫 HISTORY，请换一个表名"),
    ("people = true", "people = true\ncapacity = 1000000", None),
    ("people = true", "people = true\ncapacity = 1000001", "capacity 最多 1000000，现为 1000001"),
    ("people = true", 'people = true\nrules = [{ formula = "=[@得分]>0", message = "甲" }]', "人员[校验] → 人员[得分] → 人员[校验]；规则、上下限、key、absent_when 只读填写列"),
    (ENTRY, f'{ENTRY}\ngroup = "甲 组"', "表 人员：分组 甲 组 不能用作名称"),
    ('name = "优秀比例"', 'name = "优秀 比例"', "参数 优秀 比例：优秀 比例 不能用作名称", "；可以写成 优秀比例（文件第 11 行）"),
    ('name = "满分"', 'name = "满 分"', "；可以写成 满分（文件第 6 行）"),
    ('name = "入职"', 'name = "序号"', "列 序号：序号 是自动的列，不用写；要写别的数，请换一个列名（文件第 46 行）"),
    ('name = "入职"', 'name = "姓名"', "列 姓名：名称 姓名 重复（文件第 46 行）"),
    ('name = "入职"', 'name = "入\\n职"', "不能有 [ ] # ' @", "（文件第 46 行）"),
    ('name = "入职"', 'name = " 入职"', "首尾不能有空格", "（文件第 46 行）"),
    ('name = "入职"\n', "", "表 人员 列 {} 之后的一列：缺少 name（文件第 45 行）"),
    ('name = "入职"', 'nome = "入职"', "表 人员 列 {} 之后的一列：不认识的键 nome", "（文件第 46 行）"),
    ('[[results]]', '[[tables]]\nname = "Kaohe"\ncolumns = [{ name = "甲" }]\n\n[[results]]', "表 Kaohe：Kaohe 是自动的工作表，请换一个表名"),
    ('name = "优秀比例"', 'name = "项目_权重"', "列表 项目 列 权重：这一列在工作簿中名称为 项目_权重，与参数 项目_权重 重复", "（文件第 19 行）"),
    ('name = "入职"', 'name = "入\u200b职"', "不能用作列名（不能有 [ ] # ' @ \"、换行和看不见的字符"),
    ('name = "入职"', 'name = "入职"\nnote = "\\u0007"', "表 人员 列 入职：note 中的文本有不能写进工作簿的字符（U+0007），请删去"),
    ('source = "无"', 'source = "无"\ndecided = ["甲\\uFFFF"]', "方案 t：decided 中的文本有不能写进工作簿的字符（U+FFFF）"),
    ("people = true", "people = true # 甲\uffff", "方案 t：文件的第 30 行有不能写进工作簿的字符（U+FFFF）"),
    ("people = true", "people =\ftrue", "方案 t：文件的第 30 行有不能写进工作簿的字符（U+000C）"),
    ("people = true", "people = true\u2028", None),
    ('source = "无"', 'source = "无"\ndate = 2024-05-01T00:00:00', "date 应为日期或文本，现为 2024-05-01T00:00:00"),
    ("min = 0\n", 'min = "满分"\n', "参数 满分：上下限不能是它自己"),
    ('name = "得分"\n', 'name = "得分"\nformat = "#，##0"\n', "符号用半角"),
    ('name = "得分"\n', 'name = "得分"\nformat = \'0"，人"\'\n', None),
    ('name = "姓名"\n', "", "表 人员 的第一列：缺少 name（文件第 32 行）"),
    ('{ name = "权重", sum = 100 }', "{ sum = 100 }", "列表 项目 列 项目 之后的一列：缺少 name", "（文件第 19 行）"),
    ('{ name = "等次", type = "text" }', '{ type = "text" }', "列表 等次表 的第一列：缺少 name", "（文件第 25 行）"),
    ("[[results]]", '[[tables]]\nname = "人员"\ncolumns = [{ name = "甲" }]\n\n[[results]]', "表 人员：名称 人员 重复（已有表 人员）（文件第 58 行）"),
    ("[[results]]", '[[tables]]\nname = "汇总"\ncolumns = [{ name = "甲" }]\n\n[[results]]', "表 汇总：汇总 是自动的工作表，请换一个表名"),
    ("[[results]]", f'[[tables]]\nname = "{"表" * 32}"\ncolumns = [{{ name = "甲" }}]\n\n[[results]]', "表名最多 31 个字，现有 32 个"),
    ("[[results]]", f'[[tables]]\nname = "{"表" * 31}"\ncolumns = [{{ name = "甲" }}]\n\n[[results]]', None),
    ('each = "项目"', 'each = "德,绩"', '没有列表 德,绩；可用的：项目、等次表；几项写成列表，如 ["甲", "乙"]'),
    ('each = "项目"', 'each = "考核项目"', "表 人员 列 {}：没有列表 考核项目", "（文件第 39 行）"),
    (COUNT, '"=COUNTA(人员[权重])"', "表 人员 没有列 权重", "；别处有 项目[权重]"),
    (COUNT, '"=KAOHE_COUNT(1,人员[键_入职])"', "写了指向它的 key 的列才有“键_列”"),
    ("[[results]]", '[chart]\ntitle = "图"\nitems = ["人次"]\n\n[[results]]', "图表：没有汇总项 人次", "（文件第 57 行）"),
    ('name = "优秀比例"', 'name = "人员"', "表 人员：名称 人员 重复（已有参数 人员）（文件第 29 行）"),
    ('name = "入职"', 'name = ""', "name 不能空白"),
    ("sum = 100 }", 'sum = 100, cell = "权重" }', '列表 项目：cell 使几格名称相同；名称中写 {列}，如 cell = "{项目}线"'),
    ("sum = 100 }", 'sum = 100, cell = "{项}权重" }', "列表 项目 列 权重：cell 中没有列 项；可用的：项目、权重；是不是 项目？（文件第 19 行）"),
    ("people = true", 'people = true\norders = { "姓名" = ["得分"] }', "orders 姓名：与列 姓名 同名"),
    ("unique = true", 'unique = true\nkey = "人员"', "列 姓名：key 不能指向本列自己"),
    ('name = "{}"', 'name = "分"', "each 重复出来的各项名称都是 分；name 中写 {}"),
    ('name = "{}"', 'name = "{名称}"', "name 中有不认识的花括号，现为 {名称}；可用的：{}、{n}、{前}、{列表的列}"),
    ('["绩", 60]', '["德", 60]', "列表的第一列各行不相同"),
    (COUNT, '"=SUM(权重)"', "没有名称 权重", "；别处有 项目[权重]（文件第 58 行）"),
    (SCORE, '"=KAOHE_SCORE([@{}],项目[权重])"', "表 人员 没有列 {}", "；{} 只用在写了 each 的项里；几列一起写合称（block）（文件第 50 行）"),
    (SCORE, '"=KAOHE_ROUND([@满分]*2)"', "表 人员 没有列 满分", "；满分 是参数或汇总，直接写名称，不加方括号（文件第 50 行）"),
    ("people = true", 'people = "是"\nrules = [{ formula = "=[@键]<>1", message = "甲" }]', "people 应为 true 或 false"),
    ("people = true", 'people = true\nidentity = ["身份证"]\nrules = [{ formula = "=[@键]<>1", message = "甲" }]', "没有 身份证", "是不是 身份证号？"),
    ("people = true", 'people = true\nrefers = [{ columns = ["姓名", "入职"], table = "人员" }]', '表 人员 要写 unique = [["姓名", "入职"]]，它的 unique 现在是：没有写'),
    ("people = true", 'people = true\nunique = [["姓名", "德"]]\nrefers = [{ columns = ["姓名", "入职"], table = "人员" }]', '它的 unique 现在是：["姓名", "德"]'),
    (COUNT, '"=SUM(人员)"', "没有名称 人员", "表、列表写明列：人员[列]"),
    (SCORE, '"=KAOHE_ROUND(德)"', "没有名称 德", "本行的列写 [@德]，整列写 [德]"),
    ("people = true", "people = true\nabsent_when = '=[@姓名]=是'", "没有名称 是", "文本加引号"),
    (SCORE, '"=KAOHE_SCORE([@各项],项目[@权重])"', "列 得分：公式 ", "项目[@权重] 不是允许的写法", "（文件第 50 行）"),
    ("[@得分],等次", "[@总得分],等次", "表 人员 没有列 总得分", "是不是 得分？（文件第 54 行）"),
    (f"formula = {SCORE}", 'formula = "=IF([@等次]=1,1,2)"', "人员[得分] → 人员[等次] → 人员[得分]；", "each、{前}、before", "第 50 行"),
    ("[[lists]]", '[[parameter_rules]]\nname = "甲"\nformula = "=SUM(人员[得分])>1"\nmessage = "甲"\n\n[[lists]]', "参数规则 甲：没有表或列表 人员"),
]  # fmt: skip


@pytest.mark.parametrize("mistake", [*KEYS, *NAMES], ids=lambda mistake: mistake[1])
def test_a_mistake_is_told(mistake: Mistake) -> None:
    assert_told(*mistake)


def test_what_is_told_stands_at_the_line_told() -> None:
    wrong = GOOD.replace("[@得分],等次", "[@总分],等次")
    with pytest.raises(SchemeError) as caught:
        parse(wrong, "t")
    line = re.search(r"（文件第 (\d+) 行）$", str(caught.value))
    assert line and wrong.splitlines()[int(line[1]) - 1] == 'name = "等次"'


@pytest.mark.parametrize(
    "text", ["0.00", "[Red][<60]0.0;[>=90]0;General", '[h]:mm"时";-0', "[$-804]yyyy-mm-dd", "[DBNum1]0"]
)
def test_a_number_format_is_taken(text: str) -> None:
    assert parse(GOOD.replace(ENTRY, f"format = '{text}'"), "t").table("人员").inputs[-1].format == text


@pytest.mark.parametrize("text", ["0.00;;;;", "[红]0.00", "0" * 256, "[]0"])
def test_a_number_format_that_breaks_a_workbook_is_refused(text: str) -> None:
    with pytest.raises(SchemeError, match="format 应为 Excel 的数字格式"):
        parse(GOOD.replace(ENTRY, f"format = '{text}'"), "t")


def test_every_name_that_a_workbook_has_of_itself_is_refused() -> None:
    scheme = load(WORDS)
    names = {listing.name: listing.column_names for listing in scheme.lists}
    names |= {view.name: names[view.listing] for view in scheme.views}
    lists = {f"{listing}_{name}" for listing in names for name in names[listing]}
    own = {*(p.name for p in scheme.parameters), *scheme.cell_names, *(r.name for r in scheme.results), *lists}
    with ZipFile(BytesIO(built(WORDS))) as package:
        named = re.findall(r'<definedName name="([^_][^"]*)"', package.read("xl/workbook.xml").decode())
    assert own < set(named)
    assert [name for name in named if name not in own and not MADE_NAMES.fullmatch(name)] == []


def test_the_date_of_a_scheme_is_a_day_or_a_text() -> None:
    days = [parse(f"date = {day}\n{GOOD}", "t").date for day in ("2011-11-18", '"2011-11-18"', '"2011 年修订"')]
    assert days == ["2011-11-18", "2011-11-18", "2011 年修订"]
