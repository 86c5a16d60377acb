"""Who calls, as far as counting needs to know."""

from ipaddress import ip_address, ip_network


def client_network(address: str | None) -> str:
    """The caller as one name: his IPv4 address, or the IPv6 network that one customer is given.

    >>> client_network("203.0.113.7"), client_network("::ffff:203.0.113.7")
    ('203.0.113.7', '203.0.113.7')
    >>> client_network("2001:db8:1:2:3:4:5:6") == client_network("2001:db8:1:2::1")
    True
    >>> client_network("2001:db8:1:2::1") == client_network("2001:db8:1:3::1")
    False
    >>> client_network(None), client_network("not an address")
    ('unknown', 'unknown')
    """
    try:
        ip = ip_address(address or "")
    except ValueError:
        return "unknown"
    if ip.version == 4:
        return str(ip)
    return str(ip.ipv4_mapped or ip_network((int(ip), 64), strict=False))
