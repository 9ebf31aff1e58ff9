"""Print the lock's entries of what is needed at run time."""

from __future__ import annotations

import sys

from tools.dependencies.graph import blocks, needed

entries = blocks()
sys.stdout.writelines(entries[name] for name in needed())
