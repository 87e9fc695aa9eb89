"""Why a step of the installation failed, read from what pip or venv printed, and what a clerk can do about it."""

from __future__ import annotations

import re

SHOWN_LINES = 12
OFFLINE = "或在能上网的电脑上准备安装包后用 --wheels 离线安装（见 README.md）"

# The first line that fits counts, so the more telling signs stand first: whoever has no network has no packages either.
REMEDIES = (
    (r"No space left on device|Errno 28|WinError 112", "磁盘空间不足，请清理后重试"),
    (
        r"ensurepip is not\s+available|No module named '?(venv|ensurepip)|python3-venv",
        "Python 缺少 venv 组件。Debian、Ubuntu、统信、麒麟请先运行 sudo apt install python3-venv，再重试",
    ),
    (r"No module named '?pip", "Python 缺少 pip 组件。请删除 .venv 文件夹后重试"),
    (
        r"ProxyError|Cannot connect to proxy|407 Proxy|Tunnel connection failed|Missing dependencies for SOCKS",
        f"无法通过代理服务器上网。请检查环境变量 HTTPS_PROXY（形如 http://用户名:密码@地址:端口），{OFFLINE}",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSL: ",
        f"网络证书校验失败。请检查系统时间；单位网络自带证书的，请把环境变量 PIP_CERT 设为证书文件，{OFFLINE}",
    ),
    (
        r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|Connection (refused|reset|aborted)"
        r"|Max retries exceeded|Network is unreachable|name resolution|getaddrinfo failed|timed out",
        f"无法连接网络。请检查网络后重试，{OFFLINE}",
    ),
    (
        r"WinError 4551|[Aa]pplication [Cc]ontrol policy|应用程序控制策略",
        "Windows 的“智能应用控制”或单位的应用程序控制策略不让 Python 的组件加载。在“Windows 安全中心→应用和浏览器控制”里看它是否开着；"
        "单位的电脑，请管理员允许程序文件夹中的 .venv",
    ),
    (
        r"Long Path support|WinError 206\b",
        "程序文件夹所在的路径太长。请把整个程序文件夹移到靠上的地方，例如 D:\\KAOHE，再重试",
    ),
    (
        r"WinError 22[56]\b",
        "杀毒软件拦下了安装的文件。请让它信任程序文件夹以后重试",
    ),
    (
        r"Permission denied|Errno 13|WinError (5|32)\b|Read-only file system|正被其他程序",
        "没有写入权限，或文件正被其他程序使用。请关闭 Excel、打开着的示例工作簿和命令行窗口后重试",
    ),
)
MISSING = re.compile(r"No matching distribution found for ([A-Za-z0-9_.\[\]-]+)")


def advice(output: str) -> str:
    """What to do about a failed step; its last lines where nothing is known about it."""
    for signs, remedy in REMEDIES:
        if re.search(signs, output):
            return remedy
    if missing := MISSING.search(output):
        return (
            f"找不到安装包 {missing[1]}。离线安装时，安装包要在系统相同、Python 版本相同的电脑上准备（见 README.md）；"
            "联网安装时，请检查 pip 的镜像设置"
        )
    return "\n".join(["程序的输出：", *output.strip().splitlines()[-SHOWN_LINES:]])
