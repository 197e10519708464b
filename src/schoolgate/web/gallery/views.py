"""The gallery."""

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from schoolgate.people.rules import Role
from schoolgate.web.gallery import contracts, samples
from schoolgate.web.permissions import allow
from schoolgate.web.request import StaffRequest


@require_safe
@allow(Role.TECHNICIAN)
def components(request: StaffRequest) -> HttpResponse:
    """Every component with every example."""
    shown = [
        {"component": one, "examples": [(name, rendered(one, name)) for name in one.examples]}
        for one in contracts.components()
    ]
    return render(request, "gallery/show.html", {"shown": shown})


def rendered(component: contracts.Component, example: str) -> SafeString:
    """Return one example as HTML. A field is rendered the way that forms do it."""
    kinds = {name: param.kind for name, param in component.params.items()}
    values = samples.context(component.examples[example], kinds, f"{component.name}-{slug(example)}")
    if component.name == "field":
        return SafeString(values["field"].as_field_group())
    return render_to_string(component.template, values)


def slug(text: str) -> str:
    """A name as a part of an id."""
    return text.replace(" ", "-")
