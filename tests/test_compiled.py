"""Compiled modules are used all together or not at all, and only while they are what their sources say."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from pcap_report import compiled
from tools.compile import listed

ROOT = Path(__file__).resolve().parents[1]
HEADER = Path(sysconfig.get_path("include"), "Python.h")
EXTENSION = """\
#define PY_SSIZE_T_CLEAN
#include <Python.h>
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "hot", NULL, -1, NULL};
PyMODINIT_FUNC PyInit_hot(void) {
    PyObject *module = PyModule_Create(&definition);
    PyModule_AddStringConstant(module, "FORM", "compiled");
    return module;
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A package like ours in the small, with a module that is there as source and compiled."""
    if shutil.which("cc") is None or not HEADER.exists():
        pytest.skip("there is no C compiler here, or no Python.h")
    package = tmp_path / "pcap_report"
    package.mkdir()
    for name in ("__init__.py", "compiled.py"):
        shutil.copy(ROOT / "pcap_report" / name, package)
    (package / "hot.py").write_text('"""The source."""\n\nFORM = "source"\n', encoding="utf-8")
    (tmp_path / "hot.c").write_text(EXTENSION, encoding="utf-8")
    target = package / f"hot{sysconfig.get_config_var('EXT_SUFFIX')}"
    shared = ["-undefined", "dynamic_lookup", "-bundle"] if sys.platform == "darwin" else ["-shared", "-fPIC"]
    command = ["cc", *shared, f"-I{HEADER.parent}", "hot.c", "-o", str(target)]
    subprocess.run(command, cwd=tmp_path, check=True)
    stamp = compiled.stamp(package / "hot.py")
    (package / compiled.MANIFEST.name).write_text(f"{stamp} pcap_report/hot.py\n", encoding="utf-8")
    return tmp_path


def asked(folder: Path, **variables: str) -> list[str]:
    """Ask a new process which form it runs, and why; then for what the source says of itself."""
    program = (
        "from pcap_report import compiled, hot\n"
        "print(hot.FORM); print(compiled.why_not()); print(compiled.documentation('pcap_report.hot'))"
    )
    environment = {key: value for key, value in os.environ.items() if key != compiled.PURE} | variables
    command = [sys.executable, "-c", program]
    return subprocess.check_output(command, cwd=folder, env=environment, text=True).splitlines()


def test_a_compiled_module_is_used_while_its_source_is_the_same(folder: Path) -> None:
    assert asked(folder) == ["compiled", "", "The source."]
    assert asked(folder, **{compiled.PURE: "1"}) == ["source", "PCAP_REPORT_PURE is set", "The source."]
    source = folder / "pcap_report" / "hot.py"
    source.write_text('"""Another."""\n\nFORM = "a newer source"\n', encoding="utf-8")
    assert asked(folder) == ["a newer source", "pcap_report/hot.py has changed since", "Another."]


def test_what_was_installed_together_needs_no_stamp(folder: Path) -> None:
    manifest = folder / "pcap_report" / compiled.MANIFEST.name
    manifest.write_text(f"{compiled.INSTALLED} pcap_report/hot.py\n", encoding="utf-8")
    os.utime(folder / "pcap_report" / "hot.py", (1, 1))
    assert asked(folder) == ["compiled", "", "The source."]


def test_classes_that_other_processes_are_sent_say_so() -> None:
    """Mypyc never calls ``__init__`` of a class that can be pickled unless it may have subclasses, too."""
    kinds = {
        node.name: node
        for source in listed(ROOT)
        for node in ast.parse((ROOT / source).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    }
    marked = {name: _marks(node) for name, node in kinds.items()}
    for name, node in kinds.items():
        bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
        is_sent = bool(marked[name]) or any(marked.get(getattr(base, "id", "")) for base in bases)
        assert marked[name] == ({"serializable", "allow_interpreted_subclasses"} if is_sent else set()), name


def _marks(node: ast.ClassDef) -> set[str]:
    return {
        str(keyword.arg)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "mypyc_attr"
        for keyword in decorator.keywords
    }
