"""What must hold of every case, whatever the figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.eligibility import assess
from core.fees import Case, Estimate, capped_share, estimate, exact_hours, full_share, income_limit, payment_percentage
from core.money import parse_euro, to_cents
from core.ruleset import BANDS, WEEKDAYS, Band, HomeService, National, period_for, rule_book
from core.visits import Visit, monthly_hours, split

FIRST, LAST = date(2024, 1, 1), date(2027, 12, 31)
CENT = Decimal("0.01")


def euros(least: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(least * 100, most * 100).map(lambda cents: Decimal(cents) / 100)


quarter_hours = st.integers(1, 4 * 100).map(lambda quarters: Decimal(quarters) / 4)
third_hours = st.integers(1, 3 * 60).map(lambda thirds: Decimal(thirds) / 3)
hours_by_band = st.dictionaries(st.sampled_from(BANDS), quarter_hours | third_hours, min_size=1)
prices = st.dictionaries(st.sampled_from(BANDS), euros(0, 120))
cases = st.builds(
    Case,
    on=st.dates(FIRST, LAST),
    household_size=st.integers(1, 30),
    hours=hours_by_band,
    monthly_income=euros(0, 9000) | st.none(),
    provider_price=prices,
)
visits = st.builds(
    lambda day, start, end, times: Visit(day, clock(start), clock(end), Decimal(times)),
    st.sampled_from(WEEKDAYS),
    st.integers(0, 24 * 60 - 1),
    st.integers(0, 24 * 60),
    st.sampled_from(["0.5", "1", "2", "4", "4.3333", "5"]),
)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def rules(case: Case) -> tuple[HomeService, National]:
    book = rule_book()
    home = period_for(book.home_service[case.authority], case.authority, case.on)
    return home, period_for(book.national, "national rules", case.on)


def with_income(case: Case, income: Decimal | None) -> Case:
    return Case(case.on, case.household_size, case.hours, income, case.provider_price, case.authority)


def shares(result: Estimate, case: Case) -> dict[Band, Decimal]:
    """The family's share per hour after the first months: the maximum voucher less the voucher."""
    bands = rules(case)[0].bands.value
    return {fee.band: bands[fee.band].maximum - fee.voucher for fee in result.periods[1].bands}


@given(cases)
def test_copayment_is_never_negative_and_voucher_never_leaves_its_limits(case: Case) -> None:
    result, bands = estimate(case), rules(case)[0].bands.value
    for period in result.periods:
        assert period.copayment_total >= 0
        assert period.voucher_total >= 0
        for fee in period.bands:
            assert fee.copayment >= 0
            assert bands[fee.band].minimum <= fee.voucher <= bands[fee.band].maximum


@given(cases)
def test_county_and_family_together_pay_the_price(case: Case) -> None:
    for period in estimate(case).periods:
        for fee in period.bands:
            assert fee.copayment + min(fee.voucher, fee.price) == fee.price
        whole = sum(exact_hours(case.hours[fee.band]) * Fraction(fee.price) for fee in period.bands)
        assert abs(Fraction(period.voucher_total + period.copayment_total) - whole) <= Fraction(CENT)


@given(cases)
def test_a_month_of_shares_never_exceeds_the_exact_cap(case: Case) -> None:
    assume(case.monthly_income is not None)
    result, (_, national) = estimate(case), rules(case)
    hours = sum(map(exact_hours, case.hours.values()))
    row = national.percentages.value[min(38, max(4, int(hours + Fraction(1, 2))))]
    excess = max(Decimal(0), case.monthly_income - income_limit(national.income_limits.value, case.household_size))
    cap = Fraction(row[min(6, case.household_size) - 1] * excess) / 100
    per_hour = shares(result, case)
    assert sum(exact_hours(case.hours[band]) * Fraction(share) for band, share in per_hour.items()) <= cap
    assert result.periods[1].monthly_cap == to_cents(cap)


@given(cases)
def test_no_share_could_be_a_cent_larger(case: Case) -> None:
    assume(case.monthly_income is not None)
    result, (home, national) = estimate(case), rules(case)
    excess = max(Decimal(0), case.monthly_income - income_limit(national.income_limits.value, case.household_size))
    hours = {band: exact_hours(number) for band, number in case.hours.items()}
    row = national.percentages.value[min(38, max(4, int(sum(hours.values()) + Fraction(1, 2))))]
    cap = Fraction(row[min(6, case.household_size) - 1] * excess) / 100
    full = {band: Fraction(full_share(home.bands.value[band])) for band in hours}
    part = min(Fraction(1), cap / sum(hours[band] * full[band] for band in hours))
    for band, share in shares(result, case).items():
        assert Fraction(share) <= full[band] * part < Fraction(share + CENT)


@given(cases, euros(0, 9000), euros(0, 3000))
@example(Case(FIRST, 4, {"weekday_day": Decimal(12)}), Decimal(2338), CENT)
def test_earning_more_never_costs_less(case: Case, income: Decimal, more: Decimal) -> None:
    lower, higher = estimate(with_income(case, income)), estimate(with_income(case, income + more))
    for less, greater in zip(lower.periods, higher.periods):
        assert less.copayment_total <= greater.copayment_total
        assert less.own_service_total <= greater.own_service_total
        assert less.voucher_total >= greater.voucher_total
        assert all(one.copayment <= other.copayment for one, other in zip(less.bands, greater.bands))


@given(cases, euros(0, 9000))
def test_unknown_income_is_never_cheaper_than_a_known_one(case: Case, income: Decimal) -> None:
    unknown, known = estimate(with_income(case, None)), estimate(with_income(case, income))
    assert unknown.income_over_limit is None
    assert [period.monthly_cap for period in unknown.periods] == [None, None]
    for most, less in zip(unknown.periods, known.periods):
        assert most.copayment_total >= less.copayment_total


@given(cases)
def test_own_service_costs_the_share(case: Case) -> None:
    result, bands = estimate(case), rules(case)[0].bands.value
    later = sum(exact_hours(case.hours[band]) * Fraction(share) for band, share in shares(result, case).items())
    assert result.periods[1].own_service_total == to_cents(Fraction(later))
    first = sum(
        exact_hours(case.hours[fee.band]) * Fraction(bands[fee.band].maximum - fee.voucher)
        for fee in result.periods[0].bands
    )
    assert result.periods[0].own_service_total == to_cents(Fraction(first))


@given(cases)
def test_at_the_largest_voucher_as_price_the_voucher_costs_the_same_as_own_service(case: Case) -> None:
    for period in estimate(Case(case.on, case.household_size, case.hours, case.monthly_income)).periods:
        assert period.copayment_total == period.own_service_total


@given(cases, st.integers(1, 29))
def test_a_larger_family_has_a_larger_limit_and_never_pays_more(case: Case, size: int) -> None:
    limits = rules(case)[1].income_limits.value
    assert income_limit(limits, size) < income_limit(limits, size + 1)
    smaller, larger = (
        estimate(Case(case.on, persons, case.hours, case.monthly_income, case.provider_price))
        for persons in (size, size + 1)
    )
    for before, after in zip(smaller.periods, larger.periods):
        assert after.copayment_total <= before.copayment_total


@given(st.dates(FIRST, LAST), quarter_hours, quarter_hours, st.integers(1, 30))
def test_percentage_never_falls_with_hours_and_never_rises_with_persons(
    on: date, hours: Decimal, more: Decimal, size: int
) -> None:
    table = period_for(rule_book().national, "national rules", on).percentages.value
    assert payment_percentage(table, hours, size) <= payment_percentage(table, hours + more, size)
    assert payment_percentage(table, hours, size) >= payment_percentage(table, hours, size + 1)


@given(euros(1, 22), euros(0, 500), st.integers(1, 60 * 200))
def test_capped_share_is_the_largest_whole_cent_below_the_cap(full: Decimal, cap: Decimal, minutes: int) -> None:
    uncapped = Fraction(minutes, 60) * Fraction(full)
    share = capped_share(full, cap, uncapped)
    exact = Fraction(full) * min(Fraction(1), Fraction(cap) / uncapped)
    assert share == share.quantize(CENT)
    assert Fraction(share) <= exact < Fraction(share + CENT)


@given(cases)
def test_the_same_case_has_the_same_answer_in_any_order_of_bands(case: Case) -> None:
    turned = dict(reversed(case.hours.items()))
    assert estimate(case) == estimate(
        Case(case.on, case.household_size, turned, case.monthly_income, case.provider_price)
    )


@given(visits, st.dates(FIRST, LAST))
@example(Visit("sun", "23:59", "23:59", Decimal(1)), FIRST)
@example(Visit("sat", "00:00", "24:00", Decimal(1)), FIRST)
def test_a_visits_bands_sum_to_its_length(visit: Visit, on: date) -> None:
    bands = period_for(rule_book().home_service["keski-suomi"], "keski-suomi", on).bands.value
    start, end = (int(time[:2]) * 60 + int(time[3:]) for time in (visit.start, visit.end))
    length = end - start if end > start else end - start + 24 * 60
    minutes = split(visit, bands)
    assert sum(minutes.values()) == length
    assert all(count > 0 for count in minutes.values())
    month = monthly_hours([visit], bands)
    assert sum(map(exact_hours, month.values())) == Fraction(length) * Fraction(visit.times_per_month) / 60


@given(visits, st.integers(1, 24 * 60 - 1))
def test_a_visit_in_two_parts_has_the_same_bands(visit: Visit, at: int) -> None:
    bands = period_for(rule_book().home_service["keski-suomi"], "keski-suomi", FIRST).bands.value
    start, end = (int(time[:2]) * 60 + int(time[3:]) for time in (visit.start, visit.end))
    length = end - start if end > start else end - start + 24 * 60
    assume(at < length)
    middle = clock((start + at) % (24 * 60))
    next_day = WEEKDAYS[(WEEKDAYS.index(visit.weekday) + (start + at) // (24 * 60)) % 7]
    parts = [
        split(Visit(visit.weekday, visit.start, middle, Decimal(1)), bands),
        split(Visit(next_day, middle, visit.end, Decimal(1)), bands),
    ]
    both = {band: sum(part.get(band, 0) for part in parts) for band in BANDS}
    assert {band: count for band, count in both.items() if count} == split(visit, bands)


@given(
    st.lists(st.sampled_from(sorted(rule_book().home_service["keski-suomi"][0].situations.value))),
    st.dates(FIRST, LAST),
)
def test_every_mix_of_situations_has_the_outcome_of_its_effects(situations: list[str], on: date) -> None:
    result = assess(situations, on)
    effects = [reason.effect for reason in result.reasons]
    assert [reason.situation for reason in result.reasons] == list(dict.fromkeys(situations))
    if "ground" in effects:
        expected = "partly" if "exclusion" in effects else "likely"
    elif "discretionary" in effects:
        expected = "discretionary"
    else:
        expected = "unlikely" if effects else "unclear"
    assert result.outcome == expected


@given(euros(0, 9_999_999), st.sampled_from(["{0},{1}", "{0}.{1}", "{0},{1} €", "€ {0}.{1}", " {0},{1}\u00a0eur"]))
def test_an_amount_reads_back_as_it_is_written(amount: Decimal, pattern: str) -> None:
    whole, cents = f"{amount:.2f}".split(".")
    assert parse_euro(pattern.format(whole, cents)) == amount


@given(euros(1000, 9_999_999), st.sampled_from([" ", "\u00a0", "\u202f", "."]))
def test_thousands_set_apart_read_back(amount: Decimal, separator: str) -> None:
    whole, cents = f"{amount:,.2f}".split(".")
    assert parse_euro(f"{whole.replace(',', separator)},{cents}") == amount


def test_the_dates_of_the_properties_are_those_of_the_rules() -> None:
    periods = rule_book().home_service["keski-suomi"]
    assert periods[0].valid.start == FIRST
    assert periods[-1].valid.end == LAST
    assert all(later.valid.start - earlier.valid.end == timedelta(1) for earlier, later in pairwise(periods))
