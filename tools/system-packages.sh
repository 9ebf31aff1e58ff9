# Sourced by the set-up scripts: how this machine installs system packages.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 1
}

uses_apt() { command -v apt-get >/dev/null 2>&1 && command -v dpkg-query >/dev/null 2>&1; }

is_installed() { dpkg-query --show --showformat='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

# Runs a command as root: as it is, or through sudo. sudo may ask a person for the password, never a script.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null 2>&1; then
        stop "Root is needed for this and there is no sudo. As root, run: $*"
    elif [ -t 0 ] && [ -z "${CI:-}" ]; then
        sudo "$@"
    else
        sudo -n "$@" || stop "This needs root. Run: sudo $*"
    fi
}

apt_install() {
    say "Installing with apt-get: $*"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" </dev/null >&2
}
