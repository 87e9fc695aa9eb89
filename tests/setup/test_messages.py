"""What the installer advises, from the words of pip and venv; and what is told of errors that a user can mend."""

from __future__ import annotations

import errno
import os

import pytest

from addin.shared import exits
from addin.shared.exits import UserError, not_loaded, reason, told, too_long
from addin.shared.failures import advice

NO_NETWORK = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.
connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')'
ERROR: Could not find a version that satisfies the requirement setuptools>=77 (from versions: none)
ERROR: No matching distribution found for setuptools>=77
"""
PROXY = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError('Cannot connect to proxy.', NewConnectionError('Failed to
establish a new connection: [Errno 111] Connection refused'))': /simple/lxml/
ERROR: No matching distribution found for lxml<7,>=5
"""
PROXY_PASSWORD = (
    "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication Required'))"
)
CERTIFICATE = "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed'))"
NO_VENV = """\
The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv
package using the following command.
"""
LONG_PATH = """\
ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'D:\\\\x\\\\RECORD'
HINT: This error might have occurred since this system does not have Windows Long Path support enabled.
"""
MISSING_WHEEL = """\
Looking in links: wheels
Processing kaohe
ERROR: Could not find a version that satisfies the requirement openpyxl<3.2,>=3.1 (from kaohe) (from versions: none)
ERROR: No matching distribution found for openpyxl<3.2,>=3.1
"""


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        (NO_NETWORK, "无法连接网络。请检查网络后重试，或在能上网的电脑上准备安装包后用 --wheels 离线安装"),
        ("socket.gaierror: [Errno 11001] getaddrinfo failed", "无法连接网络"),
        ("ReadTimeoutError: Read timed out.", "无法连接网络"),
        (PROXY, "无法通过代理服务器上网。请检查环境变量 HTTPS_PROXY"),
        (PROXY_PASSWORD, "无法通过代理服务器上网"),
        (CERTIFICATE, "网络证书校验失败。请检查系统时间"),
        (NO_VENV, "sudo apt install python3-venv"),
        ("/usr/bin/python3: No module named venv", "sudo apt install python3-venv"),
        ("/x/python: No module named pip", "请删除 .venv 文件夹后重试"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "磁盘空间不足"),
        ("OSError: [WinError 112] 磁盘空间不足。", "磁盘空间不足"),
        (MISSING_WHEEL, "找不到安装包 openpyxl。离线安装时，安装包要在系统相同、Python 版本相同的电脑上准备"),
        ("PermissionError: [Errno 13] Permission denied: '/opt/kaohe/.venv'", "没有写入权限，或文件正被其他程序使用"),
        ("PermissionError: [WinError 5] 拒绝访问。", "没有写入权限"),
        ("OSError: [Errno 30] Read-only file system", "没有写入权限"),
        ("OSError: [WinError 206] 文件名或扩展名太长。: 'D:\\x'", "程序文件夹所在的路径太长"),
        (LONG_PATH, "程序文件夹所在的路径太长。请把整个程序文件夹移到靠上的地方"),
        ("OSError: [WinError 225] 无法成功完成操作，因为文件包含病毒", "杀毒软件拦下了安装的文件"),
        ("ImportError: DLL load failed while importing etree: 应用程序控制策略已阻止此文件。", "“智能应用控制”"),
        ("OSError: [WinError 4551] An Application Control policy has blocked this file", "“智能应用控制”"),
        (
            "kaohe：示例.xlsx 正被其他程序打开（~$示例.xlsx）；请先关闭它，文件未改动",
            "请关闭 Excel、打开着的示例工作簿",
        ),
    ],
)
def test_known_failures_say_what_to_do(printed: str, told: str) -> None:
    assert told in advice(printed)
    assert "\n" not in advice(printed)


def test_an_unknown_failure_shows_the_last_lines() -> None:
    printed = "\n".join(f"line {number}" for number in range(40))
    assert advice(printed).splitlines() == ["程序的输出：", *(f"line {number}" for number in range(28, 40))]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file", "名单.txt"), "无法读写 名单.txt：文件或文件夹不存在"),
        (PermissionError(errno.EACCES, "Permission denied", "甲.xlsx"), "无法读写 甲.xlsx：没有权限"),
        (OSError(errno.ENOSPC, "No space left"), "无法读写 文件：磁盘已满"),
        (OSError(errno.EMLINK, "Too many links", "甲.xlsx"), "无法读写 甲.xlsx：Too many links"),
        (FileExistsError(errno.EEXIST, "File exists", "甲"), "无法读写 甲：已存在同名的文件或文件夹"),
        (OSError(errno.EMLINK, "不支持该请求。", "甲.xlsx"), "无法读写 甲.xlsx：不支持该请求"),
        (OSError("什么也没说"), "无法读写 文件：什么也没说"),
        (UserError("请改正"), "请改正"),
        (ValueError("程序的错"), None),
    ],
    ids=repr,
)
def test_what_can_be_mended_is_told_and_nothing_else(error: Exception, why: str | None) -> None:
    assert told(error) == why


@pytest.mark.parametrize(
    ("number", "errno_of_it", "why"),
    [
        (5, errno.EACCES, "没有权限"),
        (32, errno.EACCES, "正被其他程序占用"),
        (53, errno.ENOENT, "网络上的这个位置连不上"),
        (112, errno.ENOSPC, "磁盘已满"),
        (206, errno.ENOENT, "文件名太长"),
        (225, errno.EINVAL, "被杀毒软件拦下了"),
    ],
)
def test_windows_own_number_tells_more(
    number: int, errno_of_it: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exits, "too_long", lambda path: too_long(path, "nt"))
    error = OSError(errno_of_it, "另一个程序正在使用此文件，进程无法访问。", "长" * 300)
    error.winerror = number  # type: ignore[attr-defined]  # Only Windows's Python sets it.
    assert reason(error) == why


@pytest.mark.parametrize(("length", "is_told"), [(259, False), (260, True)])
def test_a_path_that_windows_does_not_take_is_told(length: int, is_told: bool) -> None:
    folder = os.path.abspath(os.sep)
    path = folder + "长" * (length - len(folder))
    assert bool(too_long(path, "nt")) == is_told
    assert not too_long(path, "posix")


def test_a_library_that_is_there_but_is_not_taken_is_not_called_missing() -> None:
    assert not_loaded(ModuleNotFoundError("No module named 'pyarrow'", name="pyarrow")) == (
        "这里没有安装 pyarrow；请运行 pip install pyarrow"
    )
    # What Windows says names no module.
    assert not_loaded(ImportError("DLL load failed while importing lib: 找不到指定的模块。")) == (
        "这里装了但不能加载（DLL load failed while importing lib: 找不到指定的模块。）；请重新安装它，或看杀毒软件是否隔离了它的文件"
    )
