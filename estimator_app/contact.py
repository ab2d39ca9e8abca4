"""How a family reaches a person, in whole sentences."""

from __future__ import annotations

from datetime import date

from core.figures import contact_figures, contacts_on
from core.localisation import Name, Text


def contact_route(on: date, municipality: str | None = None) -> list[Text]:
    """When to call, which number if the county has named one for the municipality, and when one is called back."""
    figures = contact_figures(on)
    numbers = [
        Text("{area}: {phone}", {"area": Name(coordinator.area), "phone": Name(coordinator.phone)})
        for coordinator in contacts_on(on).coordinators.value
        if municipality is None or municipality in coordinator.municipalities
    ]
    return [
        Text(
            "Call the service coordinator of your area: {coordinator_first_day}–{coordinator_last_day}, "
            "{coordinator_opens}–{coordinator_closes}.",
            figures,
        ),
        *(
            numbers
            or [
                Text(
                    "You find the telephone number on the website of the wellbeing services county of Central Finland."
                )
            ]
        ),
        Text("You can leave a request to be called back. Working days you wait at most: {call_back_days}.", figures),
    ]


def danger(on: date) -> Text:
    """Where to call when it cannot wait."""
    return Text(
        "In immediate danger call {emergency_number}. Social and crisis emergency services: {social_emergency_number}.",
        contact_figures(on),
    )
