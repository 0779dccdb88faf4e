"""Where events may be sent, and where they may not, however the address is written."""

import pytest

from app.domain.webhook_address import AllowedHosts, WebhookAddress, faults, host_fault

LISTED = frozenset({"events.council.example", "hub.council.example:8443"})
ALLOWED = AllowedHosts(LISTED, internal=frozenset({"inside.council.example", "10.1.2.3"}))
IN_DEVELOPMENT = AllowedHosts(internal=frozenset({"localhost:9000", "127.0.0.1:9000"}), plain=True)


@pytest.mark.parametrize(
    "url",
    [
        "https://events.council.example/transfers",
        "https://events.council.example",
        "https://events.council.example:443/transfers?from=durham",
        "https://hub.council.example:8443/",
        "https://inside.council.example/in",
        "https://10.1.2.3/in",
    ],
)
def test_a_host_on_the_list_is_sent_to(url: str) -> None:
    assert ALLOWED.refuses(url) is None


def test_an_address_has_2000_signs_at_most() -> None:
    start = "https://events.council.example/"
    longest = start + "a" * (2000 - len(start))
    refused = "no plain address such as https://events.example/path"

    assert ALLOWED.refuses(longest) is None
    assert ALLOWED.refuses(f"{longest}a") == refused


@pytest.mark.parametrize(
    "url",
    [
        "http://events.council.example/transfers",
        "https://events.council.example:8443/",
        "https://hub.council.example/",
        "https://evil.example/",
        "https://events.council.example.evil.example/",
        "https://xevents.council.example/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/latest/meta-data/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://0/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://localhost/",
        "https://localhost./",
        "https://events.council.example./",
        "https://user@events.council.example/",
        "https://events.council.example@evil.example/",
        "https://user:password@events.council.example/",
        "https://events.council.example:443@evil.example/",
        "https://evil.example#@events.council.example/",
        "https://evil.example\\@events.council.example/",
        "https://events.council.example\\.evil.example/",
        "https://events\u3002council\u3002example/",
        "https://\u24d4vents.council.example/",
        "https://EVENTS.council.example/",
        "https://events.council.example:0443/",
        "https://events.council.example:99999/",
        "https://events.council.example:/",
        "https://events.council.example/a b",
        "https://events.council.example/\r\nHost: evil.example",
        "https://events.council.example/#part",
        " https://events.council.example/",
        "https:///events.council.example/",
        "https:events.council.example/",
        "//events.council.example/",
        "ftp://events.council.example/",
        "file:///etc/passwd",
        "gopher://events.council.example/",
        "javascript:alert(1)",
        "",
        "https://",
        "https://events.council.example/" + "a" * 2000,
    ],
)
def test_no_trick_with_an_address_gets_past_the_list(url: str) -> None:
    assert ALLOWED.refuses(url) is not None
    assert ALLOWED.address(url) is None


def test_http_and_this_machine_are_for_development_alone() -> None:
    assert IN_DEVELOPMENT.refuses("http://127.0.0.1:9000/hook") is None
    assert IN_DEVELOPMENT.refuses("http://127.0.0.1:9001/hook") is not None
    assert ALLOWED.refuses("http://10.1.2.3/in") == "not https"


PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
PRIVATE = ("10.0.0.7", "172.16.3.4", "192.168.1.1", "fd12:3456::1", "::ffff:10.0.0.7")
NEVER = (
    *("169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254", "fd00:ec2::254"),
    *("0.0.0.0", "::", "224.0.0.1", "ff02::1", "240.0.0.1", "255.255.255.255"),  # noqa: S104
    *("100.100.100.200", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::"),
    *("fd00:ec2::254%eth0", "2001:0:4136:e378:8000:63bf:5601:5601"),  # in a zone, and in Teredo
    *("168.63.129.16", "192.0.0.192", "fd20:ce::254", "::ffff:168.63.129.16", "fec0::1"),
)
LOOPBACK = ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1")


@pytest.mark.parametrize("ip", [*PUBLIC, *PRIVATE, *NEVER, *LOOPBACK])
def test_a_name_outside_leads_to_public_addresses_alone(ip: str) -> None:
    assert ALLOWED.may_connect("events.council.example", 443, ip) is (ip in PUBLIC)


@pytest.mark.parametrize("ip", [*PUBLIC, *PRIVATE, *NEVER, *LOOPBACK])
def test_an_internal_name_leads_to_private_addresses_too_and_never_to_a_clouds_metadata(
    ip: str,
) -> None:
    assert ALLOWED.may_connect("inside.council.example", 443, ip) is (ip in (*PUBLIC, *PRIVATE))


@pytest.mark.parametrize("ip", [*NEVER, *LOOPBACK])
def test_this_machine_is_reached_in_development_by_a_name_that_is_listed_as_internal(
    ip: str,
) -> None:
    assert IN_DEVELOPMENT.may_connect("localhost", 9000, ip) is (ip in LOOPBACK)


def test_a_host_is_internal_at_the_port_that_is_listed_as_such_and_at_no_other() -> None:
    listed = AllowedHosts(frozenset({"hub.example:8443"}), internal=frozenset({"hub.example"}))

    assert listed.may_connect("hub.example", 443, "10.0.0.7")
    assert not listed.may_connect("hub.example", 8443, "10.0.0.7")


def test_an_entry_that_is_no_host_is_named() -> None:
    sound = ["events.council.example", "hub.example:8443", "10.1.2.3", "[fd12::1]:8443"]
    unsound = [
        "https://events.example",
        "Events.example",
        "127.1",
        "2130706433",
        "[::zz]",
        "*.a.b",
        "",
    ]

    assert faults(sound) == []
    assert len(faults(unsound)) == len(unsound)


def test_an_address_that_may_be_sent_to_is_taken_apart() -> None:
    url = "https://hub.council.example:8443/in"

    assert ALLOWED.address(url) == WebhookAddress(url, "https", "hub.council.example", 8443)


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        ("Events.example", "give a host in lower case, with a port where it is not 443"),
        ("[::zz]", "give a host in lower case, with a port where it is not 443"),
        ("[1:2]", "no IPv6 address"),
        ("[::1]", None),
        ("[fd12::a]:8443", None),
        ("[fd12::]", None),
        ("127.1", "a number that is no IPv4 address"),
        ("10.1.2.3", None),
    ],
)
def test_an_entry_of_the_list_is_told_what_is_wrong_with_it(listed: str, fault: str | None) -> None:
    assert host_fault(listed) == fault
