"""Policies of Office, Windows and its antivirus that stop the add-in, each by its name. Standard library only.

Office reads a user's policies before the user's own settings, which have the same names in another key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from addin.excel import ADDIN
from addin.excel.programs import Excel
from addin.excel.windows import Windows
from addin.shared.diagnosis import Finding, State, bad, note

POLICIES = (
    r"HKCU\Software\Policies\Microsoft\Office",
    r"HKLM\SOFTWARE\Policies\Microsoft\Office",
    r"HKCU\Software\Policies\Microsoft\Cloud\Office",
)
OWN = r"HKCU\Software\Microsoft\Office"
SECURITY, COMMON = r"Excel\Security", r"Common\Security"
LOCATIONS, COMMON_LOCATIONS = rf"{SECURITY}\Trusted Locations", rf"{COMMON}\Trusted Locations"
DEFENDER = r"Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR"
RULES = (rf"HKLM\SOFTWARE\Policies\{DEFENDER}\Rules", rf"HKLM\SOFTWARE\{DEFENDER}\Rules")
MANAGED_RULES = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
CONTROLLED = r"Microsoft\Windows Defender\Windows Defender Exploit Guard\Controlled Folder Access"
CONTROLLED_FOLDERS = (rf"HKLM\SOFTWARE\Policies\{CONTROLLED}", rf"HKLM\SOFTWARE\{CONTROLLED}")
APPLOCKER = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\SrpV2"
SMART_APPS = r"HKLM\SYSTEM\CurrentControlSet\Control\CI\Policy"
SMART_STATE, ENFORCED = "VerifiedAndReputablePolicyState", 1
"""Windows 11's Smart App Control: 0 off, 1 on, 2 trying out whether it should be."""

EDITOR = tuple(rf"HKCU\Software\Microsoft\VBA\{version}\Common" for version in ("7.1", "7.0"))
BREAKING = "BreakOnAllErrors"
SIGNED_ONLY = (3, 4)
"""Values of VBAWarnings: macros only if they are signed, no macros at all."""

BLOCKS, WARNS = 1, 6
CONTROLLING = "EnableControlledFolderAccess"


@dataclass(frozen=True)
class Setting:
    """A setting of Office, where it stands below the version's key, and what it does to the add-in."""

    key: str
    name: str
    blocking: int
    title: str
    effect: str
    wanted: str


SETTINGS = (
    Setting(
        "Common", "VBAOff", 1, "禁用 Office 应用程序的 VBA（Disable VBA for Office applications）",
        "Excel 里没有任何宏，考核函数和“考核”选项卡都不能用", "未配置",
    ),
    Setting(
        COMMON, "VBAOff", 1, "禁用 Office 应用程序的 VBA（Disable VBA for Office applications）",
        "Excel 里没有任何宏，考核函数和“考核”选项卡都不能用", "未配置",
    ),
    Setting(
        SECURITY, "DisableAllAddins", 1, "禁用所有应用程序加载项（Disable all application add-ins）",
        "Excel 不加载任何加载项", "未配置",
    ),
    Setting(
        SECURITY, "RequireAddinSig", 1,
        "要求受信任的发布者签署应用程序加载项（Require that application add-ins are signed by Trusted Publisher）",
        f"{ADDIN} 没有数字签名，Excel 可能不加载", f"未配置，或用单位的证书签署 {ADDIN} 并把证书列为受信任的发布者",
    ),
    Setting(
        COMMON, "RequireAlwaysOnMacroSig", 1,
        "要求始终加载的宏有受信任发布者的签名（Require trusted publisher signatures for macros that are always loaded）",
        f"{ADDIN} 没有数字签名，Excel 不作提示就不加载", f"未配置，或用单位的证书签署 {ADDIN}",
    ),
    Setting(
        r"Excel\Resiliency", "RestrictToList", 1, "阻止所有非托管加载项（Block all unmanaged add-ins）",
        f"{ADDIN} 不在“托管加载项列表”（List of managed add-ins）中，Excel 不加载",
        f"未配置，或在“托管加载项列表”中加一项 {ADDIN}，值为 1",
    ),
)  # fmt: skip

ATTACK_RULES = {
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a": (
        "阻止所有 Office 应用程序创建子进程（Block all Office applications from creating child processes）",
        "Excel 不能启动 Python，考核函数显示 #VALUE!",
    ),
    "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": (
        "阻止来自 Office 宏的 Win32 API 调用（Block Win32 API calls from Office macros）",
        f"{ADDIN} 不能加载 xlwings 的 DLL，文件也可能被隔离",
    ),
    "3b576869-a4ec-4529-8536-b78a7769e899": (
        "阻止 Office 应用程序创建可执行内容（Block Office applications from creating executable content）",
        "考核函数不需要这样做；“考核”选项卡的命令如果被拦截，原因在此",
    ),
    "01443614-cd74-433a-b99e-2ecdc07bfc25": (
        "阻止不满足普遍性、存在时间或受信任列表条件的可执行文件（Block executable files from running unless they meet a "
        "prevalence, age, or trusted list criterion）",
        "xlwings 的 DLL 可能不被加载，考核函数显示 #VALUE!",
    ),
}
HARMLESS_RULES = ("3b576869-a4ec-4529-8536-b78a7769e899",)


def blocks(windows: Windows, excel: Excel) -> Iterator[Finding]:
    """Every policy and setting that stops the add-in, or a part of it, in this Excel."""
    for setting in SETTINGS:
        found = _Found.of(windows, excel, setting.key, setting.name)
        if found and found.value == setting.blocking and not _is_managed(windows, excel, setting):
            effect = setting.effect + (_SILENTLY if _is_silent(windows, excel, setting) else "")
            yield found.finding(State.BAD, setting.title, effect, setting.wanted)
    if _list_entry(windows, excel) == 0:
        yield bad(
            f"组策略“托管加载项列表”（List of managed add-ins）禁用 {ADDIN}", f"请管理员把列表中 {ADDIN} 的值改为 1"
        )
    yield from _trust(windows, excel)


def machine_blocks(windows: Windows) -> Iterator[Finding]:
    """The policies of Windows itself, and of its antivirus, that stop the add-in in any Excel."""
    yield from _attack_rules(windows)
    if (found := _first(windows, CONTROLLED_FOLDERS, CONTROLLING)) and found.value == BLOCKS:
        yield note(
            rf"Microsoft Defender 的“受控文件夹访问”：{found.key}\{CONTROLLING} = {BLOCKS}。写入“文档”、桌面等处的文件可能被拦下，"
            "宏和命令行说没有这个文件夹或没有权限",
            "在 Windows 安全中心的“勒索软件防护”里，允许程序文件夹 .venv 中的 python.exe 和它的 Python 通过",
        )
    if windows.number(SMART_APPS, SMART_STATE) == ENFORCED:
        yield note(
            f"Windows 的“智能应用控制”开着（{SMART_APPS}\\{SMART_STATE} = {ENFORCED}）：没有签名、微软又不认识的 DLL 它不让加载，"
            "xlwings 的 DLL 和 Python 的一些组件没有签名，考核函数可能显示 #VALUE!，命令可能不能运行",
            "它不能为一个程序单独放行：函数不能用时，在“Windows 安全中心→应用和浏览器控制→智能应用控制设置”里关闭它（有的版本"
            "关闭后不能再打开，请先看说明），或换一台电脑",
        )
    if (found := _first(windows, EDITOR, BREAKING)) and found.value == 1:
        yield bad(
            f"VBA 编辑器设为“发生错误则中断”（{found.key}\\{BREAKING} = 1）：加载项自己会处理的错误也停下来，弹出“运行时错误”",
            "在 Excel 里按 Alt+F11，工具→选项→通用→错误捕获，选“遇到未处理的错误时中断”",
        )
    for kind, what, refused in (("Exe", "程序", "程序可能不能启动"), ("Dll", "DLL", "DLL 可能不被加载")):
        if windows.number(rf"{APPLOCKER}\{kind}", "EnforcementMode") == 1:
            yield note(
                rf"组策略 AppLocker 限制{what}（{APPLOCKER}\{kind}）：用户文件夹里的{refused}，考核函数显示 #VALUE!",
                "函数不能用时，请管理员为程序文件夹中的 .venv 增加一条允许规则",
            )


@dataclass(frozen=True)
class _Found:
    """A setting's value, and the key that it was found in."""

    key: str
    name: str
    value: int

    @staticmethod
    def of(windows: Windows, excel: Excel, key: str, name: str) -> _Found | None:
        return _first(windows, [rf"{root}\{excel.office}\{key}" for root in (*POLICIES, OWN)], name)

    def finding(self, state: State, title: str, effect: str, wanted: str) -> Finding:
        by_policy = not self.key.startswith(OWN)
        told = f"{'组策略' if by_policy else 'Excel 的设置'}“{title}”：{self.key}\\{self.name} = {self.value}。{effect}"
        asked = f"请管理员把这条策略改为{wanted}"
        own = "在 Excel 的“文件→选项→信任中心→信任中心设置”里改回默认值"
        return Finding(state, told, asked if by_policy else own)


def _first(windows: Windows, keys: Sequence[str], name: str) -> _Found | None:
    numbers = ((key, windows.number(key, name)) for key in keys)
    return next((_Found(key, name, number) for key, number in numbers if number is not None), None)


def _list_entry(windows: Windows, excel: Excel) -> int | None:
    """What the list of managed add-ins says of ours: 0 never, 1 always, 2 as the user likes."""
    found = _Found.of(windows, excel, r"Excel\Resiliency\AddinList", ADDIN)
    return found.value if found else None


def _is_managed(windows: Windows, excel: Excel, setting: Setting) -> bool:
    return setting.name == "RestrictToList" and _list_entry(windows, excel) is not None


_SILENTLY = "，也不作提示（NoTBPromptUnsignedAddin = 1）"


def _is_silent(windows: Windows, excel: Excel, setting: Setting) -> bool:
    """Whether Excel doesn't even tell that it left out an add-in for want of a signature."""
    found = _Found.of(windows, excel, SECURITY, "NoTBPromptUnsignedAddin")
    return setting.name == "RequireAddinSig" and found is not None and found.value == 1


def _trust(windows: Windows, excel: Excel) -> Iterator[Finding]:
    """Whether the folder of the add-in is one that Excel trusts; what else Excel does to macros it does only there."""
    macros = _Found.of(windows, excel, SECURITY, "VBAWarnings")
    is_strict = macros is not None and macros.value in SIGNED_ONLY
    state = State.BAD if is_strict else State.NOTE
    effect = "启动文件夹不受信任，" + (
        "宏又被禁用：考核函数和“考核”选项卡都不能用" if is_strict else "每次启动 Excel 要先点“启用宏”"
    )
    untrusted = list(_untrusted(windows, excel))
    for found, title, wanted in untrusted:
        yield found.finding(state, title, effect, wanted)
    if str(windows.excel_folder).startswith("\\\\"):
        network = _Found.of(windows, excel, LOCATIONS, "AllowNetworkLocations")
        if network is None or network.value != 1:
            untrusted_folder = f"启动文件夹在网络上（{windows.excel_folder}），Excel 默认不信任网络位置。{effect}"
            mended = "请管理员打开策略“允许网络上的受信任位置”（Allow Trusted Locations on the network, AllowNetworkLocations = 1）"
            yield Finding(state, untrusted_folder, f"{mended}，并把这个文件夹列为受信任位置")
    elif macros and is_strict and not untrusted:
        told = "加载项在受信任的启动文件夹里，不受影响；自带函数的 .xlsm 工作簿不能用"
        yield macros.finding(State.NOTE, "VBA 宏通知设置（VBA Macro Notification Settings）", told, "未配置")
    internet = _Found.of(windows, excel, SECURITY, "BlockContentExecutionFromInternet")
    if internet and internet.value == 1:
        title = "阻止来自 Internet 的 Office 文件中的宏（Block macros from running in Office files from the Internet）"
        told = "加载项不受影响；从网上或邮件得到的 .xlsm 工作簿不能用"
        yield internet.finding(State.NOTE, title, told, "未配置，或在文件“属性”里勾选“解除锁定”")


def _untrusted(windows: Windows, excel: Excel) -> Iterator[tuple[_Found, str, str]]:
    found = _Found.of(windows, excel, LOCATIONS, "AllLocationsDisabled")
    if found and found.value == 1:
        yield found, "禁用所有受信任位置（Disable all trusted locations）", "未配置"
    found = _Found.of(windows, excel, COMMON_LOCATIONS, "Allow User Locations")
    if found and found.value == 0:
        wanted = r"未配置，或用策略把 %APPDATA%\Microsoft\Excel\XLSTART 列为受信任位置"
        yield found, "允许混合使用策略位置和用户位置（Allow mix of policy and user locations）", wanted


def _attack_rules(windows: Windows) -> Iterator[Finding]:
    """Rules of Microsoft Defender that are in force; in audit they only note."""
    modes: dict[str, tuple[int, str]] = {}
    for key in RULES:
        for name in windows.registry.values(key):
            mode = windows.number(key, name)
            if mode is not None:
                modes.setdefault(name.lower(), (mode, key))
    for entry in windows.text(MANAGED_RULES, "ASRRules").split("|"):
        name, _, mode_text = entry.partition("=")
        if mode_text.isdecimal():
            modes.setdefault(name.lower().strip("{}"), (int(mode_text), MANAGED_RULES))
    for rule, (title, effect) in ATTACK_RULES.items():
        mode, key = modes.get(rule, (0, ""))
        if mode in (BLOCKS, WARNS):
            state = State.NOTE if rule in HARMLESS_RULES else State.BAD
            told = f"Microsoft Defender 的攻击面减少规则“{title}”：{key}\\{rule} = {mode}。{effect}"
            remedy = (
                "请管理员为程序文件夹中的 .venv 和 kaohe.xlam 设置“攻击面减少规则的排除项”，或把这条规则改为审核（2）"
            )
            yield Finding(state, told, remedy)
