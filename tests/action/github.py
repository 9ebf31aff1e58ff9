"""GitHub as the action sees it: its API, its checkout of a pull request, and its runner of steps."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlparse

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[2]
ACTION: Final = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
_EXPRESSION: Final = re.compile(r"\$\{\{ ([\w.-]+) \}\}")
_REPOSITORY: Final = "owner/captures"


@dataclass
class Api:
    """The comments of pull request 7.

    Attributes:
        comments: as the API tells them.
        refuses: answer that writing is not allowed.
        asked: methods of all requests that write.
    """

    comments: list[dict[str, Any]] = field(default_factory=list)
    refuses: bool = False
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def add(self, body: str, *, kind: str = "Bot", association: str = "NONE") -> None:
        number = 1 + max((one["id"] for one in self.comments), default=0)
        self.comments.append(
            {"id": number, "body": body, "user": {"type": kind}, "author_association": association}
        )


@contextmanager
def serving() -> Iterator[Api]:
    """Answer as GitHub's API does, on a port of this machine."""
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, status: int, value: object = None) -> None:
            content = b"" if value is None else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _body(self) -> str:
            text: str = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
            return text

        def _may(self) -> bool:
            assert self.headers["Authorization"] == "Bearer a-token"
            api.asked.append(self.command)
            if api.refuses:
                self._answer(403, {"message": "Resource not accessible by integration"})
            return not api.refuses

        def do_GET(self) -> None:
            url = urlparse(self.path)
            assert url.path == f"/repos/{_REPOSITORY}/issues/7/comments"
            query = parse_qs(url.query)
            size, page = int(query["per_page"][0]), int(query["page"][0])
            self._answer(200, api.comments[size * (page - 1) : size * page])

        def do_POST(self) -> None:
            assert self.path == f"/repos/{_REPOSITORY}/issues/7/comments"
            body = self._body()
            if self._may():
                api.add(body)
                self._answer(201, api.comments[-1])

        def do_PATCH(self) -> None:
            body = self._body()
            if self._may():
                one = self._named()
                one["body"] = body
                self._answer(200, one)

        def do_DELETE(self) -> None:
            if self._may():
                api.comments.remove(self._named())
                self._answer(204)

        def _named(self) -> dict[str, Any]:
            number = int(self.path.removeprefix(f"/repos/{_REPOSITORY}/issues/comments/"))
            (one,) = (comment for comment in api.comments if comment["id"] == number)
            return one

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def git(folder: Path, *arguments: object) -> str:
    """Run git as somebody whom git knows."""
    names = {"NAME": "Ana", "EMAIL": "ana@example.org"}
    people = {f"GIT_{who}_{key}": value for who in ("AUTHOR", "COMMITTER") for key, value in names.items()}
    nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **people, **nothing},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@dataclass
class Hub:
    """A repository on GitHub with a pull request, and runners that check it out.

    Attributes:
        folder: where everything lies.
        api: its API.
    """

    folder: Path
    api: Api
    runs: int = 0

    @property
    def origin(self) -> Path:
        return self.folder / "origin.git"

    @property
    def desk(self) -> Path:
        """The clone in which people work."""
        return self.folder / "desk"

    def begin(self) -> None:
        git(self.folder, "init", "-q", "--bare", "-b", "main", self.origin)
        git(self.origin, "config", "uploadpack.allowAnySHA1InWant", "true")  # as GitHub
        git(self.folder, "clone", "-q", self.origin, self.desk)
        git(self.desk, "checkout", "-q", "-B", "main")

    def commit(self, files: Mapping[str, bytes | None], branch: str = "main") -> str:
        """Commit files, or their absence, and push them."""
        for name, content in files.items():
            path = self.desk / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        git(self.desk, "add", "-A")
        git(self.desk, "commit", "-q", "-m", "captures")
        git(self.desk, "push", "-q", "-f", "origin", f"HEAD:{branch}")
        return git(self.desk, "rev-parse", "HEAD")

    def checkout(self, *, merged: bool = True) -> tuple[Path, str]:
        """Check the request out as actions/checkout does: a merge with the base, without history."""
        git(self.desk, "fetch", "-q", "origin")
        reference = "request"
        if merged:
            git(self.desk, "checkout", "-q", "--detach", "origin/main")
            git(self.desk, "merge", "-q", "--no-ff", "-m", "merge", "origin/request")
            git(self.desk, "push", "-q", "-f", "origin", "HEAD:refs/pull/7/merge")
            git(self.desk, "checkout", "-q", "request")
            reference = "refs/pull/7/merge"
        self.runs += 1
        here = self.folder / f"run-{self.runs}"
        git(self.folder, "init", "-q", here)
        git(here, "remote", "add", "origin", f"file://{self.origin}")
        git(here, "fetch", "-q", "--depth=1", "origin", reference)
        git(here, "checkout", "-q", "--detach", "FETCH_HEAD")
        return here, git(here, "rev-parse", "HEAD")

    def run(self, *, merged: bool = True, **inputs: str) -> Run:
        """Run the action's steps on the request; ``fail_on`` is the input ``fail-on``."""
        here, head = self.checkout(merged=merged)
        temporary = self.folder / f"runner-{self.runs}"
        (temporary / "pcap-report").mkdir(parents=True)
        (temporary / "pcap-report" / "bin").symlink_to(Path(sys.executable).parent)
        event = {
            "GITHUB_REF": "refs/pull/7/merge" if merged else "refs/heads/request",
            "GITHUB_SHA": head,
            "GITHUB_BASE_REF": "main",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_REPOSITORY": _REPOSITORY,
            "GITHUB_API_URL": self.api.url,
            "GITHUB_WORKFLOW": "CI",
            "GITHUB_JOB": "captures",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(temporary / "output"),
            "GITHUB_STEP_SUMMARY": str(temporary / "step-summary"),
            "RUNNER_TEMP": str(temporary),
        }
        given = {name: str(one.get("default", "")) for name, one in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        return _stepped(here, temporary, event, given)


@dataclass(frozen=True)
class Run:
    """What came out of a run of the action.

    Attributes:
        status: of the last step; 0 when all went well.
        log: of all steps.
        summary: of the run's page.
        outputs: of the step "check".
        here: the checkout.
    """

    status: int
    log: str
    summary: str
    outputs: dict[str, str]
    here: Path


def _stepped(here: Path, temporary: Path, event: dict[str, str], inputs: dict[str, str]) -> Run:
    """Run every step that is a script, but the one that downloads; the first that fails ends the run."""
    values = {f"inputs.{name}": value for name, value in inputs.items()}
    values["inputs.github-token"] = "a-token"
    values |= {"github.event_name": event["GITHUB_EVENT_NAME"], "github.event.pull_request.number": "7"}
    log, status, outputs = "", 0, {}
    for step in ACTION["runs"]["steps"]:
        wanted = step.get("if", "true")
        if "run" not in step or "pip" in step["run"] or not _holds(wanted, values):
            continue
        environment = {name: _filled(text, values) for name, text in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", _filled(step["run"], values)],
            cwd=here,
            env={**os.environ, **event, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        log += done.stdout + done.stderr
        status = done.returncode
        if Path(event["GITHUB_OUTPUT"]).exists():
            lines = Path(event["GITHUB_OUTPUT"]).read_text(encoding="utf-8").splitlines()
            outputs = dict(line.split("=", 1) for line in lines)
            values |= {f"steps.check.outputs.{name}": value for name, value in outputs.items()}
        if status:
            break
    page = temporary / "step-summary"
    return Run(status, log, page.read_text(encoding="utf-8") if page.exists() else "", outputs, here)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _EXPRESSION.sub(lambda match: values[match[1]], text)


def _holds(condition: str, values: Mapping[str, str]) -> bool:
    """Tell whether comparisons joined by && hold: the action has no others."""
    for one in condition.split(" && "):
        if one == "true":
            continue
        name, sign, wanted = one.partition(" == ") if " == " in one else one.partition(" != ")
        if (values[name] == wanted.strip("'")) is not (sign == " == "):
            return False
    return True
