"""Write the pages anew: ``make reference``."""

from __future__ import annotations

from tools.reference.pages import ROOT, pages

for place, make in pages().items():
    target = ROOT / place
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(make(), encoding="utf-8")
