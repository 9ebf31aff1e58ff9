"""What an address tells by itself: private or public, a MAC address's maker, a name's hosting service."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Final

from pcap_report.model.connection import Hosting

_LOCAL_BIT: Final = 0x02
_GROUP_BIT: Final = 0x01
_SHARED: Final = ipaddress.ip_network("100.64.0.0/10")
_NOT_ROUTED: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "fc00::/7",
            "fe80::/10",
        ),
    )
)
_VIRTUAL: Final = {
    "00:15:5d": "Microsoft (Hyper-V, WSL)",
    "00:50:56": "VMware",
    "00:0c:29": "VMware",
    "00:05:69": "VMware",
    "08:00:27": "VirtualBox",
    "52:54:00": "QEMU/KVM",
    "00:16:3e": "Xen",
    "02:42:": "Docker",
    "00:1c:42": "Parallels",
    "00:00:5e:00:01": "VRRP",
    "00:00:0c:07:ac": "HSRP",
}
"""Prefixes that mean more than their maker's name."""
_HOSTING: Final = {
    "run.app": "Google Cloud Run",
    "cloudfunctions.net": "Google Cloud Functions",
    "appspot.com": "Google App Engine",
    "googleapis.com": "Google APIs",
    "googleusercontent.com": "Google",
    "google.com": "Google",
    "1e100.net": "Google",
    "web.app": "Firebase Hosting",
    "firebaseapp.com": "Firebase Hosting",
    "loca.lt": "localtunnel",
    "ngrok.io": "ngrok",
    "ngrok.app": "ngrok",
    "ngrok-free.app": "ngrok",
    "ngrok-free.dev": "ngrok",
    "trycloudflare.com": "Cloudflare Tunnel",
    "workers.dev": "Cloudflare Workers",
    "pages.dev": "Cloudflare Pages",
    "cloudflare.com": "Cloudflare",
    "onrender.com": "Render",
    "herokuapp.com": "Heroku",
    "vercel.app": "Vercel",
    "netlify.app": "Netlify",
    "fly.dev": "Fly.io",
    "railway.app": "Railway",
    "azurewebsites.net": "Azure App Service",
    "azure.com": "Microsoft Azure",
    "windows.net": "Microsoft Azure",
    "azurecontainerapps.io": "Azure Container Apps",
    "amazonaws.com": "Amazon Web Services",
    "awsapprunner.com": "AWS App Runner",
    "cloudfront.net": "Amazon CloudFront",
    "on.aws": "Amazon Web Services",
    "akamaiedge.net": "Akamai",
    "akamaized.net": "Akamai",
    "fastly.net": "Fastly",
    "github.io": "GitHub Pages",
    "githubusercontent.com": "GitHub",
    "gitlab.io": "GitLab Pages",
    "hf.space": "Hugging Face Spaces",
    "replit.app": "Replit",
    "repl.co": "Replit",
    "pythonanywhere.com": "PythonAnywhere",
    "digitaloceanspaces.com": "DigitalOcean",
    "ondigitalocean.app": "DigitalOcean App Platform",
    "supabase.co": "Supabase",
    "deno.dev": "Deno Deploy",
    "glitch.me": "Glitch",
    "streamlit.app": "Streamlit Community Cloud",
    "modal.run": "Modal",
    "koyeb.app": "Koyeb",
    "surge.sh": "Surge",
    "serveo.net": "Serveo",
    "localhost.run": "localhost.run",
    "lhr.life": "localhost.run",
    "ts.net": "Tailscale",
    "duckdns.org": "Duck DNS",
}
"""Suffixes of names that hosting services hand out to their customers."""


@lru_cache(maxsize=1 << 16)
def is_private(address: str) -> bool:
    """Tell whether an address is of a range that is not routed on the Internet.

    RFC 1918, RFC 4193, RFC 3927, RFC 4291 and loopback; the shared space of RFC 6598 too. Documentation
    ranges stand for public addresses and count as such.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return any(parsed in network for network in (*_NOT_ROUTED, _SHARED) if network.version == parsed.version)


def mac_meaning(mac: str, vendor: str) -> str | None:
    """Say what a MAC address's first bytes mean: a kind of virtual adapter, or the maker's name."""
    if mac == "ff:ff:ff:ff:ff:ff":
        return "broadcast"
    known = next((name for prefix, name in _VIRTUAL.items() if mac.startswith(prefix)), None)
    return known or vendor or None


def is_locally_administered(mac: str) -> bool | None:
    """Tell whether a MAC address was set by software and not by a maker (IEEE 802, the U/L bit)."""
    try:
        first = int(mac.split(":", 1)[0], 16)
    except ValueError:
        return None
    return bool(first & _LOCAL_BIT) and not first & _GROUP_BIT


def hosting_of(name: str) -> Hosting | None:
    """Return what a name's suffix hints at, or None."""
    labels = name.lower().rstrip(".").split(".")
    for start in range(len(labels) - 1):
        suffix = ".".join(labels[start:])
        if suffix in _HOSTING:
            return Hosting(suffix, _HOSTING[suffix])
    return None
