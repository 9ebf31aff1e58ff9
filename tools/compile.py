"""Compile the modules that run for every packet: `python tools/compile.py [--into FOLDER]`.

mypyc makes C of them as they stand; pyproject.toml lists them. Without --into, what comes out lies beside
the sources, where Python finds it first. What pcap_report/compiled.py needs to know lies
there as well.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import sysconfig
import tempfile
import tomllib
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from pcap_report.compiled import INSTALLED, MANIFEST, stamp

ROOT: Final = Path(__file__).resolve().parent.parent
GROUP: Final = "pcap_report"
"""What the library is called that all of them share: its name with __mypyc behind."""
CANNOT: Final = 3
SETTINGS: Final = "[mypy]\nignore_missing_imports = True\n"


def main() -> None:
    """Do it, from the project's folder: mypyc names modules after their paths."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, help="the folder to write to")
    into = parser.parse_args().into
    target = into.resolve() if into else ROOT
    os.chdir(ROOT)
    sources = sorted(listed(ROOT))
    if into is None and is_made(sources):
        return
    require_a_compiler()
    clear(target)
    with tempfile.TemporaryDirectory(prefix="pcap-report-compile-") as folder:
        compile_modules(sources, target, Path(folder))
    write_manifest(sources, target, ships=into is not None)


def is_made(sources: list[str]) -> bool:
    """Tell whether what is there was made from these sources as they are."""
    with contextlib.suppress(FileNotFoundError):
        return MANIFEST.read_text(encoding="utf-8") == manifest(sources)
    return False


def listed(root: Path) -> list[str]:
    """Return the paths of the sources that pyproject.toml lists."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    patterns: list[str] = settings["tool"]["mypyc"]["modules"]
    found = [path.relative_to(root).as_posix() for pattern in patterns for path in root.glob(pattern)]
    return [path for path in found if not path.endswith("__init__.py")]


def compile_modules(sources: list[str], target: Path, folder: Path) -> None:
    """Put the extension modules into a folder."""
    from mypyc.build import mypycify
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    settings = folder / "mypy.ini"
    settings.write_text(SETTINGS, encoding="utf-8")
    # What is built must be the same wherever it is built: neither paths nor times.
    os.environ["CFLAGS"] = f"{os.environ.get('CFLAGS', '')} -ffile-prefix-map={folder}=."
    extensions = mypycify(
        ["--config-file", str(settings), "--cache-dir", str(folder / "cache"), *sources],
        opt_level="2",
        debug_level="0",
        multi_file=True,
        target_dir=str(folder / "c"),
        group_name=GROUP,
    )
    command = build_ext(Distribution({"name": GROUP, "ext_modules": extensions}))
    command.build_lib = str(target)
    command.build_temp = str(folder / "objects")
    command.parallel = os.cpu_count() or 1
    command.ensure_finalized()
    command.run()


def manifest(sources: list[str], *, ships: bool = False) -> str:
    """Say what was compiled: a line for each source, with its stamp."""
    return "".join(f"{INSTALLED if ships else stamp(ROOT / source)} {source}\n" for source in sources)


def write_manifest(sources: list[str], target: Path, *, ships: bool) -> None:
    """Leave what tells whether the compiled modules may be used."""
    (target / GROUP / MANIFEST.name).write_text(manifest(sources, ships=ships), encoding="utf-8")


def clear(target: Path) -> None:
    """Remove what was compiled before."""
    for pattern in (f"{GROUP}__mypyc.*", f"{GROUP}/**/*.so", f"{GROUP}/**/*.pyd"):
        for path in target.glob(pattern):
            path.unlink()


def require_a_compiler() -> None:
    """End with 3 where nothing can be compiled, and say what is missing."""
    header = Path(sysconfig.get_path("include"), "Python.h")
    has_compiler = sys.platform == "win32" or any(map(shutil.which, ("cc", "gcc", "clang")))
    if not has_compiler or not header.exists():
        sys.stderr.write(
            f"Nothing is compiled: there is no {'Python.h' if has_compiler else 'C compiler'} here.\n"
        )
        sys.stderr.write("On Debian: sudo apt-get install gcc libc6-dev python3-dev\n")
        sys.exit(CANNOT)


if __name__ == "__main__":
    main()
