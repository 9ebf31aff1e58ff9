"""The action's own steps, run on real repositories, with GitHub's API on a port of this machine."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.action.github import ACTION, ROOT, Hub, git, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOOD = (ROOT / "samples" / "mcp-tls13.pcapng").read_bytes()
TROUBLE = (ROOT / "samples" / "refused-and-unanswered.pcapng").read_bytes()
LOSSY = (ROOT / "samples" / "http-dns.pcapng").read_bytes()
BOTH = b"connections: [{expect: {handshake: complete}}]\n"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with serving() as api:
        hub = Hub(tmp_path, api)
        hub.begin()
        hub.commit({"captures/old.pcapng": TROUBLE, "captures/good.pcapng": GOOD, "README.md": b"x"})
        git(hub.desk, "checkout", "-q", "-b", "request")
        yield hub


def test_only_what_is_new_fails_and_one_comment_is_kept(hub: Hub) -> None:
    hub.commit({"captures/new.pcapng": TROUBLE}, "request")
    first = hub.run()
    assert (first.status, first.outputs["status"]) == (1, "1")
    assert "captures/new.pcapng" in first.summary
    assert "old.pcapng" not in first.log
    assert hub.api.asked == ["POST"]
    assert "2 failed" in hub.api.comments[0]["body"] or "3 failed" in hub.api.comments[0]["body"]
    sarif = json.loads((first.here / first.outputs["sarif"]).read_text(encoding="utf-8"))
    places = [one["locations"][0]["physicalLocation"] for one in sarif["runs"][0]["results"]]
    assert {one["artifactLocation"]["uri"] for one in places} == {"captures/new.pcapng"}
    assert "::error file=captures/new.pcapng" in first.log

    hub.commit({"captures/new.pcapng": GOOD}, "request")
    second = hub.run()
    assert second.status == 0, second.log
    assert hub.api.asked == ["POST", "PATCH"]
    assert len(hub.api.comments) == 1
    assert "0 failed" in hub.api.comments[0]["body"]


def test_what_the_base_has_is_known_also_under_another_name(hub: Hub) -> None:
    hub.commit({"captures/old.pcapng": None, "captures/renamed.pcapng": TROUBLE}, "request")
    done = hub.run()
    assert done.status == 0, done.log
    assert "captures/renamed.pcapng" in done.summary
    assert "known" in done.summary


def test_each_capture_is_held_against_its_own_copy(hub: Hub) -> None:
    hub.commit({"captures/old.pcapng": GOOD, "captures/good.pcapng": TROUBLE}, "request")
    done = hub.run(comment="false")
    assert done.status == 1
    failed = {line for line in done.log.splitlines() if line.startswith("::error")}
    assert failed
    assert all("file=captures/good.pcapng" in line for line in failed)


def test_a_request_that_changes_no_capture_passes_and_one_that_changes_what_is_expected_checks_all(
    hub: Hub,
) -> None:
    hub.commit({"README.md": b"y"}, "request")
    assert (hub.run().status, hub.api.comments[0]["body"].splitlines()[-1]) == (
        0,
        "No capture is changed here.",
    )
    hub.commit({"expectations.yaml": BOTH}, "request")
    done = hub.run(expect="expectations.yaml", fail_on="never")
    assert done.status == 1
    assert "captures/old.pcapng" in done.summary
    assert "captures/good.pcapng" in done.summary
    assert len(hub.api.comments) == 1


def test_a_merge_of_the_requests_own_is_not_taken_for_the_base(hub: Hub) -> None:
    """Otherwise a request could make its own trouble known."""
    git(hub.desk, "checkout", "-q", "-b", "aside", "main")
    hub.commit({"aside.md": b"x"}, "aside")
    git(hub.desk, "checkout", "-q", "request")
    hub.commit({"captures/new.pcapng": TROUBLE}, "request")
    git(hub.desk, "merge", "-q", "--no-ff", "-m", "merge", "aside")
    git(hub.desk, "push", "-q", "origin", "request")
    assert hub.run(merged=False, comment="false").status == 1


def test_a_capture_that_git_does_not_know_is_checked_too(hub: Hub) -> None:
    hub.commit({".gitignore": b"made/\n"}, "request")
    plain = hub.checkout

    def with_made(*, merged: bool = True) -> tuple[Path, str]:
        here, head = plain(merged=merged)
        (here / "made").mkdir()
        (here / "made" / "a.pcap").write_bytes(TROUBLE)
        return here, head

    hub.checkout = with_made  # type: ignore[method-assign]  # of this one only
    done = hub.run(comment="false")
    assert done.status == 1
    assert "made/a.pcap" in done.summary


def test_nothing_that_matches_is_no_pass(hub: Hub) -> None:
    hub.commit({"README.md": b"z"}, "request")
    git(hub.origin, "update-ref", "-d", "refs/heads/main")
    done = hub.run(captures="nowhere/*.pcap", merged=False, comment="false")
    assert done.status == 2
    assert "::warning::the base branch cannot be fetched" in done.log


def test_comments_of_strangers_are_left_alone_and_ours_never_doubled(hub: Hub) -> None:
    hub.commit({"captures/new.pcapng": GOOD}, "request")
    hub.run()
    (ours,) = hub.api.comments
    begun = ours["body"].splitlines()[0]
    hub.api.comments[:0] = []
    hub.api.add(f"{begun}\nmine", kind="User", association="NONE")
    hub.api.add(f"{begun}\ndoubled", kind="Bot")
    for number in range(150):
        hub.api.comments.insert(0, {**ours, "id": 1000 + number, "body": f"talk {number}"})
    hub.run()
    bodies = [one["body"] for one in hub.api.comments if one["body"].startswith(begun)]
    assert [re.sub(r"\W.*", "", body.splitlines()[1]) for body in bodies] == ["", "mine"]
    assert len(hub.api.comments) == 152


def test_a_comment_that_is_not_allowed_does_not_change_the_verdict(hub: Hub) -> None:
    hub.api.refuses = True
    hub.commit({"captures/new.pcapng": GOOD}, "request")
    done = hub.run()
    assert done.status == 0
    assert "::warning::the comment could not be written" in done.log


def test_every_input_and_output_that_is_used_is_declared() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"inputs\.([\w-]+)", text))
    assert used == set(ACTION["inputs"])
    assert all(one.get("description") for one in ACTION["inputs"].values())
