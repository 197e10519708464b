"""Canonical names, against published vectors.

Sources: [WHATWG] URL Standard, host parsing and the web-platform-tests'
`urltestdata.json`; [GSB] Google Safe Browsing v4, "URLs and Hashing",
canonicalization examples; [UTS46] Unicode IDNA Compatibility Processing,
`IdnaTestV2.txt`. Names of real sites are replaced by `.test` ones.
"""

import pytest

from schoolgate.gate.core.names import MAX_CHARACTERS, canonical, suffixes
from schoolgate.gate.core.sites import folded
from schoolgate.kernel.errors import Malformed

SAME_AS_PUBLISHED = [
    # [GSB] layers of percent-encoding come off until nothing changes
    ("http://host.test/%25%32%35", "http://host.test/%25"),
    ("http://host.test/%25%32%35%25%32%35", "http://host.test/%25%25"),
    ("http://host.test/%2525252525252525", "http://host.test/%25"),
    ("http://host.test/asdf%25%32%35asd", "http://host.test/asdf%25asd"),
    ("http://host.test/%%%25%32%35asd%%", "http://host.test/%25%25%25asd%25%25"),
    # [GSB] a literal address behind percent signs
    (
        "http://%31%36%38%2e%31%38%38%2e%39%39%2e%32%36/%2E%73%65%63%75%72%65/%77%77%77%2E%65%62%61%79",
        "http://168.188.99.26/.secure/www.ebay",
    ),
    ("http://195.127.0.11/uploads/%20%20/.verify/", "http://195.127.0.11/uploads/%20%20/.verify/"),
    ("http://3279880203/blah", "http://195.127.0.11/blah"),
    ("http://www.example.test/blah/..", "http://www.example.test/"),
    ("www.example.test/", "http://www.example.test/"),
    ("www.example.test", "http://www.example.test/"),
    ("http://www.example.test/blah#frag", "http://www.example.test/blah"),
    ("http://www.EXample.test/", "http://www.example.test/"),
    ("http://www.example.test/foo\tbar\rbaz\n2", "http://www.example.test/foobarbaz2"),
    ("http://www.example.test/q?r?s", "http://www.example.test/q?r?s"),
    ("http://evil.test/foo;", "http://evil.test/foo;"),
    ("http://notrailingslash.test", "http://notrailingslash.test/"),
    ("http://www.gotaport.test:1234/", "http://www.gotaport.test:1234/"),
    ("  http://www.example.test/  ", "http://www.example.test/"),
    ("http:// leadingspace.test/".replace("// ", "//"), "http://leadingspace.test/"),
    ("https://www.securesite.test/", "https://www.securesite.test/"),
    # [WHATWG] userinfo, default ports, backslashes, missing and doubled slashes
    ("http://user:pass@foo.test:21/bar;par?b#c", "http://foo.test:21/bar;par?b"),
    ("http:foo.test", "http://foo.test/"),
    ("http:\\\\x.test:80\\foo\\bar", "http://x.test/foo/bar"),
    ("https://test.test:443/", "https://test.test/"),
    ("http://a.test:b@c.test:80/", "http://c.test/"),
    ("http://foo.test/././foo/../bar/%2e%2E/baz", "http://foo.test/baz"),
    # [WHATWG] literal addresses: octal, hexadecimal, short, one number; IPv6 is written in one way
    ("http://192.0x00A80001", "http://192.168.0.1/"),
    ("http://0x7f.1/test", "http://127.0.0.1/test"),
    ("http://192.168.257", "http://192.168.1.1/"),
    ("http://017700000001", "http://127.0.0.1/"),
    ("http://0Xc0.0250.01", "http://192.168.0.1/"),
    ("http://1.2.3.4./", "http://1.2.3.4/"),
    ("http://[0:0::0:1]/", "http://[::1]/"),
    ("http://[2001::1]/", "http://[2001::1]/"),
    # an IPv4 address inside IPv6 connects to it (RFC 4291 §2.5.5.2), so it is it
    ("http://[::127.0.0.1]/", "http://[::7f00:1]/"),
    ("http://[::ffff:127.0.0.1]/", "http://127.0.0.1/"),
    # [UTS46] mapping, without the old transition rules for ß
    ("http://Faß.test", "http://xn--fa-hia.test/"),
    ("http://Bücher.test", "http://xn--bcher-kva.test/"),
    ("http://ÖBB.test", "http://xn--bb-eka.test/"),
    ("http://日本語。ＴＥＳＴ", "http://xn--wgv71a119e.test/"),
    ("http://☕.test", "http://xn--53h.test/"),
    ("http://a.b．c。test｡", "http://a.b.c.test/"),
    ("http://Go\u00adod.test", "http://good.test/"),
]

OURS = [
    # reserved signs stay encoded: %2F is no slash, and an unreserved one is written plain (RFC 3986 §6.2.2)
    ("http://EXAMPLE.com./%7Efoo", "http://example.com/~foo"),
    ("http://a.test/x%2fy", "http://a.test/x%2Fy"),
    ("http://a.test/x%3Fy", "http://a.test/x%3Fy"),
    # dots that appear only when layers come off still climb
    ("http://a.test/b/%252e%252e/c", "http://a.test/c"),
    # an empty query says nothing
    ("http://a.test/q?", "http://a.test/q"),
    # names and ports as people type them
    ("a.test:8080/x", "http://a.test:8080/x"),
    ("//a.test/x", "http://a.test/x"),
    ("localhost", "http://localhost/"),
    # signs that browsers leave raw and those that they encode come out alike
    ("http://a.test/[x]|^", "http://a.test/%5Bx%5D%7C%5E"),
    ("http://a.test/é", "http://a.test/%C3%A9"),
    # hyphens and underscores resolve wherever they stand
    ("http://_x-.a.test/", "http://_x-.a.test/"),
]

REFUSED = [
    # [WHATWG] failures
    "http://256.256.256.256/",
    "http://1.2.3.4.5/",
    "http://a.test:99999/",
    "http://[::1",
    "http://[::1%25eth0]/",
    "http://ex ample.test/",
    "http://a.test:x/",
    "http://a<b.test/",
    "http://%00.test/",
    "http://\u202eabc.test/",
    # [UTS46] false Punycode, a joiner where none may stand
    "http://xn--a.test/",
    "http://xn--0.test/",
    "http://xn--.test/",
    "http://a\u200cb.test/",
    # names that DNS cannot carry (RFC 1035 §2.3.4), though browsers would try
    "http://a..test/",
    "http://.a.test/",
    "http://a.test../",
    f"http://{'a' * 64}.test/",
    f"http://{'a.' * 127}test/",
    "http://a!b.test/",
    # no address of the web
    "",
    "/only/a/path",
    "mailto:asha@example.org",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/hosts",
    "about:blank",
    "http://",
    "http://\ud800.test/",
    "a.test/" + "x" * MAX_CHARACTERS,
]


@pytest.mark.parametrize(("text", "expected"), SAME_AS_PUBLISHED + OURS)
def test_an_address_has_one_canonical_form(text: str, expected: str):
    assert canonical(text).text == expected


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_address_is_refused(text: str):
    with pytest.raises(Malformed):
        canonical(text)


def test_the_parts_are_canonical_too():
    address = canonical("HTTPS://User@Shop.Example.co.uk:8443/a%7Eb?q=%41#x")
    assert (address.scheme, address.host, address.port) == ("https", "shop.example.co.uk", 8443)
    assert (address.path, address.query, address.registrable) == ("/a~b", "q=A", "example.co.uk")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://a.b.example.co.uk/", "example.co.uk"),  # a public suffix of two labels
        ("http://school.github.io/", "school.github.io"),  # a suffix whose names belong to many owners
        ("http://co.uk/", ""),  # nobody's own
        ("http://localhost/", ""),
        ("http://127.1/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://a.b.test/", "b.test"),  # a top-level domain that the list does not know
    ],
)
def test_the_registrable_part(text: str, expected: str):
    assert canonical(text).registrable == expected


def test_too_many_layers_are_refused_and_not_followed():
    text = "A"
    for _ in range(200):
        text = "".join(f"%{ord(sign):02X}" for sign in text) if len(text) < 4 else text.replace("3", "%33", 1)
    with pytest.raises(Malformed, match="layers"):
        canonical(f"http://a.test/{text}")


def test_plain_nesting_of_any_depth_comes_off_at_once():
    assert canonical(f"http://a.test/%{'25' * 5000}41").text == "http://a.test/A"


def test_an_address_is_known_by_the_names_above_it_and_a_literal_by_itself():
    assert suffixes("a.b.test") == ["a.b.test", "b.test", "test"]
    assert suffixes("192.0.2.1") == ["192.0.2.1"]
    assert suffixes("2001:db8::1") == ["2001:db8::1"]


def test_matching_reads_alike_what_servers_read_alike():
    # [GSB] decodes these in its canonical form; in ours they stay as they are, and matching folds them
    assert folded(canonical("http://a.test/%21b%40c%2A%28x%29//d").path) == "/!b@c*(x)/d"
