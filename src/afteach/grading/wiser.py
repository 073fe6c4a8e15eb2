"""What the report on a class says of the measure, in words and as tables."""

from __future__ import annotations

from afteach.answers.discernment import Estimate
from afteach.grading.gains import FEWEST, MEASURES, Pooled
from afteach.pages.drawing import percent
from afteach.pages.render import Table
from afteach.words import say


def finding(found: Pooled) -> str:
    """The finding in plain words."""
    if not found.gains:
        return say("report.too_few", compared=found.compared, least=FEWEST)
    told, supported, contradicted = (gain.change for gain in found.gains)
    better, worse = told.low > 0, told.high < 0
    said = [say("report.better" if better else "report.worse" if worse else "report.no_gain")]
    if supported.high < 0 and contradicted.high < 0:
        said.append(say("report.also_less_trust" if better else "report.only_less_trust"))
    elif supported.low > 0 and contradicted.low > 0:
        said.append(say("report.also_more_trust" if better else "report.only_more_trust"))
    return " ".join(said)


def compared(found: Pooled) -> list[str]:
    """Who is compared, who began with which form, and whether a form that is harder cancels."""
    forms = ", ".join(say("report.began_with", count=count, form=form) for form, count in found.began_with.items())
    said = [say("report.compared", count=found.compared, forms=forms, others=found.begun)]
    if found.gains:
        said.append(say("report.balanced" if found.is_balanced else "report.not_balanced"))
    return said


def gains_table(found: Pooled) -> Table | None:
    """Each measure before and after; None where there is none."""
    rows = [
        [say(f"report.{gain.name}"), *(_estimate(one, gain.name == MEASURES[0]) for one in gain[1:])]
        for gain in found.gains
    ]
    head = [say("measure.what"), say("report.before"), say("report.after"), say("measure.change")]
    return Table(say("report.gains"), head, rows, numbers=[1, 2, 3]) if rows else None


def _estimate(one: Estimate, is_share: bool) -> str:
    value, low, high = (format(part, ".2f" if is_share else ".0f").replace("-", "−") for part in one)
    return say("measure.estimate", value=value, low=low, high=high)


def bands_table(found: Pooled) -> Table | None:
    """Calibration; None where there is none."""
    rows = []
    for band in found.bands:
        value, low, high = map(percent, band.share)
        where = say(f"report.{band.half}"), say("measure.band", low=band.low, high=band.high)
        rows.append([*where, band.number, f"{band.mean:.0f}", say("measure.estimate", value=value, low=low, high=high)])
    head = [
        say(name) for name in ("measure.half", "report.rated", "report.ratings", "measure.mean", "measure.borne_out")
    ]
    return Table(say("report.calibration"), head, rows, numbers=[2, 3, 4]) if rows else None
