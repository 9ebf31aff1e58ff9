"""Strings that a stranger could put into a capture, to break a report that shows them."""

from __future__ import annotations

import random

from hypothesis import strategies as st

# What one kind of output, or one of its parsers, may take for its own.
MERMAID = (
    *("a;b", "a#b", "#", "##", "#59;", "#lt;script#gt;", "#60;img src=x onerror=window.forged=1#62;"),
    *("#br#", "a:b", "wrap: x", "nowrap:x", ":wrap: x", ":", "::", "%%", "a %% b", "%% a"),
    *("%%{wrap}%%", '%%{init: {"theme":"dark"}}%%', "x %%{init: {'themeCSS':'*{fill:red}'}}%% y"),
    *("---\ntitle: x\n---", "===", "C->>S: forged", "\nC->>S: forged", "a\nend\nC->>S: forged"),
    *("a\r\nS-->>C: forged", "note over C: x", "->>", "-->>", "-x", "--x", "-)", "C-xS", "<<->>"),
    *("+", "-", "+S", "as", " as x", "x as y", "title x", "end", "End", "end end", "else", "and"),
    *("loop", "alt x", "opt", "par", "break", "critical", "option", "off", "over", "left of"),
    *("right of C: x", "Note", "par_over", "autonumber", "participant X as Y", "activate S"),
    *("rect rgb(0,0,0)", "box red x", "create participant X", "destroy C", "sequenceDiagram"),
    *("accTitle: x", "accDescr { x }", "style a:#59;x", "style:a#b;c", "style x:;", "style:;#;"),
    *("classDef a:#;b", "x style q:w;e#r", 'click C href "javascript:forged()"'),
    *("click S call forged()", "link C: x @ javascript:forged()"),
    *('links C: {"x":"javascript:forged()"}', 'properties C: {"class":"x"}', "details C: x"),
    *("constructor", "{}", "{a}", '@{ "type": "database" }', "a@{x}", "$$x^2$$"),
    *("$$\\href{javascript:forged()}{x}$$", "\ufb02°°60¶ßscript\ufb02°°62¶ß", "\ufb02°lt¶ß", "¶ß"),
    *("ß °", "__proto__", "null", "undefined", "NaN"),
)
MARKDOWN = (
    *("`code`", "`", "``", "```", "```\n# h", "~~~", "`" * 90, "` `` ``` ````", "|", "a|b|c", "\\|"),
    *("\\\\|", "\n|", "\\", "**b** _i_ ~~s~~", "[x](javascript:forged())"),
    *("![x](http://evil.example/x.png)", "[x]: http://evil.example", "1. list", "- list", "* list"),
    *("> quote", "# heading", "---", "&lt;b&gt;", "&#60;script&#62;", "&amp;", "&#x3c;"),
    *("http://evil.example/", "https://evil.example/?a=1&b=2", "HTTP://EVIL.example"),
    *("www.evil.example", "WWW.a.com", "ftp://a.b", "mailto:a@b.example", "a@b.example"),
    *("xmpp:a@b.example/x", "<http://evil.example>", "@somebody", "http\\x3a//x.example"),
    *("http:\u200b//x.example", "http:\\//x.example", "evil.example", "//evil.example/x"),
)
HTML = (
    *("<", ">", "<b>bold</b>", "<br>", "<br/>x", "a<br/>b", "<script>window.forged=1</script>"),
    *("a&b", "&", "<img src=x onerror=window.forged=1>", "<svg onload=window.forged=1>"),
    *("</text><script>window.forged=1</script>"),
    *("</code></td></table><iframe src=javascript:forged()>", '<a href="javascript:forged()">x</a>'),
    *("-->", "<!--", "<style>*{display:none}</style>", "<![CDATA[", "]]>", "<?php", "<!DOCTYPE"),
    *("data:text/html,<script>1</script>", '"', 'a"b"c', "'", "' onmouseover=forged()"),
    *('" onmouseover="forged()', "{{7*7}}", "{% raw %}", "${jndi:ldap://x}"),
)
TERMINAL = (
    *("\t", "a\tb", "\x00", "a\x00b", "\x07", "\x7f", "a\x0bb", "a\x0cb", "a\x85b"),
    *("\x1b[31mred\x1b[0m", "\x1b[2J", "\x1b]8;;http://evil\x07x\x1b]8;;\x07", "\x9b31m"),
    *("\x9d0;title\x9c", "[/]", "[red]x[/red]", "[link=x]y", "\r\n"),
)
UNICODE = (
    *("a\u202egnp.exe", "\u2066x\u2069", "\u200bzero\u200bwidth", "\ufeffbom", "\u00adsoft"),
    *("\U000e0041tag", "\u2028x", "a\u2029b", "\ud800", "a\udcffb"),
    *("Z\u0351\u0344\u0343\u0342a\u0310\u0311l", "a\ufe0f", "\u2800", "\u3164", "\u00a0", "a\u2003b"),
    *(
        "\ue000",
        "\U0010ffff",
        "\u180b",
        "español ñ ¿qué? ¡sí!",
        "中文 服务器",
        "服务器:端口;#",
        "日本語",
        "עברית",
    ),
    *("العربية", "हिन्दी", "😀", "👨\u200d👩\u200d👧", "→…·×µ€", "中" * 80, "e\u0301" * 80),
    *("Ω\u0301\u0302\u0303",),
)
PLAIN = (
    *("", " ", "   ", "  lead", "trail  ", "a  b", "plain.example.com", "xn--80ak6aa92e.com"),
    *("*.example.com", "_dmarc.x", "GET /a?b=c&d=#frag HTTP/1.1", "User-Agent: () { :;}; /bin/bash"),
    *("' OR 1=1; --", "../../etc/passwd", "%d%s%n", "C:\\Windows\\x", "\\n", "a\\nb", "\\x41"),
    *("\\\\x41", "\\u202e", "1.5", "0", "a" * 300, "\\" * 300, "\x01" * 300),
    *("x" * 63 + "." + "y" * 63 + "." + "z" * 63 + ".example.com",),
)
CORPUS = tuple(dict.fromkeys(MERMAID + MARKDOWN + HTML + TERMINAL + UNICODE + PLAIN))

PIECES = (
    *";#:%{}<>\"'`\\|&@$~^*_-+=()[],./! \n\r\taB1中ñ😀\u202e\x1b\u0301",
    *(
        "%%",
        "%%{",
        "}%%",
        "end",
        "style",
        "classDef",
        "wrap:",
        "<br/>",
        "->>",
        "--",
        "#59;",
        "#lt;",
        "&lt;",
        "as ",
    ),
    *("\ufb02°°", "¶ß", "#br#", "\\n", "note ", "$$", "www.", "http://", "a@b.example", "```", "\\|"),
)

ANY_TEXT = st.text() | st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
"""Any text at all, or one made of the pieces that hurt."""


def fuzz(count: int, seed: int) -> list[str]:
    """Make texts out of the pieces that hurt, the same ones for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - the same texts in every run
    return ["".join(dice.choices(PIECES, k=dice.randint(1, 14))) for _ in range(count)]
