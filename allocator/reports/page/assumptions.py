"""The model in sentences: what the figures rest on."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.model import Area, Coupling, Model
from allocator.wording import area_name, figure, in_sentence, names, per_cent

DRIVERS = {
    "opportunities": "opportunity created",
    "worked": "opportunity worked",
    "wins": "win",
}


def assumptions(model: Model) -> Iterator[str]:
    """What the model says of the period, of each area and of how areas carry one another."""
    steps = "" if model.steps == 1 else f" in {model.steps} steps"
    yield (
        f"Model “{model.name}”: {figure(model.period_days)} days{steps}; what books after them counts "
        f"{per_cent(model.objective.later, 0)}"
    )
    for name, area in model.areas.items():
        yield f"{area_name(name)}: {'; '.join(_area(area))}"
    for coupling in model.couplings:
        why = f" {coupling.why.rstrip('.')}." if coupling.why else ""
        yield f"{coupling.name}:{why} {_coupling(coupling)}"


def _area(area: Area) -> Iterator[str]:
    least, most = (per_cent(share, 0) for share in area.share)
    yield f"{least} to {most} of a territory's hours"
    if area.creates:
        potential = ""
        if area.potential is not None:
            potential = f", up to {area.potential:g} times today's where the plan gives no potential"
        yield f"creates opportunities with falling returns{potential}"
    if area.works:
        depths = names(
            f"{depth.name} (effort × {depth.effort:g}, win rate × {depth.win:g})"
            for depth in area.depths
        )
        yield f"works opportunities {depths}"
        yield f"{per_cent(area.decay, 0)} of those left unworked are lost over the period"
        yield f"at the end, {area.end_pipeline:g} times as many stay open as at the start"
    if area.renewals is not None:
        found = area.renewals
        yield (
            f"renews {per_cent(found.rate, 0)} where the plan says nothing, of which "
            f"{per_cent(found.floor, 0)} without any hours; endless hours close "
            f"{per_cent(found.headroom, 0)} of the gap to 100%"
        )


def _coupling(coupling: Coupling) -> str:
    driver = f"each {DRIVERS[coupling.by]} from {names(map(in_sentence, coupling.of))}"
    lag = f", {coupling.lag} steps later" if coupling.lag else ""
    target = in_sentence(coupling.target)
    if coupling.grows:
        return (
            f"{driver[:1].upper()}{driver[1:]} widens the market of {target} by {coupling.rate:g}{lag}"
        )
    return (
        f"{area_name(coupling.target)} brings at most {per_cent(coupling.goodwill, 0)} of today's "
        f"opportunities and {coupling.rate:g} for {driver}{lag}"
    )
