"""Throw-away certificates for the recordings, made with the openssl command: root, intermediate, leaf.

The private keys live in a temporary folder and are gone with it; only certificates travel in the captures.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from topology import run

DAYS: Final = "825"
KeyKind = Literal["ec", "rsa"]
KEY_OPTIONS: Final[dict[KeyKind, tuple[str, ...]]] = {
    "ec": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
    "rsa": ("-newkey", "rsa:2048"),
}
NO_DEFAULTS: Final = "[req]\ndistinguished_name = name\n[name]\n"
"""A configuration that adds no extensions of its own."""
SERVER: Final = ("basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth")
AUTHORITY: Final = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign")


@dataclass(frozen=True)
class Certificate:
    """One certificate to make; without an issuer it signs itself."""

    name: str
    subject: str
    extensions: tuple[str, ...]
    issuer: str | None = None

    def issue(self, folder: Path, key: KeyKind) -> Path:
        """Make the key pair and the certificate in `folder`."""
        certificate = folder / f"{self.name}.pem"
        command = ["openssl", "req", "-x509", "-nodes", "-config", str(folder / "openssl.cnf")]
        command += ["-subj", self.subject, "-days", DAYS, *KEY_OPTIONS[key]]
        command += ["-keyout", str(folder / f"{self.name}.key"), "-out", str(certificate)]
        for extension in self.extensions:
            command += ["-addext", extension]
        if self.issuer:
            command += [
                "-CA",
                str(folder / f"{self.issuer}.pem"),
                "-CAkey",
                str(folder / f"{self.issuer}.key"),
            ]
        run(*command)
        return certificate


@dataclass(frozen=True)
class Chain:
    """The files of one server's identity."""

    root: Path
    intermediate: Path
    leaf: Path
    leaf_key: Path

    def write_full(self, target: Path) -> Path:
        """Leaf first, then its issuer, in one PEM file as servers want it; clients have the root."""
        return _join(target, self.leaf, self.intermediate)

    def write_issuers(self, target: Path) -> Path:
        """What s_server's `-cert_chain` wants: all but the leaf, the root too."""
        return _join(target, self.intermediate, self.root)


def make_chain(folder: Path, host: str, *, key: KeyKind = "ec") -> Chain:
    """Root → intermediate → leaf for `host`."""
    (folder / "openssl.cnf").write_text(NO_DEFAULTS)
    leaf_traits = (*SERVER, f"subjectAltName=DNS:{host}")
    certificates = (
        Certificate("root", "/O=Example Trust/CN=Example Root CA", AUTHORITY),
        Certificate("intermediate", "/O=Example Trust/CN=Example Intermediate CA 1", AUTHORITY, "root"),
        Certificate("leaf", f"/CN={host}", leaf_traits, "intermediate"),
    )
    root, intermediate, leaf = (certificate.issue(folder, key) for certificate in certificates)
    return Chain(root, intermediate, leaf, folder / "leaf.key")


def _join(target: Path, *parts: Path) -> Path:
    target.write_text("".join(part.read_text() for part in parts))
    return target
