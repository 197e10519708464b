"""How Django's forms come out in our look: labels, hints and errors that a screen reader ties to their field."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

# Each kind of input, by the template that Django renders it with, and its class in GOV.UK Frontend.
CLASSES = {
    f"django/forms/widgets/{kind}.html": css
    for css, kinds in {
        "govuk-input": "text email number url tel search date datetime time",
        "govuk-input govuk-password-input__input govuk-js-password-input-input": "password",
        "govuk-textarea": "textarea",
        "govuk-select": "select",
        "govuk-file-upload": "file",
        "govuk-checkboxes__input": "checkbox",
    }.items()
    for kind in kinds.split()
}


class Renderer(TemplatesSetting):
    """Renders `{{ form.name.as_field_group }}` with the field component."""

    field_template_name = "components/field/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name in CLASSES:
            attrs = context["widget"]["attrs"]
            attrs["class"] = f"{CLASSES[template_name]} {attrs.get('class', '')}".strip()
        return super().render(template_name, context, request)


class DayInput(forms.DateInput):
    """A day, chosen with the browser's own calendar or typed."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "govuk-input--width-10", **(attrs or {})}, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and a time, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "govuk-input--width-20", **(attrs or {})}, format="%Y-%m-%dT%H:%M")
