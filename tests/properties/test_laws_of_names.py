"""Laws of canonical names."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from schoolgate.gate.core.names import Address, canonical
from schoolgate.gate.core.sites import keys, site
from schoolgate.kernel.errors import Malformed

# No deadline: how long one example takes says nothing on a machine that others use too.
LAW = settings(max_examples=150, deadline=None)
_ODD = st.text(alphabet="abAB019%25ef./\\:@?#[]-_ \t。ß\u00ad\u200dxn", max_size=60)
_LIKE = st.builds(
    lambda scheme, rest: scheme + rest,
    st.sampled_from(["http://", "https:", "//", "", "HTTP:\\\\", "ws://", "ftp://"]),
    _ODD,
)
TEXTS = st.one_of(st.text(max_size=80), _ODD, _LIKE)


def _canonical(text: str) -> Address | None:
    try:
        return canonical(text)
    except Malformed:
        return None


@LAW
@given(TEXTS)
@example("http://a.test/%%34%31")
@example("http://a.test/?%%34%31")
@example("http://[::ffff:1.2.3.4]/")
@example("http://a.test/%2525%2e%2e/..")
@example("\ud800")
@example("http://xn--\ud800")
def test_any_text_gives_an_address_or_malformed_and_canonical_is_idempotent(text: str):
    address = _canonical(text)
    if address is not None:
        assert canonical(address.text) == address


@LAW
@given(TEXTS)
def test_an_address_is_plain_and_its_own_site(text: str):
    address = _canonical(text)
    if address is None:
        return
    assert address.text.isascii()
    assert address.host == address.host.lower()
    assert address.path.startswith("/")
    try:
        key = site(address.text)
    except Malformed:
        return  # deeper than any entry may be
    assert key in keys(address)


@LAW
@given(st.sampled_from(["games.test", "www.games.test", "192.0.2.1"]), st.integers(0, 10), _ODD)
def test_a_disguise_of_a_name_is_that_name_or_refused(host: str, at: int, user: str):
    place = min(at, len(host) - 1)
    for disguise in (
        host.upper(),
        f"{host}.",
        f"{host[:place]}%{ord(host[place]):02x}{host[place + 1 :]}",
        "".join(chr(ord(sign) + 0xFEE0) for sign in host),
    ):
        assert canonical(f"http://{disguise}/").host == host
    hidden = _canonical(f"http://{user.translate(dict.fromkeys(map(ord, '/?#' + chr(92))))}@{host}/")
    assert hidden is None or hidden.host == host
