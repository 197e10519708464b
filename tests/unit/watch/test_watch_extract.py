from datetime import UTC, datetime

import pytest

from schoolgate.kernel.activity import Activity
from schoolgate.kernel.errors import Malformed
from schoolgate.watch import extract


def visit(url, method="GET"):
    return Activity(
        id="01", at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC), edge="proxy", address="10.0.0.7", device="d1", person="p1",
        profile="ks2", method=method, url=url, outcome="allow", tier="category", rule="r", categories=(), statement="", release="r1",
    )  # fmt: skip


SEARCHES = [
    ("https://www.google.com/search?q=red+pandas&oq=red", "google", "red pandas"),
    ("https://www.google.co.uk/search?client=safari&q=how%20do%20bees%20fly", "google", "how do bees fly"),
    ("https://www.google.com.au/search?q=frogs&tbm=isch", "google", "frogs"),  # the tab for images
    ("https://www.google.de/search?q=fr%C3%B6sche&udm=7", "google", "frösche"),  # the tab for videos
    ("http://www.google.com/search?as_q=dragons", "google", "dragons"),  # the advanced form
    ("https://www.bing.com/search?q=volcano+facts&form=QBLH", "bing", "volcano facts"),
    ("https://www.bing.com/images/search?q=cats", "bing", "cats"),
    ("https://duckduckgo.com/?q=moon+phases&ia=web", "duckduckgo", "moon phases"),
    ("https://html.duckduckgo.com/html/?q=moon", "duckduckgo", "moon"),
    ("https://uk.search.yahoo.com/search;_ylt=A0?p=tudor+houses", "yahoo", "tudor houses"),
    ("https://uk.images.search.yahoo.com/search/images?p=owls", "yahoo", "owls"),
    ("https://www.ecosia.org/search?q=rainforest", "ecosia", "rainforest"),
    ("https://search.brave.com/search?q=lego", "brave", "lego"),
    ("https://www.kiddle.co/s.php?q=romans", "kiddle", "romans"),
    ("https://swiggle.org.uk/?q=planets", "swiggle", "planets"),
    ("https://www.qwant.com/?q=wolves&t=images", "qwant", "wolves"),
    ("https://www.youtube.com/results?search_query=how+to+draw", "youtube", "how to draw"),
    ("https://www.amazon.co.uk/s?k=football+boots", "amazon", "football boots"),
    ("https://www.ebay.co.uk/sch/i.html?_nkw=pokemon+cards", "ebay", "pokemon cards"),
    ("https://www.argos.co.uk/search/water-bottle/", "argos", "water-bottle"),
    ("https://en.wikipedia.org/w/index.php?search=vikings&title=Special:Search", "wikipedia", "vikings"),
    ("http://search.test/?q=castles", "demo", "castles"),
    ("https://www.bing.com/search?q=%F0%9F%A6%8A+fox", "bing", "🦊 fox"),
    ("https://www.bing.com/search?q=%FF%FEbad+bytes", "bing", "\ufffd\ufffdbad bytes"),  # no UTF-8: still read
]


@pytest.mark.parametrize(("url", "source", "words"), SEARCHES)
def test_the_words_of_a_search_are_found(url, source, words):
    assert extract.texts(visit(url)) == (extract.Text("search", words, source),)


NO_SEARCHES = [
    "https://www.google.com/complete/search?q=red+pan&client=gws-wiz",  # suggestions while typing
    "https://www.google.com/search?q=red&client=chrome-suggest",
    "https://duckduckgo.com/ac/?q=moo&kl=uk-en",
    "https://api.bing.com/osjson.aspx?query=vol",
    "https://www.bing.com/AS/Suggestions?q=vol",
    "https://search.brave.com/api/suggest?q=le",
    "https://www.google.com/maps/place/London",
    "https://www.google.com/search?q=",  # the empty form
    "https://www.google.com/search?q=+++",
    "https://google.example.org/search?q=mine",  # not the engine: its name as a label of another
    "https://notgoogle.com/search?q=mine",
    "https://www.example.org/?q=anything",
    "https://www.argos.co.uk/search/",
    "http://[broken/search?q=x",
    "",
]


@pytest.mark.parametrize("url", NO_SEARCHES)
def test_what_is_no_search_of_a_person_gives_nothing(url):
    assert extract.texts(visit(url)) == ()


def test_a_tunnel_holds_no_words():
    assert extract.texts(visit("https://www.google.com:443/search?q=x", method="CONNECT")) == ()


def test_every_shipped_source_has_an_example_here_or_is_of_the_same_shape():
    named = {source for _, source, _ in SEARCHES}
    assert named <= {source.name for source in extract.shipped()}
    assert len(named) >= 15


@pytest.mark.parametrize(
    "content",
    ["hosts = [", 'hosts = ["a.test"]', 'hosts = ["a.test"]\npaths = ["/"]\nparams = ["q"]\ncolour = "red"'],
)
def test_a_broken_source_names_its_file(tmp_path, content):
    (tmp_path / "bad.toml").write_text(content)
    with pytest.raises(Malformed, match=r"bad\.toml"):
        extract.read(tmp_path)
