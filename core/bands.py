"""How a time band is called."""

from __future__ import annotations

from collections.abc import Mapping

from core.localisation import Text
from core.ruleset import Band, BandRule
from core.visits import minute_of_day


def band_name(band: Band, bands: Mapping[Band, BandRule]) -> Text:
    """The band's name with its hours of the clock, such as "Weekdays 6–18"."""
    times = bands[band].times
    start, end = minute_of_day(times[-1].start) // 60, minute_of_day(times[0].end) // 60
    hours = {"start": start, "end": end}
    match band:
        case "weekday_day":
            return Text("Weekdays {start}–{end}", hours)
        case "weekday_evening":
            return Text("Weekday evenings {start}–{end}", hours)
        case "saturday_day":
            return Text("Saturdays {start}–{end}", hours)
        case "night":
            return Text("Nights {start}–{end}", hours)
        case "sunday":
            return Text("Sundays, and Saturdays from {start} on", {"start": minute_of_day(times[0].start) // 60})
