"""Sets KAOHE up on this machine: ``python install.py``. ``python install.py test`` runs the whole suite.

Needs nothing but Python 3.11 or newer: it makes an environment of its own beside this file, installs the project into it, and
computes a sample workbook.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
HERE = Path(__file__).resolve().parent
SAMPLE = "health-centre-staff"
SAMPLE_DATA = HERE / "workbook_templates" / "samples" / f"{SAMPLE}.json"
OUTPUT_LINES = 12

# What pip or venv prints, and what a clerk can do about it.
REMEDIES = (
    (("ensurepip", "python3-venv"), "缺少 venv 组件。Debian/Ubuntu 请先运行:sudo apt install python3-venv"),
    (("ProxyError", "Cannot connect to proxy", "407"), "无法通过代理服务器上网。请检查环境变量 HTTPS_PROXY,或用 --wheels 离线安装"),
    (("No space left", "Errno 28"), "磁盘空间不足,请清理后重试"),
    (("CERTIFICATE_VERIFY_FAILED",), "网络证书校验失败。请检查系统时间和单位的代理证书,或用 --wheels 离线安装"),
    (
        ("NewConnectionError", "Name or service not known", "Temporary failure in name resolution", "ConnectTimeout",
         "Network is unreachable", "getaddrinfo failed"),
        "无法连接网络。请检查网络,或在有网的电脑上运行 pip download 下载安装包,再用 --wheels 文件夹 离线安装",
    ),
    (("No matching distribution", "Could not find a version"), "找不到需要的安装包。离线安装时请确认 --wheels 文件夹里的包是为本机的 Python 版本下载的"),
    (("Permission denied", "Errno 13", "WinError 5"), "没有写入权限。请换一个可写的文件夹,或关闭正在使用它的程序"),
)


class InstallError(Exception):
    """What the user can mend; the message is all that is printed."""


def user_folder():
    """Where this user's settings and, if need be, the environment are kept."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "kaohe"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "kaohe"


def is_writable(folder):
    """Whether files can be made in a folder; only trying tells."""
    probe = folder / ".kaohe-probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text("", encoding="utf-8")
        probe.unlink()
    except OSError:
        return False
    return True


def environment_folder(here=HERE, user=None):
    """The environment's folder: beside this file, or among the user's own where that is read-only."""
    if is_writable(here):
        return here / ".venv"
    user = user or user_folder()
    if not is_writable(user):
        raise InstallError(f"{here} 和 {user} 都不可写,无法安装。请把程序复制到有写入权限的文件夹再运行")
    print(f"{here} 是只读的,改在 {user} 中安装。")
    return user / "venv"


def python_of(environment):
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(command, told):
    """Run a command quietly; on failure say what can be done about it."""
    try:
        done = subprocess.run(
            [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            encoding="utf-8", errors="replace", env={**os.environ, "PYTHONUTF8": "1"},
        )
    except OSError as error:
        raise InstallError(f"{told}失败:{error}") from error
    if done.returncode:
        raise InstallError(f"{told}失败。{remedy(done.stdout)}")
    return done.stdout


def remedy(output):
    """What to do about a failed step, from what it printed."""
    for signs, advice in REMEDIES:
        if any(sign in output for sign in signs):
            return advice
    return "程序的输出:\n" + "\n".join(output.strip().splitlines()[-OUTPUT_LINES:])


def make_environment(environment, run=run):
    """Make the environment if it isn't there or doesn't start."""
    python = python_of(environment)
    if python.exists():
        try:
            run([python, "-c", "import pip"], "检查环境")
            return python
        except InstallError:
            print("已有的环境不能使用,重新建立。")
    print("建立 Python 环境……")
    run([sys.executable, "-m", "venv", "--clear", environment], "建立 Python 环境")
    return python


def install_project(python, extra="", wheels=None, here=HERE, run=run):
    """Install the project and what it needs; from a folder of wheels alone where one is given."""
    command = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    if wheels is not None:
        if not wheels.is_dir():
            raise InstallError(f"找不到安装包文件夹 {wheels}")
        command += ["--no-index", "--find-links", wheels]
    if is_writable(here):
        # An editable install needs setuptools at hand when offline, as any build does.
        command += ["--editable"]
    print("安装 KAOHE 和所需的组件……")
    run([*command, f"{here}[{extra}]" if extra else str(here)], "安装")


def record(python, folder=None):
    """Remember where the environment is, for the add-ins."""
    folder = folder or user_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "kaohe.json").write_text(
            json.dumps({"python": str(python), "project": str(HERE)}, ensure_ascii=False), encoding="utf-8"
        )
    except OSError as error:
        print(f"提示:无法写入设置文件夹 {folder}({error.strerror}),不影响使用。")


def compute_sample(python, folder, run=run):
    """Make and compute the sample workbook; returns its path and its main table as text."""
    path = folder / "示例-乡镇卫生院工作人员绩效考核.xlsx"
    kaohe = [python, "-m", "addin.cli"]
    run([*kaohe, "new", SAMPLE, "--data", SAMPLE_DATA, "--force", "-o", path], "计算示例工作簿")
    shown = run([*kaohe, "show", path, "--json"], "读取示例工作簿")
    return path, sample_table(json.loads(shown))


def sample_table(result):
    """A few columns of the sample's people, and its totals."""
    columns = ("姓名", "绩效考核得分", "名次", "等次", "实发绩效")
    lines = [columns, *([str(row[name]) for name in columns] for row in result["人员"])]
    widths = [max(map(_width, column)) for column in zip(*lines)]  # noqa: B905
    table = ["  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths)) for line in lines]  # noqa: B905
    totals = [f"{name}:{value}" for name, value in result["汇总"].items()]
    return "\n".join([*table, "", ",".join(totals)])


def _width(text):
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def install(wheels):
    python = make_environment(environment_folder())
    install_project(python, wheels=wheels)
    record(python)
    folder = HERE if is_writable(HERE) else user_folder()
    path, table = compute_sample(python, folder)
    print(f"\n{table}\n\n安装完成。请打开示例工作簿:\n  {path}")
    print(f"命令行:{python_of(python.parent.parent).parent / 'kaohe'} --help")
    return 0


def test(wheels, arguments):
    python = make_environment(environment_folder())
    install_project(python, "test", wheels)
    return subprocess.run([str(python), "-m", "pytest", *arguments], cwd=HERE, check=False).returncode


def main(argv=None):
    if sys.version_info < OLDEST:
        print("KAOHE 需要 Python 3.11 或更新的版本,当前是 {}。请先安装新版 Python。".format(sys.version.split()[0]))
        return 2
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = argparse.ArgumentParser(description="安装 KAOHE,或运行测试。")
    parser.add_argument("command", nargs="?", choices=["test"], help="test:安装测试组件并运行全部测试")
    parser.add_argument("--wheels", metavar="DIR", type=Path, help="离线安装:从这个文件夹取安装包")
    arguments, rest = parser.parse_known_args(argv)
    if rest and arguments.command != "test":
        parser.error("不认识的参数:" + " ".join(rest))
    wheels = arguments.wheels.resolve() if arguments.wheels else None
    try:
        return test(wheels, rest) if arguments.command == "test" else install(wheels)
    except InstallError as error:
        print(f"安装没有完成:{error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
