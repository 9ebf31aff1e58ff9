"""What Jinja2 makes of a template is made once, for all languages and formats, and kept where it is safe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pcap_report.render.html import render_html
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from tests.render.reports import sample

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there nothing is kept for the next process")
ROOT = Path(__file__).resolve().parents[2]
COUNT = """
import jinja2, sys
from pathlib import Path
from pcap_report.render.json_report import read_json
from pcap_report.render.markdown import MarkdownOptions, render_markdown
made, generate = [], jinja2.Environment._generate
jinja2.Environment._generate = lambda *given, **named: made.append(given[2]) or generate(*given, **named)
report = read_json(Path(sys.argv[1]).read_bytes())
own = Path(sys.argv[2]) if sys.argv[2:] else None
text = render_markdown(report, MarkdownOptions(template_dir=own))
print(len(made), hash(text))
"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    from pcap_report.render.json_report import render_json

    path = tmp_path / "report.json"
    path.write_text(render_json(sample("http-dns.pcapng")), encoding="utf-8")
    return path


def made(cache: Path, saved: Path, *own: Path) -> tuple[int, int]:
    """How many templates a process compiles for a report, and what stands for the report."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "PYTHONHASHSEED": "1"}
    asked = [sys.executable, "-c", COUNT, str(saved), *map(str, own)]
    done = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    count, text = map(int, done.stdout.split())
    return count, text


def folders(cache: Path) -> list[Path]:
    return list((cache / "pcap-report").glob("templates-*"))


def test_the_next_process_compiles_nothing(saved: Path, tmp_path: Path) -> None:
    first, text = made(tmp_path / "cache", saved)
    assert first > 10
    (folder,) = folders(tmp_path / "cache")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(list(folder.iterdir())) == first
    assert made(tmp_path / "cache", saved) == (0, text)


def test_what_others_may_write_to_is_not_read(saved: Path, tmp_path: Path) -> None:
    first, text = made(tmp_path / "cache", saved)
    (folder,) = folders(tmp_path / "cache")
    folder.chmod(0o770)
    assert made(tmp_path / "cache", saved) == (first, text)


def test_what_is_damaged_is_made_again(saved: Path, tmp_path: Path) -> None:
    first, text = made(tmp_path / "cache", saved)
    (folder,) = folders(tmp_path / "cache")
    for number, one in enumerate(folder.iterdir()):
        one.write_bytes(one.read_bytes()[: number * 3] + b"no code")
    assert made(tmp_path / "cache", saved) == (first, text)
    assert made(tmp_path / "cache", saved) == (0, text)


def test_a_cache_that_cannot_be_written_is_no_error(saved: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    first, text = made(blocked, saved)
    assert made(blocked, saved) == (first, text)


def test_templates_of_others_do_not_outlive_the_process(saved: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "lab").mkdir(parents=True)
    (own / "lab" / "report.md.j2").write_text("# Mine\n", encoding="utf-8")
    assert made(tmp_path / "cache", saved, own)[0] == 1
    assert [one for folder in folders(tmp_path / "cache") for one in folder.iterdir()] == []


def test_a_template_that_changes_is_read_again(tmp_path: Path) -> None:
    template = tmp_path / "lab" / "report.md.j2"
    template.parent.mkdir()
    for text in ("# Before\n", "# After\n"):
        template.write_text(text, encoding="utf-8")
        options = MarkdownOptions(template_dir=tmp_path)
        assert render_markdown(sample("http-dns.pcapng"), options) == text


def test_constants_of_a_template_are_those_of_each_language_and_format(tmp_path: Path) -> None:
    template = tmp_path / "lab" / "report.md.j2"
    template.parent.mkdir()
    template.write_text("# {{ '<b> & *c*' }} {{ [1, 3, 5]|frames(1) }} {{ '`x`'|code }}\n", encoding="utf-8")
    report = sample("http-dns.pcapng")
    said = [
        render_markdown(report, MarkdownOptions(language=one, template_dir=tmp_path)) for one in ("en", "es")
    ]
    assert said == ["# `<b> & *c*` 1 and 2 more `` `x` ``\n", "# `<b> & *c*` 1 y 2 más `` `x` ``\n"]
    page = render_html(report, MarkdownOptions(template_dir=tmp_path))
    assert '<h1><code class="s">&lt;b&gt; &amp; &#42;c&#42;</code> <button' in page
    assert 'and 2 more <code class="s">&#96;x&#96;</code></h1>' in page
