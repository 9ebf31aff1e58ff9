"""Chinese is set as Chinese: full-width marks, no spaces beside them, no sentence apart from the next."""

from __future__ import annotations

from itertools import cycle

import pytest
from markdown_it import MarkdownIt

from pcap_report.render.environment import profiles
from pcap_report.render.html import render_html
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from pcap_report.render.typography import typeset
from tests.render.html_reading import Reading
from tests.render.replaced import replaced
from tests.render.reports import SAMPLES, sample
from tests.render.test_markdown_hostile import TEXTS, structure

CASES = [
    ("连接建立。 之后双方发送。", "连接建立。之后双方发送。"),
    ("连接建立。\n之后双方发送。", "连接建立。之后双方发送。"),
    ("连接建立：\n\n- 第一条\n- 第二条", "连接建立：\n\n- 第一条\n- 第二条"),
    ("服务器 `a.example`, 端口 443 (HTTPS).", "服务器 `a.example`，端口 443 (HTTPS)。"),
    ("`10.0.0.1`, 由软件设定.", "`10.0.0.1`，由软件设定。"),
    ("握手完整 (帧 7 · `tcp.stream == 0`).", "握手完整（帧 7 · `tcp.stream == 0`）。"),
    ("第 7 帧; 见 `a; b, c. d (e)`", "第 7 帧；见 `a; b, c. d (e)`"),
    ("- **Win=1.** 见下", "- **Win=1**。见下"),
    ("**作者:** Ana", "**作者**：Ana"),
    ("## 3. 会话 全程", "## 3. 会话全程"),
    ("| 帧，客户端 | 5.6 kB |", "| 帧，客户端 | 5.6 kB |"),
    ("FIN, ACK 之后", "FIN, ACK 之后"),
    ("English only, with stops. (And asides)", "English only, with stops. (And asides)"),
    ("```mermaid\nA, B. 说明 (x)\n```", "```mermaid\nA, B. 说明 (x)\n```"),
    (
        '完整 <span class="proof">(帧 <button title="a. b">7</button>, <code>x, y</code>)</span>.',
        '完整<span class="proof">（帧 <button title="a. b">7</button>，<code>x, y</code>）</span>。',
    ),
    ("完整 <strong>握手</strong>, 之后", "完整<strong>握手</strong>，之后"),
    ("标题 &#46; &amp; 其他", "标题 &#46; &amp; 其他"),
]


@pytest.mark.parametrize(("written", "meant"), CASES)
def test_lines(written: str, meant: str) -> None:
    assert typeset(written, "zh") == meant
    assert typeset(meant, "zh") == meant


@pytest.mark.parametrize("written", [written for written, _ in CASES])
def test_other_languages_are_left_alone(written: str) -> None:
    assert {typeset(written, language) for language in ("en", "es")} == {written}


def test_a_text_with_the_masks_in_it_is_left_alone() -> None:
    assert typeset("中文, \ue000 中文.", "zh") == "中文, \ue000 中文."


@pytest.mark.parametrize("profile", profiles())
def test_hostile_strings_stand_as_they_do_in_english(profile: str) -> None:
    for name in SAMPLES:
        report = replaced(sample(name), cycle(TEXTS).__next__)
        english, chinese = (
            render_markdown(report, MarkdownOptions(profile=profile, language=language))
            for language in ("en", "zh")
        )
        assert structure(chinese) == structure(english)
        page = render_html(report, MarkdownOptions(profile=profile, language="zh"))
        assert Reading(page).open == []


@pytest.mark.parametrize("profile", profiles())
@pytest.mark.parametrize("name", SAMPLES)
def test_bold_and_code_end_where_they_should(name: str, profile: str) -> None:
    text = render_markdown(sample(name), MarkdownOptions(profile=profile, language="zh"))
    tokens = MarkdownIt().enable("table").parse(text)
    plain = [
        one.content
        for token in tokens
        for one in token.children or ()
        if one.type == "text" and ("**" in one.content or "`" in one.content)
    ]
    assert plain == []
