"""A nursery: children's devices reach the shelf that staff chose, and nothing else."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from running import Running, status_from

TABLET, CAMERA, OFFICE = "127.0.0.2", "127.0.0.3", "127.0.0.5"


@pytest.mark.parametrize(
    ("device", "url", "expected"),
    [
        # what staff chose opens
        (TABLET, "http://animals.test/", 200),
        (TABLET, "http://songs.test/", 200),
        # a good site that nobody chose does not
        (TABLET, "http://science.test/", 403),
        # nor does a search
        (TABLET, "http://search.test/?q=leopards", 403),
        # the camera tablet has no internet at all, not even the shelf
        (CAMERA, "http://animals.test/", 403),
        # staff look things up for the children
        (OFFICE, "http://search.test/?q=leopards", 200),
        # a device that nobody entered in the register
        ("127.0.0.77", "http://animals.test/", 403),
    ],
)
def test_a_childs_device_reaches_the_shelf_and_nothing_else(
    nursery: Running, device: str, url: str, expected: int
) -> None:
    assert status_from(device, nursery, url) == expected


def test_a_browser_on_the_tablet_sees_the_kind_page(nursery: Running, child_at: Callable[[Running], Page]) -> None:
    page = child_at(nursery)  # the browser's address, 127.0.0.1, is a tablet of the Robins
    page.goto("http://science.test/")
    assert "grown-up" in page.locator("body").inner_text().lower()
    page.goto("http://songs.test/")
    assert "Songs" in page.title()
