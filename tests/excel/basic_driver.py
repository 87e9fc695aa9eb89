"""Runs in a Python that has ``uno``: opens workbooks in a LibreOffice of its own and calls their VBA.

Standard input holds ``[[path, [[module, function, arguments], …]], …]``; standard output gets, for each workbook, the texts of
its first sheet's first cells and the results of the calls.
"""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

ALWAYS_EXECUTE = 4
RESTART = (79, 81)


def start(profile):
    """LibreOffice, and its desktop once it answers."""
    pipe = f"kaohe{uuid.uuid4().hex}"
    command = [
        "soffice", "--headless", f"-env:UserInstallation={Path(profile).as_uri()}",
        f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
        "--norestore", "--nologo", "--nodefault", "--nofirststartwizard",
    ]  # fmt: skip
    environment = {
        key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    }

    def run():
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            command, stdin=quiet, stdout=quiet, stderr=quiet, env=environment, start_new_session=True
        )

    process = run()
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + 60
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except NoConnectException:
            if process.poll() in RESTART:
                process = run()
            elif process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)
    return process, context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def try_workbook(desktop, path, calls):
    values = (("Hidden", True), ("MacroExecutionMode", ALWAYS_EXECUTE))
    properties = tuple(PropertyValue(name, 0, value, 0) for name, value in values)
    document = desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, properties)
    try:
        sheet = document.Sheets.getByIndex(0)
        texts = [sheet.getCellByPosition(0, row).String for row in range(5)]
        provider = document.getScriptProvider()
        results = []
        for module, function, arguments in calls:
            url = f"vnd.sun.star.script:Kaohe.{module}.{function}?language=Basic&location=document"
            result, _, _ = provider.getScript(url).invoke(tuple(arguments), (), ())
            results.append(result)
        return [texts, results]
    finally:
        document.close(True)


def main():
    process, desktop = start(sys.argv[1])
    try:
        results = [try_workbook(desktop, path, calls) for path, calls in json.load(sys.stdin)]
        print(json.dumps(results))
    finally:
        try:
            desktop.terminate()
            process.wait(15)
        except Exception:
            os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
