"""The policies and settings that stop the add-in, on a Windows whose registry is in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from addin.excel.policies import blocks, machine_blocks
from addin.excel.programs import Excel
from addin.shared.diagnosis import Finding, State
from tests.excel.windows import EXCEL_SETTINGS, POLICY, Machine

CHILD_PROCESSES = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
ASR = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
POLICY_MANAGER = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
SECURITY = r"Excel\Security"
EXCEL = Excel(16, Path("EXCEL.EXE"), 64)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def found(machine: Machine) -> list[Finding]:
    findings = [*blocks(machine.windows, EXCEL), *machine_blocks(machine.windows)]
    assert all(finding.remedy for finding in findings)
    return findings


def troubles(findings: list[Finding]) -> list[str]:
    return [finding.told for finding in findings if finding.state is State.BAD]


def notes(findings: list[Finding]) -> list[str]:
    return [finding.told for finding in findings if finding.state is State.NOTE]


def policy(machine: Machine, key: str, name: str, value: int | str) -> None:
    machine.registry.set(rf"{POLICY}\{key}", name, value)


@pytest.mark.parametrize(
    ("key", "name", "english"),
    [
        ("Common", "vbaoff", "Disable VBA for Office applications"),
        (r"Common\Security", "VBAOff", "Disable VBA for Office applications"),
        (SECURITY, "disablealladdins", "Disable all application add-ins"),
        (SECURITY, "requireaddinsig", "Require that application add-ins are signed by Trusted Publisher"),
        (
            r"Common\Security",
            "requirealwaysonmacrosig",
            "Require trusted publisher signatures for macros that are always loaded",
        ),
        (r"Excel\Resiliency", "restricttolist", "Block all unmanaged add-ins"),
    ],
)
def test_a_policy_is_told_by_its_name_and_value(machine: Machine, key: str, name: str, english: str) -> None:
    policy(machine, key, name, 0)
    assert troubles(found(machine)) == []
    policy(machine, key, name, 1)
    (finding,) = [finding for finding in found(machine) if finding.state is State.BAD]
    assert finding.told.startswith("组策略“") and english in finding.told
    assert rf"{POLICY}\{key}\{name}".lower() in finding.told.lower() and "= 1" in finding.told
    assert finding.remedy.startswith("请管理员把这条策略改为未配置")


def test_unsigned_addins_may_be_left_out_silently(machine: Machine) -> None:
    policy(machine, SECURITY, "RequireAddinSig", 1)
    policy(machine, SECURITY, "NoTBPromptUnsignedAddin", 1)
    (told,) = troubles(found(machine))
    assert told.endswith("也不作提示（NoTBPromptUnsignedAddin = 1）")


def test_a_setting_that_is_the_users_own_can_be_changed_by_the_user(machine: Machine) -> None:
    machine.registry.set(rf"{EXCEL_SETTINGS}\Security", "DisableAllAddins", 1)
    (finding,) = [finding for finding in found(machine) if finding.state is State.BAD]
    assert finding.told.startswith("Excel 的设置“") and "信任中心设置" in finding.remedy
    policy(machine, SECURITY, "DisableAllAddins", 0)
    assert troubles(found(machine)) == [], "a policy counts before the user's own setting"


def test_a_policy_of_the_machine_or_of_the_cloud(machine: Machine) -> None:
    for root in (r"HKLM\SOFTWARE\Policies\Microsoft\Office", r"HKCU\Software\Policies\Microsoft\Cloud\Office"):
        machine.registry.set(rf"{root}\16.0\Excel\Security", "DisableAllAddins", 1)
        (told,) = troubles(found(machine))
        assert root in told
        machine.registry.delete(rf"{root}\16.0\Excel\Security", "DisableAllAddins")


def test_the_list_of_managed_addins_may_allow_or_forbid_ours(machine: Machine) -> None:
    policy(machine, r"Excel\Resiliency", "RestrictToList", 1)
    policy(machine, r"Excel\Resiliency\AddinList", "kaohe.xlam", "1")
    assert troubles(found(machine)) == []
    policy(machine, r"Excel\Resiliency\AddinList", "kaohe.xlam", "0")
    (told,) = troubles(found(machine))
    assert "List of managed add-ins" in told


def test_strict_macros_do_no_harm_in_a_trusted_folder(machine: Machine) -> None:
    policy(machine, SECURITY, "VBAWarnings", 4)
    findings = found(machine)
    assert troubles(findings) == []
    (told,) = notes(findings)
    assert "VBAWarnings = 4。加载项在受信任的启动文件夹里，不受影响；自带函数的 .xlsm 工作簿不能用" in told


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        (rf"{SECURITY}\Trusted Locations", "AllLocationsDisabled", 1),
        (r"Common\Security\Trusted Locations", "Allow User Locations", 0),
    ],
)
def test_an_untrusted_startup_folder_stops_macros_where_they_are_strict(
    machine: Machine, key: str, name: str, value: int
) -> None:
    policy(machine, key, name, value)
    (told,) = notes(found(machine))
    assert f"{name} = {value}" in told and "每次启动 Excel 要先点“启用宏”" in told
    policy(machine, SECURITY, "VBAWarnings", 3)
    (told,) = troubles(found(machine))
    assert f"{name} = {value}" in told and "宏又被禁用" in told


def test_a_startup_folder_on_the_network_is_trusted_only_if_allowed(machine: Machine) -> None:
    policy(machine, SECURITY, "VBAWarnings", 4)
    machine.environment["APPDATA"] = r"\\server\users\zhang"
    assert any(told.startswith(r"启动文件夹在网络上（\\server") for told in troubles(found(machine)))
    policy(machine, rf"{SECURITY}\Trusted Locations", "AllowNetworkLocations", 1)
    assert not any("在网络上" in told for told in troubles(found(machine)))


def test_macros_from_the_internet_are_another_matter(machine: Machine) -> None:
    policy(machine, SECURITY, "BlockContentExecutionFromInternet", 1)
    findings = found(machine)
    assert troubles(findings) == []
    assert "加载项不受影响" in notes(findings)[0]


@pytest.mark.parametrize(("mode", "is_in_force"), [("1", True), ("6", True), ("2", False), ("0", False)])
def test_a_rule_of_the_antivirus_is_told_where_it_is_in_force(machine: Machine, mode: str, is_in_force: bool) -> None:
    machine.registry.set(ASR, CHILD_PROCESSES, mode)
    told = troubles(found(machine))
    assert len(told) == is_in_force
    if is_in_force:
        assert "Block all Office applications from creating child processes" in told[0]
        assert f"{CHILD_PROCESSES.lower()} = {mode}" in told[0] and "Excel 不能启动 Python" in told[0]


def test_rules_may_come_from_the_management_of_devices(machine: Machine) -> None:
    rules = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b=1|3b576869-a4ec-4529-8536-b78a7769e899=1|rubbish"
    machine.registry.set(POLICY_MANAGER, "ASRRules", rules)
    findings = found(machine)
    (told,) = troubles(findings)
    assert "Block Win32 API calls from Office macros" in told
    (told,) = notes(findings)
    assert "creating executable content" in told


@pytest.mark.parametrize("policies", ["Policies\\", ""])
def test_folders_that_programs_may_not_write_to_are_noted(machine: Machine, policies: str) -> None:
    """Microsoft, "Enable controlled folder access": 1 blocks, 2 only notes."""
    guard = r"Microsoft\Windows Defender\Windows Defender Exploit Guard\Controlled Folder Access"
    key = rf"HKLM\SOFTWARE\{policies}{guard}"
    machine.registry.set(key, "EnableControlledFolderAccess", 2)
    assert found(machine) == []
    machine.registry.set(key, "EnableControlledFolderAccess", 1)
    (told,) = notes(found(machine))
    assert "受控文件夹访问" in told and key in told


@pytest.mark.parametrize(("kind", "said"), [("Dll", "DLL 可能不被加载"), ("Exe", "程序可能不能启动")])
def test_a_restriction_of_programs_and_libraries_is_noted(machine: Machine, kind: str, said: str) -> None:
    machine.registry.set(rf"HKLM\SOFTWARE\Policies\Microsoft\Windows\SrpV2\{kind}", "EnforcementMode", 1)
    (note,) = notes(found(machine))
    assert note.startswith("组策略 AppLocker 限制") and said in note


@pytest.mark.parametrize("state", [0, 1, 2])
def test_smart_app_control_is_told_where_it_is_on(machine: Machine, state: int) -> None:
    """It blocks unsigned libraries that Microsoft doesn't know where it is 1 (github.com/AsamK/signal-cli/discussions/2158); 2 is
    trying out."""
    machine.registry.set(r"HKLM\SYSTEM\CurrentControlSet\Control\CI\Policy", "VerifiedAndReputablePolicyState", state)
    told = notes(found(machine))
    assert [each.startswith("Windows 的“智能应用控制”开着") for each in told] == [True] * (state == 1)


@pytest.mark.parametrize("version", ["7.1", "7.0"])
def test_an_editor_that_stops_at_every_error_is_told(machine: Machine, version: str) -> None:
    """Then all handlers are ignored (Bullen, Bovey, Green, "Professional Excel Development", Basic VBA Debugging Techniques)."""
    key = rf"HKCU\Software\Microsoft\VBA\{version}\Common"
    machine.registry.set(key, "BreakOnAllErrors", 0)
    assert found(machine) == []
    machine.registry.set(key, "BreakOnAllErrors", 1)
    (told,) = troubles(found(machine))
    assert "发生错误则中断" in told and key in told
