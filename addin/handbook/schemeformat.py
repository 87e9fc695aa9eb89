"""docs/scheme-format.md, from the declarations of the keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from addin.handbook.markdown import bullets, code, document, table
from workbook_templates.formula.language import INSTEAD
from workbook_templates.formula.signatures import for_schemes
from workbook_templates.scheme.columns import Computed, Input, Limits, Refer, Requirement, Rule
from workbook_templates.scheme.keys import Key, keys_of
from workbook_templates.scheme.model import Balance, Chart, Preset, Repeat, Scheme, Summary, Table
from workbook_templates.scheme.parameters import ListColumn, Listing, Parameter, ParameterRule

SECTIONS: tuple[tuple[str, type[Any], str], ...] = (
    ("方案", Scheme, "文件顶端的键。"),
    ("参数", Parameter, "`[[parameters]]`：单位自定的一个值，在“参数”表中有名称，公式直接写名称。"),
    (
        "列表",
        Listing,
        "`[[lists]]`：参数中的一张小表（考核项目、等次和分数线、各档比例），排在“参数”表下方，每列有名称 `列表_列`。"
        "公式写 `列表[列]`，正是 KAOHE_SCORE 的权重、KAOHE_GRADE 的下限、KAOHE_DISTRIBUTE 的比例要的区域。"
        "数据可以在 params 中按格的名称改一格，或在 tables 中给全部的行。",
    ),
    ("列表的列", ListColumn, "列表 `columns` 中的一项。每格默认必填。"),
    ("参数规则", ParameterRule, "`[[parameter_rules]]`：参数之间的关系。列表一列的合计写 `sum` 即可。"),
    ("表", Table, "`[[tables]]`：一张工作表。第一列是自动的“序号”，填写列之后是自动的“校验”。"),
    ("填写列", Input, "`[[tables.columns]]` 中没有 `formula` 的，排在所有计算列之前。"),
    ("计算列", Computed, "`[[tables.columns]]` 中有 `formula` 的。"),
    ("require", Requirement, "计算列、汇总的 `require` 中的一项。"),
    ("行的规则", Rule, "`[[tables.rules]]`：一行之内几格的关系。"),
    ("几列合起来的键", Refer, "`refers` 中的一项：如记录中的 姓名＋月份 须是“月度”表中的一行。"),
    ("汇总", Summary, "`[[results]]`：“汇总”表中的一个值，有自己的名称。"),
    ("核对", Balance, "`[[balances]]`：“汇总”表中显示通过或不符。"),
    (
        "图表",
        Chart,
        "`[chart]`：“汇总”表中的图。“领导概览”的图不用写：决定名次、等次的得分，等次，部门（或岗位类别、科室等），"
        "发放的金额，都由公式和列名认出；没有的就不画。",
    ),
    (
        "重复",
        Repeat,
        "写在列、规则、参数、参数规则、汇总、核对中，一项变成多项。考核项目是列表中的行：加一项只加一行，填写列、上限和合计随之而来。",
    ),
    ("常用的一类值", Preset, "写在参数、列表的列、填写列、计算列、汇总中。"),
)

FORMULAS = (
    "与 Excel 表中所见相同：`[@列]`、`[@[列]:[列]]`（本行），`[列]`、`[[列]:[列]]`（本表整列），`表[列]`、`列表[列]`；参数、列表的格、汇总的名称；"
    "`状态_表`（该表无错误时为“通过”）。不能写 A1 这样的地址，函数的括号和逗号用半角。",
    f"KAOHE 函数见 [functions.md](functions.md)；普通函数可用：{'、'.join(for_schemes())}。常量数组可以写：`{{90,75,60}}`。",
    "别的函数："
    + "；".join(f"{name} 用{instead}" for name, instead in INSTEAD.items())
    + "。VLOOKUP、MATCH 只作精确查找（最后一个参数写 0）。",
    "发布、比较或发钱的数，最后一步用会舍入的 KAOHE 函数（KAOHE_SCORE、KAOHE_ROUND 等）：它们按 15 位有效数字读数，前面加减乘除的误差无妨。"
    "相近的数相减以后再乘除或取小数的例外：差用 KAOHE_ITEM（不小于 0），或先 `KAOHE_ROUND(…,10)`。"
    "不比较未舍入的积和商，不用 ROUND、INT。",
    "校验的保护由工作簿自动加上，公式里不写：有错误的行为错误值，空行为空。"
    "IFERROR 只在 `guard = false` 的列中用：在别处它把别人填错当作没有，给出一个像样的数。没有记录的写 `IF(KAOHE_COUNT(…)=0,0,…)`（KAOHE_SUM 没有时就是 0），除数为 0 的写 `IF([@列]=0,0,…)`。",
    "人员表之间按人汇总：`KAOHE_SUM([@键],记录[键_姓名],记录[扣分])`；几列合起来：`KAOHE_SUM([@键_姓名_月份],记录[键_姓名_月份],记录[扣分])`。",
    "Excel 的上限：一个公式连同工作簿加上的检查 8192 个字符、64 层，其中一段文本 255 个字。各日、各项都要查的规则写成 `guard = false` 的隐藏列（不符为 1），规则只看合计：`=SUM([@各错])=0`。",
    "整列（`[列]`）和几列（`[@[甲]:[乙]]`）不能直接加减乘除、比较：逐格的结果写成一列，合计用 `SUMPRODUCT`。",
    "超过 1000 行的表，和从这样的表查很多次的表，用整列的公式：用 IF 不用 AND、OR、MIN、MAX（“并且”写 `(甲)*(乙)`）；其他公式也能用，只是逐行写。",
    '函数要的整列（名单、得分、键、结果……）须是区域，不能是算出来的值。可省略的列（组别、键2）、KAOHE_SUM 的键、KAOHE_LOG 的记录人中不能有错误值（有一个，人人都是错误值），否则写一个 `=IFERROR([@列],"")`、`guard = false` 的隐藏列；并列依据用 `orders`，总额用 `pools`。',
    'KAOHE_LOOKUP、KAOHE_TIER 得到的文本要与别的比较时，后面接 `&""`。可能空白的格先判断（`IF([@列]="",…`）再交给函数，再比大小：计算列的空文本比任何数都大。'
    "函数要读的格全空时（一次也没有扣分的人）结果是空文本，接着加减、比较就不对：写 `N(KAOHE_DEDUCT(…))`，或交给 `KAOHE_ITEM(满分,…,0)`。",
)

NAMES = (
    "参数、列表、表、汇总的名称：以文字开头，只含文字、数字、下划线；不像单元格地址（KPI1、R1C1），不是 C、R，不以 KAOHE_、状态_、表头_、规则_、首页_ 开头，互不相同（不分大小写）。表名最多 31 个字。",
    "列名：不能有 `[ ] # ' @ \"` 和换行，首尾没有空格。",
    'TOML 中，花括号里的汉字键要加引号：`{ "类别" = "公共" }`。',
)


START = """title = "部门月度考核"
summary = "两项评分加权，定等次，按系数发奖金。"
source = "本单位绩效考核办法"

# 单位自定的一个数：在“参数”表中，公式里直接写名称。
[[parameters]]
name = "人均奖金"
preset = "money"
value = 1000

# 一张小表：加一项只加一行。
[[lists]]
name = "考核项目"
columns = [{ name = "项目", type = "text" }, { name = "权重", sum = 100 }]
rows = [["工作业绩", 60], ["工作态度", 40]]

[[lists]]
name = "等次表"
columns = [
    { name = "等次", type = "text", fixed = true },
    { name = "下限", preset = "score", required = false, sorted = "down" },
    { name = "系数", min = 0 },
]
rows = [["优秀", 90, 1.2], ["合格", 60, 1], ["不合格", "", 0]]

# 一张工作表：先写填写列，再写计算列（有 formula 的列）。
[[tables]]
name = "人员"
people = true
absent_when = '=[@不参加]="是"'
columns = [
    { name = "姓名", type = "text", required = true, unique = true },
    { name = "{}", each = "考核项目", block = "各项", preset = "score", max = 100, required = true },
    { name = "不参加", type = "flag" },
    { name = "得分", formula = "=KAOHE_SCORE([@各项],考核项目[权重])" },
    { name = "等次", formula = "=KAOHE_GRADE([@得分],等次表[下限],等次表[等次])", absent = "不参加" },
    { name = "奖金", formula = "=KAOHE_COEF(人均奖金,KAOHE_LOOKUP([@等次],等次表[等次],等次表[系数]))", absent = 0, total = true },
]

# “汇总”表中的一个数，和一项核对。
[[results]]
name = "优秀人数"
formula = '=KAOHE_COUNT("优秀",人员[等次])'
needs = ["人员"]

[[balances]]
name = "奖金合计不超过人均奖金的 1.2 倍"
formula = '=KAOHE_ROUND(SUM(人员[奖金]))<=KAOHE_ROUND(1.2*人均奖金*COUNTIF(人员[校验],"通过"))'
"""
"""A whole scheme to begin with."""

STEPS = (
    "把下面的方案存为 `我的方案.toml`（UTF-8 编码），改成自己的办法：先写参数和列表，再写表，最后写汇总和核对。没写完也可以随时检查。",
    "`kaohe check 我的方案.toml`：一次列出全部错误，每处说明在第几行、写了什么、可用的写法；没有错误时，提醒没有用到的参数、会数进空行的列、怎么填都是错误值的函数（界限次序反了、权重不合计 100）、与拼错的文本的比较、夹着别的列的一段（each 轮流的列）、空白时算不出的格、计入名额而不参加的人、被 IFERROR 盖住、没有数进去的错误、找不全的记录（没有写 key，或姓名与工号混着找）。",
    "`kaohe new 我的方案.toml`：得到工作簿。填几个人（分数恰在各条线上的、并列的、缺一项的、不参加的），运行 `kaohe calc`，与手算的结果核对；"
    "`kaohe run explain 工作簿 --cell 人员!L6` 说明一个结果是怎样算出来的。",
    "放进用户文件夹的 `schemes`，它就和自带的方案一样列在 `kaohe list` 中。",
)

RECIPES = (
    (
        "各项权重合计 100；90 分（含）以上为优秀；优秀系数 1.2",
        '一个列表：列上写 `sum = 100`、`sorted = "down"`、`cell = "{等次}线"`',
    ),
    ("按权重加总；缺的项目按其余权重折算", '`=KAOHE_SCORE([@考核项目],考核项目[权重],考核项目[满分],"折算",小数位)`'),
    ("按分数线定等次，一票否决为最低等次", "`=KAOHE_GRADE([@得分],等次表[下限],等次表[等次],[@一票否决])`"),
    (
        "优秀不超过参加人数的 15%，其余候选人为合格；按得分、甲、乙的次序",
        '`orders` 写甲、乙；`=IF([@定等次]<>"优秀",[@定等次],KAOHE_LIMIT([@序号],[序号],[得分],[定等次],"优秀",优秀比例,"合格",,[并列依据],,并列处理,"比例"))`（不写“比例”，100% 会当作 1 名）',
    ),
    ("各组按 20%、75%、5% 定类", "`KAOHE_DISTRIBUTE`（组别写上组的列），或逐类用 `KAOHE_LIMIT`"),
    ("只有合格以下的人不受别人的错误影响", "先 `IF`，只让候选人的公式读整列"),
    ("每月一行，一人一月不得重复；记录须对应某人某月", '月度表 `unique = [["姓名", "月份"]]`；记录表 `refers`'),
    (
        "记录填错，本人全部（或只有读记录的列）为错误；姓名不明，人人为错误",
        '姓名列写 `key = "人员"` 和 `spoils = true`（或组名），再加 `unknown_spoils_all = true`',
    ),
    ("不参加考核的人没有得分、等次为不参加、发 0 元", "`absent_when`，各列的 `absent`"),
    (
        "试用期的人不参加评定，但计入名额的人数",
        '现等次一列写 `absent = "试用期"`：KAOHE_LIMIT 把有等次的人都计入；不计入的写 `absent = "不参加"` 或不写',
    ),
    ("某类人员才填、才算", "填写列和计算列的 `when`"),
    ("上限按本单位的类别", '`max = "=KAOHE_LOOKUP([@类别],机构类别[类别],机构类别[满分])"`'),
    ("没有记录的人是错误", "`require`"),
    ("各月、各季、各档票数", "`each`，需要合起来用时加 `block`"),
    ("同样的两张表（两个学期）", "表的 `each`，名称用 `{表}`"),
    ("总额按组分，组内按点数分到分", "`pools`，`KAOHE_ALLOCATE`"),
    ("某个参数空白时，只有用它的结果没有", "参数的 `scope = []`"),
    (
        "只影响用到这一行的标准",
        "把标准写成表（`[[tables]]`），记录的 key 加 `key_valid = true`；列表有一行填错，读它的公式都是错误值",
    ),
    ("单位自己的工作日", "一张日历表，`KAOHE_WORKDAYS`"),
    (
        "上月没有扣完、没有用完的转到本月",
        '各月写成列（`each = ["1月", "2月"]`、`before = "上年"`）：`=KAOHE_ITEM([@{前}挂账]+预支,[@{}提成])`，“上年挂账”是一个填写列',
    ),
    (
        "病假全年累计 15 天以上的部分扣三成，每月算",
        "各月累计 `=[@{前}累计]+[@{}天数]`、累计应扣 `=N(KAOHE_PROGRESS([@{}累计],病假扣[起点],病假扣[比例]))`，本月是两月累计应扣之差",
    ),
    (
        "积分两年有效，先用旧的，到期作废",
        "各年作废 `=MAX(0,[@{前}余]-[@{}兑换])`，余 `=[@{}得]-MAX(0,[@{}兑换]-[@{前}余])`；不许透支写 `require`",
    ),
    (
        "连续两季未达标降一级",
        "职级用序号：各季连败 `=IF([@{}达标]=1,0,IF([@{前}连败]=1,2,1))`，级 `=IF([@{}连败]=2,MAX(1,[@{前}级]-1),[@{前}级])`；"
        "标准取 `INDEX(职级表[维持佣金],[@{前}级])`",
    ),
    (
        "按类别汇总记录，类别由标准查出",
        '记录的类别 `=IFERROR(KAOHE_LOOKUP([@成果],标准[成果],标准[类别])&"","")`，写 `guard = false`；'
        '`=KAOHE_SUM([@键],记录[键_姓名],记录[得分],,"科研",记录[类别])`',
    ),
    (
        "成果按作者人数和位次折算",
        "列表每种人数一行，各位次一列：`INDEX(位次比例[[第1]:[第5]],MATCH([@作者数],位次比例[作者数],0),[@位次])`",
    ),
    (
        "推荐人（师傅、上级）也在本表",
        '`key = "人员"`（指向本表）；`=KAOHE_SUM([@键],[键_推荐人],[首佣])`（`[推荐人]` 中填工号的对不上 `[@姓名]`）',
    ),
    ("每人各项目标的权重合计 100%", "行的规则 `=KAOHE_SUM([@键_姓名],[键_姓名],[权重])=1`"),
    (
        "超额部分按目标的百分比分段累进",
        "`=KAOHE_ROUND(KAOHE_PROGRESS(KAOHE_ITEM([@实际],[@目标])/[@目标],分段[起点],分段[比例])*[@目标])`，起点写比例",
    ),
    (
        "不足 5 人的部门合并计算名额",
        '`=IF(KAOHE_COUNT([@部门],[部门],1,[参加])>=5,[@部门],"合并组")` 作组别；'
        '“参加”是 `guard = false` 的隐藏列 `=IF([@姓名]="","",IF([@不参加]="是",0,1))`',
    ),
    (
        "各组的等次比例不同",
        "一张分组表，组名和各等次的比例写成相邻的计算列：比例一栏写 `分组[[组名]:[D比例]]`",
    ),
    ("并列的人取所占各名次积分的平均", "“并列靠前”“并列靠后”各一列名次，其间的积分用 `SUMPRODUCT` 合计，除以名次数"),
    (
        "以最后一轮改分为准",
        '`=KAOHE_SUM([@键],申诉[键_姓名],申诉[改分轮],1,"作风",申诉[项目])` 是最后一轮（没有为 0），再按姓名、项目、轮次取分；'
        "“改分轮”写 `guard = false`",
    ),
    (
        "月中调动，按各段的天数分",
        "一张任职表（姓名、部门、起、止），点数写 `系数*([@止]-[@起]+1)`；"
        '行的规则 `=COUNTIFS([键_姓名],[@键_姓名],[起],"<="&[@止],[止],">="&[@起])=1` 不许重叠',
    ),
    (
        "分到十元，零头归准备金",
        '`=KAOHE_ROUND([@总额],-1,"舍去")` 作可分的总额，KAOHE_ALLOCATE 的单位写 `"十元"`，其余一列准备金',
    ),
    ("补考及格按 60 分计", "`=IF([@首考]>=60,[@首考],IF([@补考]>=60,60,[@首考]))`"),
    (
        "互评（记录一行一分）去掉一个最高、一个最低",
        "合计 `=KAOHE_SUM([@键],互评[键_被评人],互评[评分])`，最高在前几写 1，最低把“负分”列（`=-[@评分]`）照样取最高再变号；"
        "`([@合计]-[@最高]-[@最低])/([@人数]-2)`；互评齐全才算的写 `require`",
    ),
    (
        "末次违章以后的里程",
        '`=KAOHE_SUM([@键],月报[键_姓名],月报[违章月],1)` 是末次违章的月份（没有为 0），`=SUMIFS(月报[里程],月报[键_姓名],[@键],月报[月份],">"&[@末次违章月])`',
    ),
    ("连续缺勤（没填也算）", "各日一列 `=IF(N([@{}日])>0,1,0)`，block 合称；`=KAOHE_RUN([@各日数],1)`"),
    (
        "收银员取本组其他人的平均",
        '其他人的提成另写一列，收银员为空文本：`=IF([@岗位]="收银",AVERAGEIFS([营业提成],[组],[@组]),[@营业提成])`',
    ),
    (
        "组内最高 100 分、最低 60 分，其余按比例",
        "组最高 `=KAOHE_SUM([@组],[组],[数量],1)`，组最低用负数的一列取；`=IF([@组最高]=[@组最低],100,60+40*([@数量]-[@组最低])/([@组最高]-[@组最低]))`",
    ),
    ("节油 30 升以内每升奖 2 元，35 升以上的部分倒扣", "KAOHE_PROGRESS，起点 0、30、35，单价 2、0、-2"),
    (
        "同一事项只计最高的一次",
        '记录表中排分 `=[@分]-[@序号]/100000`、人事项 `=[@键_姓名]&"|"&[@事项]`，计分 `=IF(KAOHE_RANK([@序号],[序号],[排分],[人事项])=1,[@分],0)`',
    ),
    (
        "各科室名额舍去取整，余下的名额全院统一产生",
        '先按科室 `KAOHE_LIMIT(…,"优秀",优秀比例,…,"比例")`；已定的人写“已定”，再按汇总的“余下名额” `KAOHE_LIMIT(…,"优秀",余下名额,…,"名额")`',
    ),
    (
        "班次的起止时刻（跨零点）",
        '两个填写列 `min = 0, below = 1, format = "hh:mm"`；分钟 `=KAOHE_ROUND(MOD([@止]-[@起]+1,1)*1440,0)`；参数、列表中的时刻写 `08:30:00`（不加引号）；时长的列写 `format = "[h]:mm"`，超过一天的也照填 `26:30`',
    ),
    (
        "每月前两次不扣，第 3 次扣 10 元，第 4 次 20 元",
        "`=N(KAOHE_PROGRESS([@次数],迟到扣[起点],迟到扣[每次]))`，起点 2、3",
    ),
    (
        "负责人的得分含本部门员工的平均",
        "员工分一列（负责人为空文本），部门表 `=AVERAGEIFS(人员[员工分],人员[部门],[@部门])`，负责人的得分另取它",
    ),
    ("同一项目第三次起加倍", '`=COUNTIFS([键_姓名],[@键_姓名],[项目],[@项目],[序号],"<="&[@序号])` 是第几次'),
    (
        "每人每月每项封顶",
        '记录中人月 `=[@键_姓名]&"|"&[@月份]`（`guard = false`），各月 `=KAOHE_LOG([@键]&"|{n}",记录[人月],记录[项目],记录[数量],标准[项目],标准[分值],标准[每月上限])`',
    ),
    (
        "各岗位的指标、权重、门槛不同",
        '岗位指标写成一张表，`unique = [["岗位", "指标"]]`；取一格 `=KAOHE_SUM([@岗位],岗位指标[岗位],岗位指标[权重],,[@指标],岗位指标[指标])`，行的规则用 `KAOHE_COUNT(…)=1` 保证有这一行',
    ),
    (
        "上级、同级、下级的评价分开平均",
        '评价中上级 `=IFERROR(KAOHE_LOOKUP([@键_被评人],人员[键],人员[键_上级])&"","")` 等列定出关系，人和关系连成一列（都写 `guard = false`），按它 KAOHE_SUM、KAOHE_COUNT；少于 2 份的写空文本，`KAOHE_SCORE(…,"折算")`',
    ),
    (
        "两个志愿先后录取",
        "按志愿各一列名次（并列靠后的不超过名额为录取，并列靠前的不超过为待议），岗位表算余额，没有录取的再按第二志愿排；没有第二志愿的组别写“无”",
    ),
)


def schemeformat_document() -> str:
    """How a scheme file is written: every key with its form, its meaning and an example."""
    return document(_lines())


def _lines() -> Iterator[str]:
    yield from ("# 方案文件的格式", "", "> 本页由键的声明生成（`python -m addin.handbook`），请勿手工修改。", "")
    yield from (
        "一个方案是一个 TOML 文件：`workbook_templates/schemes/方案.toml`，或 `kaohe new 路径.toml` 直接指定，"
        "或放在用户文件夹的 `schemes` 中（见 [cli.md](cli.md) 的 kaohe list）。读文件是严格的：不认识的键、没有的名称、不成立的写法、不符合自己所写限制的默认值，都说明在第几行、写了什么、可用的写法。"
        "自带的方案都是这样写的；每个词的用法见下。",
        "",
    )
    yield from ("## 从这里开始", "", *(f"{number}. {step}" for number, step in enumerate(STEPS, start=1)), "")
    yield from ("```toml", *START.splitlines(), "```", "")
    yield from ("## 公式", "", *bullets(FORMULAS))
    yield from ("## 办法里这样说，文件里这样写", "", *table(("办法", "文件"), RECIPES))
    yield from ("## 名称", "", *bullets(NAMES))
    yield from (
        "## 错误传到哪里",
        "",
        *bullets(
            (
                "一行填错：本行的计算列都是错误值；填写列有 `group` 的，只影响列出此组的计算列（和用到它们的列）。",
                "对整列的计算（合计、名次、分配）：有一格是错误值，结果就是错误值；按组、按键的只影响本组、本键。排名、名额、分配中有错误的行组别空白时，影响每一组；KAOHE_SUM、KAOHE_LOG 不读键空白的行，这样的行由它自己的“校验”和读它的表的红字说明。",
                "记录填错：`spoils` 使它所指的人有错误；没有 `spoils` 时只有用到这一格的结果有错误。指不到人的记录默认只影响自己，`unknown_spoils_all = true` 影响每个人。",
                "计数（COUNTIF、KAOHE_COUNT）不数填错的行：别的结果要用的人数（名额的基数、平分的人数）写 `needs`。",
                "`needs` 写的表中任何一行有错误，本列每一行都是错误值。参数填错影响全部表，除非写了 `scope`。",
                "不参加的人：校验为不参加，有关的记录填错也不影响他。",
            )
        ),
    )
    for heading, kind, told in SECTIONS:
        yield from (f"## {heading}", "", told, "")
        keys = list(keys_of(kind))
        if kind is Table:
            yield from ("各列写在 `[[tables.columns]]` 或 `columns = [{ … }, …]` 中。", "")
        yield from table(("键", "写什么", "含义", "例"), [_line(key) for key in keys if not _inherited(key, kind)])
        if issubclass(kind, Limits):
            if kind is Parameter:
                continue
            yield from ("其余的键同“参数”：" + "、".join(code(key.name) for key in keys_of(Limits)) + "。", "")


def _inherited(key: Key, kind: type[Any]) -> bool:
    """Whether a key means the same as with parameters, where it is told."""
    return issubclass(kind, Limits) and kind is not Parameter and key in list(keys_of(Limits))


def _line(key: Key) -> tuple[str, str, str, str]:
    return (code(key.name) + ("（必写）" if key.required else ""), key.form_words, key.meaning, code(key.example))
