"""Components keep their contracts, and templates keep to them."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from schoolgate.web.gallery import contracts
from schoolgate.web.gallery.views import rendered

WEB = Path(contracts.FOLDER).parent
DOCS = WEB.parents[2] / "docs" / "reference" / "components.md"
COMPONENTS = {one.name: one for one in contracts.components()}
EXAMPLES = [(one, example) for one in COMPONENTS.values() for example in one.examples]
_INCLUDE = re.compile(r'{% include "components/([^/"]+)/([^"]+)\.html"(?: with (.*?))?(?: only)? %}')
_GIVEN = re.compile(r"(?:^|\s)([a-z_]+)=")


@pytest.mark.parametrize(("component", "example"), EXAMPLES, ids=lambda it: getattr(it, "name", it))
def test_an_example_is_rendered_with_all_that_it_says(component, example):
    html = rendered(component, example)
    for name, value in component.examples[example].items():
        if component.params[name].kind == "str" and name not in {"status", "kind"}:
            assert value in html.replace("&#x27;", "'"), f"{name} is not shown"


def test_a_component_refuses_what_it_does_not_take():
    with pytest.raises(contracts.BrokenContract, match="takes no `colour`"):
        COMPONENTS["status"].check({"status", "colour"}, "here")
    with pytest.raises(contracts.BrokenContract, match="needs `status`"):
        COMPONENTS["status"].check(set(), "here")


def test_every_use_of_a_component_keeps_its_contract():
    n_uses = 0
    for template in (WEB / "templates").rglob("*.html"):
        for folder, file, given in _INCLUDE.findall(template.read_text("utf-8")):
            if file != folder:
                continue  # a part that only its own folder uses
            n_uses += 1
            where = str(template.relative_to(WEB))
            assert folder in COMPONENTS, f"{where}: there is no component {folder}"
            # What stands between quotes may hold an equals sign of its own.
            names = set(_GIVEN.findall(re.sub(r'"[^"]*"', '""', given)))
            COMPONENTS[folder].check(names, where)
    assert n_uses > 100


def test_every_component_is_used():
    used = " ".join(path.read_text("utf-8") for path in (WEB / "templates").rglob("*.html"))
    used += (WEB / "forms.py").read_text("utf-8")
    assert [name for name in COMPONENTS if f"components/{name}/{name}.html" not in used] == []


def test_the_gallery_shows_them_all(larks):
    client = Client()
    client.force_login(larks.dilys.user)
    page = client.get(reverse("components")).content.decode()
    assert all(f'id="{name}"' in page for name in COMPONENTS)


def test_the_documentation_names_each_with_its_parameters():
    text = DOCS.read_text("utf-8")
    for component in COMPONENTS.values():
        part = text.partition(f"## {component.name}\n")[2].partition("\n## ")[0]
        assert component.purpose in part.replace("\n", " "), component.name
        assert set(re.findall(r"^\| `([a-z]+)`", part, re.MULTILINE)) == set(component.params)
