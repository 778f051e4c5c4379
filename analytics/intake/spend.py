"""What only spend has: what the money is for, and quarters that are spread over their months."""

from __future__ import annotations

from datetime import date

from analytics.intake.checks import Rows
from analytics.intake.messages import Choice, note
from analytics.language import gettext as _


def motions(rows: Rows, known: dict[str, tuple[str, ...]]) -> None:
    """Spend lines whose name occurs neither as a sales channel nor as a programme: what is the money for?"""
    if rows.kind.name != "spend":
        return
    if "motion" not in rows.columns:
        rows.query("alter table typed add column motion varchar")
    # A name in both says nothing: the tables give such spend no motion either.
    seen = _folded_names(known, "channel") ^ _folded_names(known, "trigger")
    names = [
        n
        for (n,) in rows.query(
            "select distinct channel from typed where out is null and motion is null order by channel"
        )
    ]
    names = [n for n in names if n.strip().lower() not in seen]
    single = {n: rows.answers.all[f"MOTION:{n}"] for n in names if f"MOTION:{n}" in rows.answers.all}
    told = ", ".join(
        f"'{n}' = {motion}" for n, motion in single.items() if f"MOTION:{n}" not in rows.answers.given
    )
    if told:
        rows.answers.say_remembered(told)
    open_names = [n for n in names if n not in single]
    if open_names:
        total, money = rows.query(
            "select count(*), sum(amount) from typed where out is null and motion is null and list_contains(?, channel)",
            [open_names],
        )[0]
        choices = (Choice("acquisition", _("They win new customers."), total, money), Choice("retention", _("They look after existing ones."), total, money),
                   Choice("later", _("Not known yet: load them, and count them in no return until it is known."), total, money))  # fmt: skip
        shown = ", ".join(f"'{n}'" for n in open_names[:8])
        answer = rows.answers.ask(
            "E_MOTION_UNKNOWN",
            _("Is the money for {shown} meant for new or for existing customers?").format(shown=shown),
            choices,
        )
        single |= {n: answer for n in open_names if answer}
    for name, motion in single.items():
        rows.answers.used[f"MOTION:{name}"] = motion  # kept name by name: a new name is asked about
        if motion in ("acquisition", "retention"):
            rows.query("update typed set motion = ? where channel = ? and motion is null", [motion, name])


def _folded_names(known: dict[str, tuple[str, ...]], column: str) -> set[str]:
    return {name.strip().lower() for name in known.get(column, ())}


def quarters(rows: Rows) -> None:
    """Spend that is stated by quarter is spread over its months, and that is said; so are months in other notations."""
    if rows.kind.name != "spend":
        return
    count = rows.query("select count(*) from typed where out is null and spread_months > 1")[0][0]
    if count:
        rows.answers.messages.append(
            note(
                "W_QUARTER_SPREAD",
                _("{count} quarterly amounts were spread evenly over their three months.").format(
                    count=count
                ),
            )
        )
    other = rows.query("select count(*) from typed where out is null and spread_months = 1 and repaired")[0][
        0
    ]
    at = rows.columns["month"].at
    example = rows.query(f"select min(v) from month_map_{at} where changed and months = 1")[0][0]
    if other and example is not None:
        text = _("{count} months in {header} are not written as 2026-07 (such as '{example}').")
        header = rows.header("month")
        rows.answers.messages.append(
            note("W_MONTH_FORMAT", text.format(count=other, header=header, example=example[:40]))
        )


def last_day(rows: Rows, last: date | None) -> date | None:
    """The last day of what starts on `last`: of months and quarters their end, of days the day itself."""
    day = rows.kind.day
    if last is None or day not in rows.columns or rows.columns[day].column.type != "month":
        return last
    months = rows.query("select max(spread_months) from typed where month = ?", [last])[0][0]
    end = last.month + (months or 1)
    return date.fromordinal(date(last.year + (end - 1) // 12, (end - 1) % 12 + 1, 1).toordinal() - 1)


def spread_columns(names: list[str]) -> str:
    """The select list of spend: a quarter is spread evenly over its months, the last takes the cents that remain."""
    share = (
        "cast(case when spread_months = 1 then amount when k < spread_months - 1 then round(amount / spread_months, 2) "
        "else amount - (spread_months - 1) * round(amount / spread_months, 2) end as decimal(18, 4)) as amount"
    )
    month = "cast(month + to_months(cast(k as int)) as date) as month"
    return ", ".join({"amount": share, "month": month}.get(n, n) for n in names) + ", line"
