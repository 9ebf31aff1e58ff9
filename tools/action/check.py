"""Find the captures to check, what is known of them, and check them: the step "Check" of action.yml.

In a pull request these are the captures that it changes, each held against the base branch's copy of it; of a
push, those that differ from what was there before. Where the expectations, the rules or the settings change,
and wherever there is nothing to compare with, all are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ENDINGS = ("pcap", "pcapng", "cap")
EVERY = [f"**/*.{ending}{packed}" for ending in ENDINGS for packed in ("", ".gz")]
SETTINGS = ("pcap-report.toml", "pyproject.toml")
NOTHING_FETCHED = "the base branch cannot be fetched: every capture is checked, and all of it is new"
NOTHING_CHANGED = "No capture is changed here.\n"


@dataclass(frozen=True)
class Changed:
    """A capture that differs from the base.

    Attributes:
        path: where it is now.
        before: where the base has it; None where it has none.
    """

    path: str
    before: str | None


def git(*arguments: str, check: bool = True) -> bytes | None:
    """Return what git prints, or None where it fails and may."""
    command = ["git", "-c", f"safe.directory={Path.cwd()}", *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode == 0:
        return done.stdout
    if check:
        sys.exit(f"pcap-report: {' '.join(command)}: {done.stderr.decode(errors='replace').strip()}")
    return None


def base_commit() -> str | None:
    """Return the commit that this one is compared with; None where there is none.

    GitHub checks out a merge of the request with its base: its first parent is the base. Anybody can make a
    merge, so only the commit that the event names counts as that one. A checkout of the request's own head is
    compared with where it left the base branch, or with its tip where the history is not there.
    """
    reference = os.environ.get("GITHUB_BASE_REF", "")
    if not reference:
        before = _before_push()
        return before if before and _fetched(before) else None
    parents = _parents()
    head = (git("rev-parse", "HEAD") or b"").decode().strip()
    theirs = os.environ.get("GITHUB_REF", "").endswith("/merge") and head == os.environ.get("GITHUB_SHA")
    if theirs and len(parents) == 2 and _fetched(parents[0]):
        return parents[0]
    if git("fetch", "--no-tags", "-q", *_depth(), "origin", reference, check=False) is None:
        return None
    tip = (git("rev-parse", "FETCH_HEAD") or b"").decode().strip()
    fork = git("merge-base", "HEAD", tip, check=False)
    return fork.decode().strip() if fork else tip


def _before_push() -> str | None:
    """Return what a push replaced; None for a new branch, and where the event is no push."""
    event = os.environ.get("GITHUB_EVENT_PATH")
    if os.environ.get("GITHUB_EVENT_NAME") != "push" or not event:
        return None
    before = str(json.loads(Path(event).read_text(encoding="utf-8")).get("before", ""))
    return before if before.strip("0") else None


def _parents() -> list[str]:
    header = (git("cat-file", "commit", "HEAD") or b"").partition(b"\n\n")[0].decode(errors="replace")
    return [line.split()[1] for line in header.splitlines() if line.startswith("parent ")]


def _fetched(commit: str) -> bool:
    if git("cat-file", "-e", f"{commit}^{{tree}}", check=False) is not None:
        return True
    return git("fetch", "--no-tags", "-q", *_depth(), "origin", commit, check=False) is not None


def _depth() -> list[str]:
    """Fetch little, but never make a whole clone shallow."""
    shallow = (git("rev-parse", "--is-shallow-repository") or b"").strip()
    return ["--depth=1"] if shallow == b"true" else []


def changed_since(base: str, patterns: Sequence[str]) -> list[Changed]:
    """Return the captures that differ from the base, renamed ones with the name that they had."""
    found = git("diff", "--name-status", "-z", "-M", "--diff-filter=d", base, "--", *_specs(patterns))
    fields = iter(os.fsdecode(found or b"").split("\0"))
    changed: list[Changed] = []
    for status in fields:
        if not status:
            break
        before = next(fields)
        if status[0] in "RC":
            changed.append(Changed(next(fields), before))
        else:
            changed.append(Changed(before, None if status[0] == "A" else before))
    return changed


def settings_changed(base: str, files: Sequence[str]) -> bool:
    """Tell whether what decides about captures differs from the base."""
    specs = [f":(literal){name}" for name in files if name] + [f":(glob)**/{name}" for name in SETTINGS]
    return bool(git("diff", "--name-only", "-z", base, "--", *specs))


def captures_here(patterns: Sequence[str]) -> list[str]:
    """Return all files that the patterns mean, whether git knows them or not."""
    here = Path()
    try:
        found = [one for pattern in patterns for one in here.glob(pattern) if one.is_file()]
    except (NotImplementedError, ValueError) as error:
        sys.exit(f"pcap-report: captures are named by paths below the repository: {error}")
    return sorted({one.as_posix() for one in found if ".git" not in one.parts})


def untouched(base: str, patterns: Sequence[str], changed: Sequence[Changed]) -> set[str]:
    """Return the captures that the base has as they are here."""
    known = git("ls-tree", "-r", "-z", "--name-only", base)
    return set(os.fsdecode(known or b"").split("\0")) - {one.path for one in changed}


def _specs(patterns: Sequence[str]) -> list[str]:
    return [f":(glob){pattern}" for pattern in patterns]


def keep_copies(base: str, changed: Sequence[Changed], folder: Path) -> None:
    """Put the base's copy of each capture into a folder, under the path that the capture has now."""
    for one in changed:
        if one.before is None:
            continue
        content = git("cat-file", "--filters", f"{base}:{one.before}", check=False)
        if content is None:
            continue
        copy = folder / PurePosixPath(one.path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)


def chosen(patterns: Sequence[str], known: Path) -> tuple[list[str], bool]:
    """Return the captures to check, and whether a folder with what is known of them was made."""
    everything = captures_here(patterns)
    base = base_commit()
    if base is None:
        if os.environ.get("GITHUB_BASE_REF"):
            sys.stdout.write(f"::warning::{NOTHING_FETCHED}\n")
        return everything, False
    changed = changed_since(base, patterns)
    if _asked("ONLY_CHANGED") and not settings_changed(base, [os.environ["EXPECT"], os.environ["RULES"]]):
        same = untouched(base, patterns, changed)
        captures = [one for one in everything if one not in same]
    else:
        captures = everything
        named = {one.path for one in changed}
        changed += [Changed(one, one) for one in everything if one not in named]
    known.mkdir(parents=True, exist_ok=True)
    keep_copies(base, changed, known)
    return captures, True


def _asked(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() == "true"


def options(known: Path, compared: bool) -> Iterator[str]:
    """Yield the options of the command."""
    for name in ("EXPECT", "RULES"):
        if os.environ[name]:
            yield from (f"--{name.lower()}", os.environ[name])
    if os.environ["FAIL_ON"] not in {"", "never"}:
        yield from ("--fail-on", os.environ["FAIL_ON"])
    if os.environ["BASELINE"]:
        yield from ("--baseline", os.environ["BASELINE"])
    elif compared:
        yield from ("--baseline", str(known))


def main() -> None:
    """Check, and leave the results where the next steps look for them."""
    temporary = Path(os.environ["RUNNER_TEMP"])
    known, summary = temporary / "pcap-report-known", temporary / "pcap-report-summary.md"
    patterns = [line.strip() for line in os.environ["CAPTURES"].splitlines() if line.strip()] or EVERY
    captures, compared = chosen(patterns, known)
    status, sarif = 0, ""
    if captures or not compared:
        sarif = "pcap-report.sarif"
        command = [str(temporary / "pcap-report" / "bin" / "pcap-report"), "check", *options(known, compared)]
        command += ["--junit", "pcap-report.xml", "--sarif", sarif, "--summary", str(summary), "--github"]
        sys.stdout.flush()
        status = subprocess.run([*command, "--", *map(_named, captures or patterns)], check=False).returncode
    if not captures and compared:
        summary.write_text(NOTHING_CHANGED, encoding="utf-8")
    elif not summary.exists():
        summary.write_text(f"The check ended with {status}: see the log of the run.\n", encoding="utf-8")
    text = "### pcap-report\n\n" + summary.read_text(encoding="utf-8")
    summary.write_text(text, encoding="utf-8")
    _append("GITHUB_STEP_SUMMARY", text)
    sarif = sarif if Path(sarif or "-").is_file() else ""
    _append("GITHUB_OUTPUT", f"status={status}\nsarif={sarif}\nsummary={summary}\n")


def _named(capture: str) -> str:
    """Write a path so that neither the command nor the runner takes it for one of their own words."""
    return f"./{capture}" if capture.startswith(("-", ":")) else capture


def _append(name: str, text: str) -> None:
    if os.environ.get(name):
        with Path(os.environ[name]).open("a", encoding="utf-8") as sink:
            sink.write(text)


if __name__ == "__main__":
    main()
