"""The page of all rules, in Markdown: docs/rules.md is what this says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.render.next_looks import NEXT_LOOKS
from pcap_report.render.phrases import plain_phrases
from pcap_report.rules.registry import RULES

if TYPE_CHECKING:
    from pcap_report.rules.base import Rule

_SAY: Final = plain_phrases("en").say
_PAGE: Final = """\
# Rules

Analyzers measure, rules judge. This page is what `pcap-report rules -f md` prints; `pcap-report explain
RULE` says the same of one rule, and with a capture behind it what the rule saw there.

## Change them, accept what is known, add your own

In `pcap-report.toml` beside the captures (or `[tool.pcap-report]` of a `pyproject.toml`), or in a YAML
file for `--rules`:

```toml
[settings."tcp.slow_handshake"]
rtt_ms = 100
severity = "medium"

[settings."plaintext.http"]
enabled = false

[[accept]]
rule = "tls.certificate_self_signed"
server = "*.lab.example.org"
reason = "the lab signs its own"
```

```yaml
rules:
  - id: team.tls13_only
    severity: high
    when: tls_handshake != null && tls_handshake.version != "TLS 1.3"
    summary: does not use TLS 1.3
    frames: "[tls_handshake.server_hello.frame]"
    why: Our guideline says so.
settings:
  tcp.loss: {rate_percent: 5}
accept:
  - {rule: dns.*, reason: the resolver of the lab is slow}
```

`when` is an expression in [CEL](https://cel.dev) over the paths of the [JSON report](json.md): below
`connections[]`, or with `each: dns`, `each: http`, `each: report` below those. An unknown value is
null: ask for it first, as above; the curves of charts are empty. Where a rule has no answer, it says so
in the report, and no `check` passes. What was re-rated, switched off or accepted is counted and named in
the report (`judging` in JSON). An unknown key, rule or value ends with 2 and names the valid ones, in YAML
with line and column. A rules file holds expressions and no code.

## The rules

| rule | severity | why it matters |
|---|---|---|"""


def rule_page() -> str:
    """Return the page."""
    rows = [
        f"| [`{one.id}`](#{one.id.replace('.', '')}) | {one.severity} | {_SAY(one.why)} |" for one in RULES
    ]
    return "\n".join([_PAGE, *rows, *map(_section, RULES)]) + "\n"


def _section(rule: Rule) -> str:
    limits = [f"- `{limit.name}` = {limit.value:g}: {_SAY(limit.meaning)}." for limit in rule.thresholds]
    return "\n".join(
        [
            f"\n### {rule.id}\n",
            f"Severity: **{rule.severity}**. {_SAY(rule.why)}\n",
            f"Look next: {_SAY(NEXT_LOOKS[rule.id])}",
            *(["", *limits] if limits else []),
        ]
    )
