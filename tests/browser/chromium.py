"""Drive Debian's Chromium over a pair of pipes, in the DevTools protocol: no driver, no port, no library.

Requests end in a NUL, answers and events too (``--remote-debugging-pipe``; file descriptors 3 and 4).
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-default-apps", "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio"),
    *("--no-default-browser-check", "--remote-debugging-pipe", "--host-resolver-rules=MAP * ~NOTFOUND"),
)
COMPLAINTS = (
    *("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"),
    "Page.javascriptDialogOpening",
)
_WAIT_S = 30.0

Json = dict[str, Any]


def find() -> str | None:
    """Find the browser; PCAP_REPORT_CHROMIUM names one."""
    return os.environ.get("PCAP_REPORT_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class BrowserError(Exception):
    """The browser did not do what it was asked."""


class Chromium:
    """A running browser with an empty profile; use it in a ``with`` statement."""

    def __init__(self, path: str) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="pcap-report-browser-", ignore_cleanup_errors=True)
        profile = f"--user-data-dir={self._profile.name}"
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        ends = (to_browser, from_browser)
        held = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 10) for number in ends]  # clear of 3 and 4
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{held[0]} 4>&{held[1]}', "bash", path, *FLAGS, profile],
            pass_fds=held,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for number in (*ends, *held):
            os.close(number)
        self._buffer = b""
        self._last = 0
        self.events: list[Json] = []

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.call("Browser.close")
        except (BrowserError, OSError):
            self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        self._profile.cleanup()

    def call(self, method: str, session: str | None = None, /, **params: Any) -> Json:  # noqa: ANN401
        """Ask the browser for something and wait for its answer; events on the way are kept."""
        self._last += 1
        wanted = self._last
        message: Json = {"id": wanted, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + _WAIT_S
        while True:
            answer = self._next(end - time.monotonic())
            if answer.get("id") == wanted:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                result: Json = answer["result"]
                return result
            self.events.append(answer)

    def wait_for(self, method: str, session: str) -> Json:
        """Wait for an event."""
        end = time.monotonic() + _WAIT_S
        while True:
            for event in self.events:
                if event.get("method") == method and event.get("sessionId") == session:
                    self.events.remove(event)
                    return event
            self.events.append(self._next(end - time.monotonic()))

    def _next(self, seconds: float) -> Json:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(seconds, 0))
            if not ready:
                raise BrowserError("the browser does not answer")
            part = os.read(self._read, 1 << 20)
            if not part:
                raise BrowserError("the browser has ended")
            self._buffer += part
        line, _, self._buffer = self._buffer.partition(b"\0")
        answer: Json = json.loads(line)
        return answer

    def page(self) -> Page:
        """Open an empty page."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self, target, session)


class Page:
    """A tab of the browser."""

    def __init__(self, browser: Chromium, target: str, session: str) -> None:
        self._browser, self._target, self._session = browser, target, session
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, /, **params: Any) -> Json:  # noqa: ANN401
        """Ask this page for something."""
        return self._browser.call(method, self._session, **params)

    def size(self, width: int, height: int = 900, *, mobile: bool = False) -> None:
        """Make the window so large."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=mobile,
        )

    def media(self, **features: str) -> None:
        """Prefer something, such as ``prefers-color-scheme``; ``media`` is screen or print."""
        medium = features.pop("media", "")
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", media=medium, features=listed)

    def open(self, path: Path) -> float:
        """Open a file and wait until it is loaded; returns the seconds that took."""
        start = time.monotonic()
        self.call("Page.navigate", url=path.resolve().as_uri())
        self._browser.wait_for("Page.loadEventFired", self._session)
        self.ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")
        return time.monotonic() - start

    def ask(self, script: str) -> Any:  # noqa: ANN401 - whatever the script returns
        """Evaluate an expression in the page; a promise is waited for."""
        answer = self.call(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if "exceptionDetails" in answer:
            raise BrowserError(json.dumps(answer["exceptionDetails"])[:600])
        return answer["result"].get("value")

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key and let it go."""
        named: Json = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **named)
        self.call("Input.dispatchKeyEvent", type="keyUp", **named)

    def complaints(self) -> list[str]:
        """List what stood in the console: errors, warnings, exceptions."""
        return [
            json.dumps(event["params"])[:400] for event in self._events() if event["method"] in COMPLAINTS
        ]

    def requests(self) -> list[str]:
        """List the addresses that the page asked for."""
        sent = [event for event in self._events() if event["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]

    def _events(self) -> list[Json]:
        return [event for event in self._browser.events if event.get("sessionId") == self._session]

    def screenshot(self, *, whole: bool = False) -> str:
        """Take a picture; returns PNG in base64."""
        data: str = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        return data

    def pdf(self) -> str:
        """Print as the page's own style says; returns PDF in base64."""
        data: str = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"]
        return data

    def close(self) -> None:
        """Close the tab and forget its events."""
        self._browser.events = [one for one in self._browser.events if one.get("sessionId") != self._session]
        self._browser.call("Target.closeTarget", targetId=self._target)
