"""Run a program in namespaces of its own (namespaces(7)): no network, a small root, nothing to write to.

What the program needs of the system is its own folder and the libraries; what else there is, the home folders
and other captures among it, is not there at all.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SYSTEM: Final = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/nix/store", "/gnu/store")
_SMALL: Final = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives")
_DEVICES: Final = ("/dev/null", "/dev/urandom")
_LIBRARY_PATH: Final = "LD_LIBRARY_PATH"
_BUILD_ROOT: Final = """set -e
root=$1 kept=$2; shift 2
mount -t tmpfs -o mode=755,size=4m tmpfs "$root"
while [ "$1" != -- ]; do
    how=$1 what=$2; shift 2
    if [ "$how" = link ]; then ln -s "$1" "$root$what"; shift; continue; fi
    if [ -d "$what" ]; then mkdir -p "$root$what"
    else mkdir -p "$root${what%/*}"; [ -e "$root$what" ] || : > "$root$what"; fi
    mount -o "$how" "$what" "$root$what"
done
shift
mount -o remount,bind,ro "$root"
exec chroot "$root" /usr/bin/setpriv --inh-caps=-all --bounding-set="-all$kept" --no-new-privs -- "$@"
"""


def bubblewrap(
    program: str, command: Sequence[str], readable: Sequence[str], writable: str | None, home: str
) -> list[str]:
    """Return a command line of bubblewrap (bwrap(1)); it ends with us, and all in it ends with it."""
    line = [program, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--die-with-parent"]
    line += ["--new-session", *(("--cap-add", "CAP_DAC_OVERRIDE") if _others_files(readable) else ())]
    for place, target in _system(command[0]):
        line += ["--ro-bind", place, place] if target is None else ["--symlink", target, place]
    for device in _DEVICES:
        line += ["--dev-bind", device, device]
    line += ["--proc", "/proc", "--dir", home]
    for name in readable:
        line += ["--ro-bind", name, name]
    if writable:
        line += ["--bind", writable, writable]
    return [*line, "--chdir", "/", "--remount-ro", "/", "--", *command]


def unshare(
    program: str, command: Sequence[str], readable: Sequence[str], writable: str | None, home: str
) -> list[str]:
    """Return a command line for util-linux: a shell inside builds the root (unshare(1), mount(8)).

    All of it ends with us.
    """
    line = [program, "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child=KILL", "--mount"]
    line += [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    line += ["--", "/bin/sh", "-c", _BUILD_ROOT, "sandbox", home]
    line += [",+dac_override" if _others_files(readable) else ""]
    for place, target in _system(command[0]):
        line += ["rbind,ro", place] if target is None else ["link", place, target]
    for name in (*_DEVICES, *readable):
        line += ["bind" if name in _DEVICES else "bind,ro", name]
    if writable:
        line += ["bind", writable]
    return [*line, "--", *command]


def _system(program: str) -> list[tuple[str, str | None]]:
    """Return the places that a program needs, each with where it points to when it is a link."""
    found: dict[str, str | None] = {}
    own = Path(program).resolve().parent
    # what is installed below a home folder must not bring the home folder along
    beside = (
        [str(own.parent / name) for name in ("lib", "lib64", "share/wireshark")] if own.name == "bin" else []
    )
    libraries = os.environ.get(_LIBRARY_PATH, "").split(":")
    for place in (*_SYSTEM, *_SMALL, *filter(os.path.isabs, libraries), str(own), *beside):
        path = Path(place)
        if place == "/" or any(path.is_relative_to(known) for known in found):
            continue
        if path.is_symlink():
            found[place] = str(path.readlink())
        elif path.exists():
            found[place] = None
    return list(found.items())


def _others_files(names: Iterable[str]) -> bool:
    """Tell whether root needs its right to read what is another user's, of what is shown to it."""
    if os.geteuid() != 0:
        return False
    for name in names:
        try:
            status = Path(name).stat()
        except OSError:
            continue
        if status.st_uid != 0 and not status.st_mode & stat.S_IROTH:
            return True
    return False
