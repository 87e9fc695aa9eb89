"""LibreOffice as a process, in a profile of its own; for ``driver.py``, in a Python that has ``uno``."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import uuid
from pathlib import Path

import uno
from com.sun.star.connection import NoConnectException

SECONDS = 60
RESTART = (79, 81)
"""How LibreOffice ends when it wants to be started again, as it does once after an extension has been added."""


class Program:
    """One LibreOffice in a process of its own, and the way into it."""

    def __init__(self, profile, headless):
        self.pipe = f"kaohe{uuid.uuid4().hex}"
        url = Path(profile).as_uri()
        self.command = [
            "soffice",
            *(["--headless"] if headless else []),
            f"-env:UserInstallation={url}",
            f"-env:UNO_SHARED_PACKAGES_CACHE={url}/shared",
            f"--accept=pipe,name={self.pipe};urp;StarOffice.ComponentContext",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nofirststartwizard",
        ]
        self.log = open(Path(profile) / "soffice.log", "wb")  # noqa: SIM115
        self.environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp" if headless else "gen"}
        for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
            self.environment.pop(name, None)
        self.process = self.start()
        self.context = self.connect()
        self.services = self.context.ServiceManager
        self.desktop = self.service("com.sun.star.frame.Desktop")

    def start(self):
        return subprocess.Popen(
            self.command, env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            start_new_session=True,
        )  # fmt: skip

    def connect(self):
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                return resolver.resolve(f"uno:pipe,name={self.pipe};urp;StarOffice.ComponentContext")
            except NoConnectException:
                if self.process.poll() in RESTART:
                    self.process = self.start()
                time.sleep(0.1)
        self.kill()
        raise TimeoutError("LibreOffice did not start")

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def service(self, name):
        return self.services.createInstanceWithContext(name, self.context)

    def quit(self):
        """Ends LibreOffice; gives its exit code, or None if it had to be killed."""
        try:
            self.desktop.terminate()
        except Exception:
            pass
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
