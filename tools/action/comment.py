"""Keep one comment of a pull request up to date: the step "Comment" of action.yml.

It is found again by a mark that it begins with, among the comments of programs and of people who may write to
the repository: a stranger who copies the mark is passed by. Of several, one is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

PAGE = 100
MOST_PAGES = 100
TRUSTED = ("OWNER", "MEMBER", "COLLABORATOR")
TIMEOUT_S = 30


def asked(method: str, path: str, body: str | None = None) -> Any:  # noqa: ANN401 - any JSON value
    """Ask GitHub's API, and return what it answers."""
    request = urllib.request.Request(  # noqa: S310 - the runner says where its API is
        f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}",
        method=method,
        data=None if body is None else json.dumps({"body": body}).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['TOKEN']}",
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
            "User-Agent": "pcap-report",
        },
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
        content = answer.read()
    return json.loads(content) if content else None


def mark() -> str:
    """Return what our comment begins with: every job has its own, and so has every COMMENT_ID."""
    names = (os.environ.get(name, "") for name in ("GITHUB_WORKFLOW", "GITHUB_JOB", "COMMENT_ID"))
    return f"<!-- pcap-report {hashlib.sha256('/'.join(names).encode()).hexdigest()[:16]} -->"


def ours(number: str) -> list[dict[str, Any]]:
    """Return our comments, the oldest first."""
    found: list[dict[str, Any]] = []
    for page in range(1, MOST_PAGES + 1):
        comments = asked("GET", f"issues/{number}/comments?per_page={PAGE}&page={page}")
        found += [one for one in comments if one["body"].startswith(mark()) and _trusted(one)]
        if len(comments) < PAGE:
            break
    return found


def _trusted(comment: dict[str, Any]) -> bool:
    return comment["user"]["type"] == "Bot" or comment["author_association"] in TRUSTED


def keep(number: str, text: str) -> None:
    """Write the comment, or bring the one that there is up to date."""
    body = f"{mark()}\n{text}"
    there = ours(number)
    if not there:
        asked("POST", f"issues/{number}/comments", body)
        return
    kept, *others = there
    if kept["body"] != body:
        asked("PATCH", f"issues/comments/{kept['id']}", body)
    for one in others:
        asked("DELETE", f"issues/comments/{one['id']}")


def main() -> None:
    """Keep the comment; where that is not allowed, as for forks, the run goes on and says so."""
    text = Path(os.environ["SUMMARY"]).read_text(encoding="utf-8")
    try:
        keep(os.environ["NUMBER"], text)
    except (OSError, urllib.error.HTTPError) as error:
        sys.stdout.write(f"::warning::the comment could not be written: {error}\n")


if __name__ == "__main__":
    main()
