"""What authors of scheme files get wrong, each told with its line, what was read and what should stand there."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.support import built
from tests.workbook_templates.support import COUNT, GOOD, SCORE, WORDS, told
from udfs import FUNCTIONS
from workbook_templates.formula.language import INSTEAD
from workbook_templates.formula.signatures import for_schemes, signature
from workbook_templates.scheme.catalogue import load
from workbook_templates.scheme.errors import SchemeError
from workbook_templates.scheme.loader import parse
from workbook_templates.scheme.names import MADE_NAMES

ENTRY = 'type = "date"'

TOML = [
    ("value = 0.15", "value = 15%", "第 13 行第 11 个字符起不是合法的 TOML：value = 15%；数字只写数字，不带单位、百分号和千位逗号；15% 写成 0.15"),
    ("value = 100", "value = 100分", "value = 100分；数字只写数字"),
    ("value = 100", "value = 1,000", "value = 1,000；数字只写数字"),
    ("value = 100", "value = １００", "数字用半角"),
    ("value = 100", "value ＝ 100", "全角的 ＝ 应为半角的 ="),
    ("value = 100", "value = 2026-13-01", "没有这一天；日期写成 2024-12-31"),
    ("value = 100", "value = 2026-5-1", "value = 2026-5-1；日期写成 2024-12-31"),
    ('["合格", 60]', '["合格", , 60]', '逗号前面少一个值；空白写 ""'),
    ("[[results]]", "[[summary]]", "方括号中写英文：parameters（参数）", "summary 前面已写了值"),
    ("[[results]]", '[chart]\ntitle = "甲"\nitems = ["人数"]\n[chart]\ntype = "pie"\n[[results]]', "图表只有一个，[chart] 前面已经写过"),
    ("value = 100", "value = 2026-02-30", "没有这一天；日期写成 2024-12-31"),
    ('title = "测试"', "title = “测试”", "第 1 行第 9 个字符起不是合法的 TOML：title = “测试”；全角的 “ 应为半角的 \""),
    ('title = "测试"', "title = 测试", "文本要加引号"),
    ('title = "测试"', 'title = "测试', "引号没有配对"),
    ('title = "测试"', '标题 = "测试"', "汉字的键要加引号"),
    ('title = "测试"', 'title = "测试"\ntitle = "又"', "起不是合法的 TOML：title = \"又\"；这个键"),
    ('["绩", 60]]', '["绩", 60]', "方括号 [ ] 没有配对"),
    ("sum = 100 },", "sum = 100, },", "最后一项后面没有逗号"),
    ('title = "测试"', "title = '测试\"", "不是合法的 TOML，第 1 行的单引号没有配对"),
    ('"=COUNTA(人员[姓名])"', '"=COUNTIF(人员[姓名],"甲")"', "双引号的文本里又有双引号：外面改用单引号"),
    ("people = true", "people = True", "是、否写成 true、false（小写，不加引号）"),
    ("people = true", "people = 是", "是、否写成 true、false"),
    ("value = 100", "value = 100;", "行末不写分号"),
    ("value = 100", "value = 100 // 分", "注释以 # 开头"),
    ("value = 100", "value = 0100", "数字前面不写 0"),
    ("value = 100", "value = 2026/9/30", "日期写成 2024-12-31"),
    ('title = "测试"', '{"title": "测试"}', "这像是 JSON"),
    ('["绩", 60]]', '["绩", 60]]]', "多了一个 ]"),
    ('{ name = "等次", type = "text" }', '{ name = "等次",\n type = "text" }', "写在一行内"),
    ('["德", 40], ["绩"', '["德", 40] ["绩"', "第 21 行第 17 个字符后面（rows = [[\"德\", 40] 之后）少一个逗号"),
    ('{ name = "项目", type = "text" },', '{ name = "项目", type = "text" }\n  # 权重', '第 18 行第 32 个字符后面（{ name = "项目", type = "text" } 之后）少一个逗号'),
    ('["德", 40]', '["德" 40]', "少一个逗号"),
    ('["德", 40], ["绩"', '["德", 40%], ["绩"', "第 21 行第 17 个字符起", "；数字只写数字，不带单位、百分号"),
    ('["德", 40], ["绩"', '["德", 40分], ["绩"', "；数字只写数字，不带单位、百分号"),
    ('["德", 40], ["绩"', '["德", 2026/9/30], ["绩"', "；日期写成 2024-12-31"),
    ("value = 100", "// 满分：一百\nvalue = 100", "注释以 # 开头"),
    ("[[lists]]", "[lists]", "前面第 15 行是 [lists]；每一项都写 [[lists]]"),
    ("[[results]]", "[[results]] 人数", "方括号后面不写别的；名称写在下一行，如 name = \"人员\""),
    ("[[results]]", "[[results]", "应写成 [[results]]"),
    ("[[results]]", "[[[results]]]", "应写成 [[results]]"),
    ("[[results]]", "[chart\n[[results]]", "应写成 [chart]"),
    ("value = 100", "value == 100", "写一个 ="),
    ("value = 100", "value: 100", "冒号应为 ="),
    ('["德", 40]', '("德", 40)', "圆括号应为方括号"),
    ('["德", 40]', '["德"; 40]', "各项用逗号隔开"),
    ('["德", 40]', '{"项目": "德", "权重": 40}', "冒号应为 ="),
    ('source = "无"', 'source = "无"\nsteps = "甲" "乙"', '几个文本写成 ["甲", "乙"]'),
    ("[[lists]]", "【【lists】】", "全角的 【 应为半角的 ["),
    ("[[results]]", "[[汇总]]", "方括号中写英文：parameters（参数）、lists（列表）"),
    ("[[results]]", '[[lists.columns]]\nname = "甲"\n\n[[results]]', "前面已写成 columns = […]；两种写法只用一种"),
    ('["德", 40]', '["德", －40]', "全角的 － 应为半角的 -"),
    ("value = 100", "value = None", '没有值的键不写；列表的行中空白写 ""'),
    ("value = 0.15", "value = .15", "小数写成 0.5，整数不带小数点"),
    ("value = 100", "value = 100.", "小数写成 0.5，整数不带小数点"),
    ('source = "无"', 'source = "D:\\办法"', r"双引号的文本中 \ 要写成 \\，或外面改用单引号"),
    ('name = "项目", type = "text"', 'name = "项目, type = "text"', "前面少一个引号"),
    ('source = "无"', f"source = {'[' * 5000}", "方括号、花括号一层套一层，太深了"),
    ('title = "测试"', '[[tables.columns]]\nname = "甲"', "前面第 1 行是 [[tables.columns]]；每一项都写 [[tables]]"),
]  # fmt: skip

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

FORMULAS = [
    ("KAOHE_GRADE(", "KAOHE_GRADE (", "没有名称 KAOHE_GRADE", "函数名后面紧接着写括号：KAOHE_GRADE(…)，中间没有空格"),
    (SCORE, '"=[@德]*０．５"', "第 7 个字符的 ０．５ 应为半角的数字"),
    (SCORE, '"=KAOHE_ROUND([＠德])"', "没有列 ＠德", "；全角的 ＠ 应为半角的 @：[@德]"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],[德],[绩])"', "KAOHE_ALLOCATE 的总额 [德] 是整列，这里要一个值"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],[@德],[绩])"', None),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],等次表[下限],[绩])"', None),
    (SCORE, "'=IF([@德]==60,1,0)'", "第 10 个字符处= 前缺少内容；相等写一个 ="),
    (SCORE, "'=IF([@德]>60 && [@绩]>60,1,0)'", "& 前缺少内容；“并且”写 AND(…)"),
    (SCORE, "'=IF([@德]>60 或 [@绩]>60,1,0)'", "或 前缺少运算符；“或者”写 OR(…)"),
    (SCORE, '"=【@德】"', "第 2 个字符是全角的“【”，应为半角的 ["),
    (SCORE, '"＝[@德]"', "全角的 ＝ 应为半角的 =（文件第 50 行）"),
    (COUNT, '"=IF(COUNTA(人员[姓名])≥1,1,2)"', "第 19 个字符的 ≥ 应为 >="),
    (COUNT, '"=COUNTA(人员[姓名])×2"', "第 16 个字符的 × 应为 *"),
    (COUNT, '"=IF(COUNTA(人员[姓名])!=2,1,2)"', "第 19 个字符的 != 应为 <>"),
    ("KAOHE_GRADE(", "KAOHE_GRAD(", "不认识的函数 KAOHE_GRAD；", "是不是 KAOHE_GRADE？"),
    ("KAOHE_GRADE(", "GRADE(", "不认识的函数 GRADE；", "是不是 KAOHE_GRADE？"),
    (COUNT, '"=ROUND(1.5,0)"', "方案中不能用的函数 ROUND；", "；请用 KAOHE_ROUND（文件第 58 行）"),
    (SCORE, '"=KAOHE_SCORE([@各项],项目[权重]*100)"', "项目[权重] 有许多格，不能直接加减乘除、比较；逐格的结果写成一列，或用 SUMPRODUCT 合计"),
    (SCORE, '"=KAOHE_SCORE([@各项],项目[权重]),2"', "写法有误：逗号只用在函数的括号中（文件第 50 行）"),
    (SCORE, '"=KAOHE_ROUND([德])"', "公式 =KAOHE_ROUND([德]) 中 [德] 是整列，这里要一个值；本行的写 [@德]"),
    (SCORE, '"=KAOHE_ITEM(100,[德],0)"', "[德] 是整列"),
    (SCORE, '"=IF([@德]=1,[绩],0)"', "[绩] 是整列"),
    (SCORE, '"=KAOHE_RANK([序号],[序号],[德])"', "[序号] 是整列，这里要一个值；本行的写 [@序号]"),
    (SCORE, '"=KAOHE_STEPS([@德],等次表[下限],1)"', "等次表[下限] 是整列，这里要一个值；列表中的一格用 KAOHE_LOOKUP"),
    (COUNT, '"=人员[得分]"', "人员[得分] 是整列，这里要一个值；对应的一行用 KAOHE_LOOKUP 取"),
    (COUNT, '"=ＣＯＵＮＴＡ(人员[姓名])"', "不认识的函数 ＣＯＵＮＴＡ；是不是 COUNTA？"),
    ("KAOHE_GRADE([@得分],等次表[下限],等次表[等次])", "KAOHE_LOOKUP([@得分],等次表[下限])", "KAOHE_LOOKUP 有 2 个参数，应为 3 个：值、键、结果"),
    (SCORE, '"=SUM(-[@各项])"', "[@[德]:[绩]] 有许多格"),
    (COUNT, '"=SUM(人员[得分]>60)"', "人员[得分] 有许多格"),
    (SCORE, "'=KAOHE_SCORE([@各项],项目[权重],,\"拆算\")'", "KAOHE_SCORE 的参数 缺项 应为 报错(0)、记零(1)、折算(2)，现为 拆算"),
    (SCORE, '"=VLOOKUP([@德],等次表[[等次]:[下限]],2)"', "VLOOKUP 没有写第四个参数 FALSE，会取到不相等的一行；档次用 KAOHE_TIER"),
    (SCORE, '"=VLOOKUP([@德],等次表[[等次]:[下限]],2,TRUE)"', "VLOOKUP 没有写第四个参数 FALSE"),
    (SCORE, '"=VLOOKUP([@德],等次表[[等次]:[下限]],2,0)+VLOOKUP([@德],等次表[[等次]:[下限]],2,FALSE)"', None),
    (SCORE, '"=MATCH([@德],等次表[下限])"', "MATCH 没有写第三个参数 0"),
    (SCORE, '"=MATCH([@德],等次表[下限],-1)"', "MATCH 没有写第三个参数 0"),
    (SCORE, '"=MATCH([@德],等次表[下限],0)"', None),
    (SCORE, '"=IF(60<=[@德]<90,1,0)"', "连着写的比较（如 60<=[@得分]<90）总不成立；写 ([@得分]>=60)*([@得分]<90)（文件第 50 行）"),
    (SCORE, '"=IF(([@德]>60)=([@绩]>60),1,0)"', None),
    (SCORE, "'=IF([@德]>=\"90\",1,0)'", "与文本“90”比大小，数总是小于文本；数字不加引号，日期写 DATE(2024,12,31)"),
    (SCORE, "\"=IF([@德]>60,'好',0)\"", "第 13 个字符的单引号没有配对，或后面缺少感叹号；文本用双引号，名称不加引号（文件第 50 行）"),
    (SCORE, "'=IF([@德]>60;1;0)'", "第 12 个字符 ; 不是允许的写法；参数之间用半角的逗号（文件第 50 行）"),
    (SCORE, '"=KAOHE_SCORE([各项],项目[权重])"', "[[德]:[绩]] 是整列，这里要一个值；本行的写 [@[德]:[绩]]（即 [@各项]）"),
    (SCORE, '"=加权得分([@各项],项目[权重])"', "不认识的函数 加权得分；是不是 KAOHE_SCORE？"),
    (SCORE, '"=OFFSET([@德],-1,0)"', "方案中不能用的函数 OFFSET；请用 INDEX"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],满分,[德],,,[部门])"', "KAOHE_ALLOCATE 写了组别，总额就要是组别、金额两列（表的 pools）"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],等次表[下限],[德],,,[部门])"', "KAOHE_ALLOCATE 写了组别，总额就要是组别、金额两列（表的 pools）"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],等次表[[等次]:[下限]],[德])"', "KAOHE_ALLOCATE 的总额是组别、金额两列，就要写组别"),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],等次表[[等次]:[下限]],[德],,,[部门])"', None),
    (SCORE, '"=KAOHE_ALLOCATE([@序号],[序号],满分,[德],,,,1)"', None),
    (SCORE, '"=KAOHE_SCORE([@各项],项目[权重],,3)"', "KAOHE_SCORE 的参数 缺项 应为 报错(0)、记零(1)、折算(2)，现为 3"),
]  # fmt: skip

CONDITIONS = [
    ("people = true", 'people = true\nabsent_when = "=[@姓名]"', "absent_when：公式 =[@姓名] 应为成立或不成立的条件"),
    ('"=人数=COUNTA(人员[得分])"', '"=人数-COUNTA(人员[得分])"', "核对 人数相符：公式 =人数-COUNTA(人员[得分]) 应为成立或不成立的条件"),
    ('"=人数=COUNTA(人员[得分])"', "'=\"相符\"'", "应为成立或不成立的条件"),
    ('"=人数=COUNTA(人员[得分])"', '"=人数/2+1"', "应为成立或不成立的条件"),
]  # fmt: skip

DEFAULTS = [
    ("value = 100", 'value = "=2/3"', "应为数字，填的是文本“=2/3”；这里只写数，算式写在用它的公式里"),
    ("value = 100", 'value = "100"', '参数 满分：value "100" 应为数字，填的是文本“100”；写成 100，不加引号（文件第 6 行）'),
    ("value = 0.15", "value = 15", "参数 优秀比例：value 15 不能大于 1；15% 写成 0.15（文件第 11 行）"),
    ("value = 0.15", 'value = "12.5%"', "写成 0.125，不加引号"),
    ("value = 0.15", "value = 101", "value 101 不能大于 1（文件第 11 行）"),
    ("value = 0.15", 'value = 0.15\n\n[[parameters]]\nname = "截止日"\ntype = "date"\nvalue = "2026-09-31"', "应为日期，填的是文本“2026-09-31”；日期写成 2024-12-31"),
    ("value = 100", "value = -0.01", "value -0.01 不能小于 0"),
    ("value = 100\nmin = 0", "value = 0\nabove = 0", "value 0 应大于 0"),
    ("value = 100\nmin = 0", 'value = 1.5\ntype = "whole"', "应为整数，填的是 1.5"),
    ("value = 100\nmin = 0", 'value = true\ntype = "flag"', 'value true 应写成 "是" 或 "否"'),
    ("value = 100\nmin = 0", 'value = "丙"\ntype = "choice"\nchoices = ["甲", "乙"]', "应为 甲、乙 之一，填的是“丙”"),
    ("value = 100\nmin = 0", 'value = "丙"\ntype = "choice"', '要写出可选的文本，如 choices = ["从严", "从宽"]'),
    ("value = 100\nmin = 0", 'value = "2026/9/1"\ntype = "date"', "应为日期，填的是文本“2026/9/1”"),
    ("value = 100", "value = nan", "不是 15 位有效数字以内的数"),
    ("value = 100", "value = 1234567890123456", "不是 15 位有效数字以内的数；编号请写成文本"),
    ('["绩", 60]', '["绩", 59]', "列表 项目 列 权重：写了 sum = 100，各行合计却是 99（文件第 19 行）"),
    ('["合格", 60]', '["合格", 90]', '写了 sorted = "down"，各行应从高到低，现为 90、90'),
    ('["合格", 60]', '["合格", "60分"]', "列表 等次表 第 2 行 下限：值 \"60分\" 应为数字"),
    ('["绩", 60]', '["绩", [60]]', "列表 项目 第 2 行 权重：应为单个值，现为 [60]（文件第 21 行）"),
    ('rows = [["优秀", 90], ["合格", 60],', 'rows = [\n  ["优秀", 90],\n  ["合格", "60"],\n', "值 \"60\" 应为数字", "（文件第 28 行）"),
    ("people = true", 'people = true\ndefault = [\n  { "姓名" = "甲" },\n  { "姓名" = "乙", "德" = 101 },\n]', "default 第 2 行 德：值 101 不能大于 100", "（文件第 33 行）"),
    ('name = "项目", type = "text"', 'name = "项目", type = "text"}, { name = "简称", type = "text", unique = true', "有 2 个值，应为 3 个"),
    ('{ name = "等次", type = "text" }', '{ name = "等次", type = "text", unique = true }', None),
    ('["合格", 60], ["不合格", ""]', '["优秀", 60], ["不合格", ""]', None),
    ("people = true", 'people = true\ndefault = [{ "姓名" = "甲", "德" = "很好" }]', "表 人员 default 第 1 行 德：值 \"很好\" 应为数字"),
    ("people = true", 'people = true\ndefault = [{ "德" = 100.01 }]', "值 100.01 不能大于 100"),
    ("people = true", 'people = true\ndefault = [{ "姓名" = "甲" }, { "姓名" = "乙" }, { "姓名" = "甲" }]', "表 人员 default：姓名 不得重复，各行却有相同的值"),
    ("people = true", 'people = true\ndefault = [{ "姓名" = "甲" }, { "姓名" = "甲", "工号" = "2" }]', None),
    ("people = true", 'people = true\nunique = [["姓名", "入职"]]\ndefault = [{ "姓名" = "甲", "工号" = "1", "入职" = 2020-01-01 }, { "姓名" = "甲", "工号" = "2", "入职" = 2020-01-01 }]', "姓名、入职 不得重复"),
]  # fmt: skip


@pytest.mark.parametrize(
    "mistake", [*TOML, *KEYS, *NAMES, *FORMULAS, *CONDITIONS, *DEFAULTS], ids=lambda mistake: mistake[1]
)
def test_a_mistake_is_told(mistake: tuple[str, str, str | None]) -> None:
    old, new, *told = mistake
    assert GOOD.count(old) >= 1
    text = GOOD.replace(old, new, 1)
    if told == [None]:
        parse(text, "t")
        return
    with pytest.raises(SchemeError) as caught:
        parse(text, "t")
    for words in told:
        assert str(words) in str(caught.value)


ALL = [mistake for mistake in (*TOML, *KEYS, *NAMES, *FORMULAS, *CONDITIONS, *DEFAULTS) if mistake[2] is not None]


@pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake[1])
def test_what_follows_from_a_mistake_is_no_other_one(mistake: tuple[str, ...]) -> None:
    assert len(told(GOOD.replace(mistake[0], mistake[1], 1))) == 1


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


def test_columns_are_computed_with_one_by_one_in_sumproduct() -> None:
    parse(GOOD.replace(COUNT, '"=SUMPRODUCT((人员[得分]>60)*(人员[德]>50))"'), "t")


def test_what_is_told_stands_at_the_line_told() -> None:
    wrong = GOOD.replace("[@得分],等次", "[@总分],等次")
    with pytest.raises(SchemeError) as caught:
        parse(wrong, "t")
    line = re.search(r"（文件第 (\d+) 行）$", str(caught.value))
    assert line and wrong.splitlines()[int(line[1]) - 1] == 'name = "等次"'


def test_repeated_values_of_a_unique_column_are_told() -> None:
    rows = GOOD.replace('{ name = "等次", type = "text" }', '{ name = "等次", type = "text", unique = true }')
    parse(rows, "t")
    with pytest.raises(SchemeError, match="列表 等次表 列 等次：写了 unique = true，各行却有相同的值"):
        parse(rows.replace('["合格", 60]', '["优秀", 60]'), "t")


@pytest.mark.parametrize("bound", ["2020-01-31", '"2020-01-31"'])
def test_a_day_as_a_bound(bound: str) -> None:
    scheme = parse(GOOD.replace(ENTRY, f"{ENTRY}\nmin = {bound}"), "t")
    assert next(column.min for column in scheme.table("人员").inputs if column.name == "入职") == "=DATE(2020,1,31)"


@pytest.mark.parametrize("bound", ["2020-01-31", '"截止"', '"=DATE(2020,1,31)"'])
def test_days_that_are_filled_in_obey_their_bounds(bound: str) -> None:
    """Whether the bound is a day itself or the parameter that holds one; the day of the bound is within."""
    text = GOOD.replace(ENTRY, f"{ENTRY}\nmax = {bound}")
    text = text.replace("[[lists]]", '[[parameters]]\nname = "截止"\ntype = "date"\nvalue = 2020-01-31\n\n[[lists]]', 1)
    rows = 'people = true\ndefault = [{{ "姓名" = "甲", "入职" = {} }}]'
    parse(text.replace("people = true", rows.format("2020-01-31")), "t")
    with pytest.raises(SchemeError, match=r'default 第 1 行 入职：值 "2020-02-01" 不能晚于 2020-01-31（文件第 \d+ 行）'):
        parse(text.replace("people = true", rows.format("2020-02-01")), "t")


@pytest.mark.parametrize(
    "condition",
    ["(人数=1)*(人数>2)+(满分<>3)", "(人数=1)*1", "AND(人数>1,满分>2)", "人数", "TRUE", 'IF(人数>1,人数=2,满分=3)', "COUNTIF(人员[姓名],\"甲\")"],
)  # fmt: skip
def test_comparisons_and_questions_are_conditions(condition: str) -> None:
    parse(GOOD.replace('"=人数=COUNTA(人员[得分])"', f"'={condition}'"), "t")


@pytest.mark.parametrize(("name", "instead"), INSTEAD.items())
def test_what_is_named_instead_is_there(name: str, instead: str) -> None:
    known = signature(name)
    assert known is not None and not known.for_schemes
    for word in re.findall(r"[A-Z][A-Z_.]+", instead):
        assert word in FUNCTIONS or word in for_schemes()
