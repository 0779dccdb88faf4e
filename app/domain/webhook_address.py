"""Where events may be sent: addresses of hosts that the operator has listed, and no others."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

LONGEST = 2000
PORTS = {"https": 443, "http": 80}
_ADDRESS = re.compile(
    r"(?P<scheme>https|http)://"
    r"(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<rest>[/?][!-\"$-\[\]-~]*)?",
    re.ASCII,
)
"""No user, no fragment, no backslash, nothing but lower-case ASCII in the host."""
_LISTED = re.compile(
    r"(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port>[1-9][0-9]{0,4}))?",
    re.ASCII,
)
_PLAIN_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.ASCII)
Ip = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """An address that may be sent to."""

    url: str
    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The operator's list. A host without a port is allowed on 443 (and 80 where `plain`).

    `internal` hosts may have addresses of a private network; `plain`: a development, where http and
    this machine itself may be sent to as well.
    """

    hosts: frozenset[str] = frozenset()
    internal: frozenset[str] = frozenset()
    plain: bool = False

    def refuses(self, url: str) -> str | None:
        """Why nothing may be sent there, in general words; None: it may."""
        found = self._found(url)
        return found if isinstance(found, str) else None

    def address(self, url: str) -> WebhookAddress | None:
        """The address, taken apart; None where nothing may be sent there."""
        found = self._found(url)
        return None if isinstance(found, str) else found

    def may_connect(self, host: str, port: int, resolved: str) -> bool:
        """Whether what a host's name leads to in the network is to be connected to."""
        internal = bool(_names(host, port, PORTS.values()) & self.internal)
        ip = _reduced(ip_address(resolved.partition("%")[0]))
        if ip in METADATA or (isinstance(ip, IPv6Address) and ip.is_site_local):
            return False
        if ip.is_loopback:
            return self.plain and internal
        if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved:
            return False  # among them the metadata of clouds, 169.254.169.254
        return ip.is_global or (internal and ip.is_private)

    def _found(self, url: str) -> WebhookAddress | str:
        parts = _ADDRESS.fullmatch(url)
        if parts is None or len(url) > LONGEST:
            return "no plain address such as https://events.example/path"
        scheme, host = parts["scheme"], parts["host"]
        if scheme == "http" and not self.plain:
            return "not https"
        port = int(parts["port"] or PORTS[scheme])
        if not _names(host, port, [PORTS[scheme]]) & (self.hosts | self.internal):
            return "a host that is not on the operator's list"
        return WebhookAddress(url, scheme, host, port)


_NAT64 = IPv6Network("64:ff9b::/96")
METADATA = frozenset(
    ip_address(ip)
    for ip in ("fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "192.0.0.192", "168.63.129.16")
)
"""Metadata of clouds that has addresses of a private network, and Azure's, a public one."""


def _names(host: str, port: int, unsaid: Collection[int]) -> set[str]:
    """What the operator's list may call it: by the host alone at a port that need not be said."""
    return {f"{host}:{port}"} | ({host} if port in unsaid else set())


def _reduced(ip: Ip) -> Ip:
    """The IPv4 address that an IPv6 one stands for, however it is wrapped."""
    if isinstance(ip, IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if wrapped is None and ip in _NAT64:
            wrapped = IPv4Address(int(ip) & 0xFFFF_FFFF)
        return wrapped or ip
    return ip


def host_fault(listed: str) -> str | None:
    """What is wrong with an entry of the operator's list; None: nothing."""
    parts = _LISTED.fullmatch(listed)
    if parts is None:
        return "give a host in lower case, with a port where it is not 443"
    host = parts["host"]
    if host.startswith("["):
        return None if _is_ip(host[1:-1]) else "no IPv6 address"
    numeric = _PLAIN_NUMBER.fullmatch(host.rpartition(".")[2]) is not None
    return "a number that is no IPv4 address" if numeric and not _is_ip(host) else None


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def faults(listed: Iterable[str]) -> list[str]:
    """Every fault of the operator's list, with its entry."""
    return [f"{host}: {fault}" for host in listed if (fault := host_fault(host))]
