"""The estimate to take along: a printable page in one file, and a link that opens the same case without the income."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from core.fees import KESKI_SUOMI, Estimate
from core.figures import contact_figures
from core.handoff import Handoff, to_query
from core.localisation import Money, Text
from core.outlook import next_rules_from
from core.weekly import visit_text
from estimator_app import day
from estimator_app.estimate_charts import number
from estimator_app.estimate_inputs import AUTHORITIES, Given
from estimator_app.estimate_results import (
    Rows,
    answer_text,
    bands_table,
    comparison,
    hours_shown,
    months_table,
    payers_table,
    period_name,
    rights_of,
    source_name,
)
from estimator_app.words import language, say, tell

STYLE: Final = """
body { font: 1rem/1.5 "Source Sans", "Source Sans 3", Arial, sans-serif; color: #212121; background: #fff; max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin: 1.6rem 0 .4rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; } caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border: 1px solid #5f686d; padding: .3rem .5rem; text-align: left; } td, tr th + th { text-align: right; }
@media (max-width: 30rem) { th, td { padding: .2rem .25rem; font-size: .85rem; hyphens: auto; overflow-wrap: anywhere; } }
.answer { border-left: .4rem solid #00357a; background: #f7f7f8; padding: .7rem 1rem; font-size: 1.15rem; }
a { color: #235a9a; overflow-wrap: anywhere; } small { color: #5f686d; }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; } h2, caption { break-after: avoid; } table, li { break-inside: avoid; } }
"""


def take_with_you(given: Given, estimates: Sequence[Estimate]) -> None:
    """The download and the link; nothing without an estimate."""
    if not estimates:
        return
    st.subheader(say("Take it with you"), anchor=False)
    st.download_button(
        say("Download a summary to print"),
        data=summary(given, estimates),
        file_name=f"{say('home-help-estimate')}.html",
        mime="text/html",
        on_click="ignore",
    )
    st.caption(say("The summary holds what you typed, also your income. It is kept on your own device only."))
    link = link_without_income(given)
    st.markdown(say("This link opens the same case without your income:") + f" [{link}]({link})")


def link_without_income(given: Given) -> str:
    """The address of this page with everything but the income."""
    query = to_query(
        Handoff(
            language=language(),
            household_size=given.household_size,
            hours={} if given.visits else given.hours,
            month=given.month,
            on=given.on,
            visits=given.visits,
            provider_price=given.providers[0].price,
        )
    )
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}/?{query}" if here.netloc else f"/?{query}"


def summary(given: Given, estimates: Sequence[Estimate]) -> str:
    """One self-contained HTML page in the page's language: no script, nothing loaded."""
    cases, main = given.cases(), estimates[0]
    title = say("What home help would cost: estimate of {date}", date=day.today())
    change = next_rules_from(cases[0])
    parts = [
        f"<h1>{escape(title)}</h1>",
        paragraph(tell(answer_text(given, main)), "answer"),
        paragraph(say("This is an estimate, not a decision.")),
        heading(say("What you told")),
        html_table([say("Question"), say("Your answer")], told(given), say("What you told")),
        heading(say("What it would cost")),
        html_table(*comparison(given.providers, estimates), say("Voucher and the county’s own worker")),
        html_table(*payers_table(cases[0], main), say("Who pays what")),
    ]
    for provider, case, result in zip(given.providers, cases, estimates):
        for period in result.periods:
            caption = period_name(period)
            if len(cases) > 1:
                caption = say("{provider}: {period}", provider=provider.name, period=period_name(period))
            parts.append(html_table(*bands_table(case, period), caption))
    parts.append(html_table(*months_table(main), say("Month by month")))
    if change is not None:
        parts.append(
            paragraph(
                say("The rules used here change on {date}. From then on the payment can be different.", date=change)
            )
        )
    parts += [
        heading(say("When you call the service coordinator, have at hand")),
        bullets(at_hand()),
        paragraph(call_times(given)),
        heading(say("How this was calculated")),
        bullets(
            [f"{tell(step.text)} ({source_name(step.source.id, Text(step.source.section))})" for step in main.steps],
            "ol",
        ),
        heading(say("Good to know")),
        bullets([tell(note.text) for note in main.notes]),
    ]
    known = rights_of(given)
    if known:
        parts += [
            heading(say("Your rights")),
            bullets([f"{tell(right.text)} ({source_name(right.source, right.section)})" for right in known]),
        ]
    link = link_without_income(given)
    parts += [
        heading(say("Open again")),
        paragraph(say("This link opens the same case without your income:")),
        f'<p><a href="{escape(link)}">{escape(link)}</a></p>',
        f"<p><small>{escape(rules_line(main))}</small></p>",
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n" + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"
    )


def told(given: Given) -> Rows:
    """What the family told, as rows of question and answer."""
    rows = [
        [say("Persons in the family"), number(given.household_size)],
        [
            say("Income that counts, a month"),
            say("not told") if given.income is None else number(Money(given.income)),
        ],
    ]
    if given.income_detail is not None:
        rows += [[tell(row.name), number(Money(row.monthly))] for row in given.income_detail.rows]
    rows += [[say("Hours a month: {band}", band=band), hours] for band, hours in hours_shown(given)]
    if given.visits:
        rows.append([say("Weekly visits"), number([visit_text(visit) for visit in given.visits])])
    rows += [[say("Start"), number(given.on)], [say("Whose rules?"), tell(AUTHORITIES[given.authority])]]
    return rows


def at_hand() -> list[str]:
    """What a service coordinator is likely to ask."""
    return [
        say("Who belongs to your family and how old the children are."),
        say("What wears you down in everyday life, and what help you hope for."),
        say("Which weekdays and times suit you."),
        say(
            "Your income and that of the spouse or partner you live with, before tax: latest payslips and decisions on allowances."
        ),
        say("Child maintenance that you pay or receive."),
        say("This summary."),
    ]


def call_times(given: Given) -> str:
    return say(
        "The service coordinator of your area answers {coordinator_first_day}–{coordinator_last_day} from {coordinator_opens} to {coordinator_closes}, and calls back within {call_back_days} working days.",
        **contact_figures(given.on if given.authority == KESKI_SUOMI else day.today()),
    )


def rules_line(main: Estimate) -> str:
    status = {
        "confirmed": Text("confirmed"),
        "derived": Text("calculated from an index, not confirmed"),
        "assumed": Text("taken as unchanged, not confirmed"),
    }
    return say("Rules used: {rules}. Status: {status}.", rules=main.rules, status=status[main.rules_status])


# --- HTML ---------------------------------------------------------------------------------------------------------


def heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def paragraph(text: str, style: str = "") -> str:
    return f'<p class="{style}">{escape(text)}</p>' if style else f"<p>{escape(text)}</p>"


def bullets(lines: Sequence[str], kind: str = "ul") -> str:
    return f"<{kind}>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + f"</{kind}>"


def html_table(columns: Sequence[str], rows: Rows, caption: str) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
