"""The model: which areas there are, what each one does, and how they carry one another.

A model file (`models/*.toml`) declares everything here; the engine knows no area by name.
All classes are frozen and checked as they are built: a `Model` that exists is usable.
"""

from __future__ import annotations

import difflib
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StrictBool, model_validator

from allocator.characters import invisible

Share = Annotated[float, Strict(), Field(ge=0, le=1)]
AtLeastZero = Annotated[float, Strict(), Field(ge=0, le=1e6)]
Positive = Annotated[float, Strict(), Field(gt=0, le=1e6)]
WholeNumber = Annotated[int, Strict()]


class InconsistentError(ValueError):
    """Parts of a model that are right one by one and can't stand together.

    `remedy` says what to write instead; `at` is the place that it is about, from the part that found
    it: keys, and numbers of couplings from 0.
    """

    def __init__(self, message: str, remedy: str, at: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.remedy, self.at = remedy, at


def _shown(name: str) -> str:
    """A name as it is, if all of it can be seen."""
    if hidden := invisible(name):
        message = f"a name has an invisible or control character (U+{ord(hidden):04X})"
        raise InconsistentError(message, "Type the name anew without it")
    return name


Name = Annotated[str, Strict(), Field(min_length=1, max_length=200), AfterValidator(_shown)]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Depth(_Declared):
    """How thoroughly an opportunity is worked, relative to standard depth.

    `effort` multiplies the hours per opportunity, `win` multiplies the win rate.
    """

    name: Name
    effort: Positive
    win: AtLeastZero


class Renewals(_Declared):
    """How hours renew recurring revenue.

    `rate`: share renewed with today's hours, where the plan gives none. `floor`: share of that
    rate which renews with no hours at all. `headroom`: share of the gap between today's rate and
    1 that endless hours would close.
    """

    rate: Annotated[float, Strict(), Field(ge=0, lt=1)]
    floor: Share
    headroom: Annotated[float, Strict(), Field(gt=0, le=1)]


class Area(_Declared):
    """One way to spend hours.

    `creates` opportunities along a response curve that saturates at `potential` times today's
    opportunities; or `works` opportunities (one area does) at one of the `depths`; or renews
    recurring revenue. `share` is the least and the most of a territory's hours. `decay` is the
    share of unworked opportunities lost over one period, `end_pipeline` the open opportunities to
    leave at the end, times those open at the start; both belong to the area that works.
    """

    creates: StrictBool = False
    works: StrictBool = False
    potential: Annotated[float, Strict(), Field(gt=1, le=1e6)] | None = None
    share: tuple[Share, Share] = (0.0, 1.0)
    decay: Share = 0.0
    end_pipeline: AtLeastZero = 0.0
    depths: tuple[Depth, ...] = ()
    renewals: Renewals | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        low, high = self.share
        if low > high:
            message = f"share = [{low:g}, {high:g}] has its least above its most"
            raise InconsistentError(message, f"Write share = [{high:g}, {low:g}]", ("share",))
        if self.creates and self.works:
            message = "an area creates opportunities or works them, not both"
            raise InconsistentError(message, "Drop creates = true or works = true", ("works",))
        if not self.works and (self.depths or self.decay or self.end_pipeline):
            message = "decay, end_pipeline and depths belong to the area with works = true"
            raise InconsistentError(message, "Move them there, or write works = true here")
        if not self.creates and self.potential is not None:
            message = "potential belongs to an area with creates = true"
            raise InconsistentError(message, "Drop it, or write creates = true", ("potential",))
        if self.works and not self.depths:
            remedy = 'Write depths = [{ name = "standard", effort = 1.0, win = 1.0 }]'
            message = "the area that works needs depths, at least a standard one"
            raise InconsistentError(message, remedy, ("works",))
        self._check_depths()
        return self

    def _check_depths(self) -> None:
        names = [depth.name for depth in self.depths]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InconsistentError(
                f"two depths are called '{twice}'", "Rename one of them", ("depths",)
            )
        by_effort = sorted(self.depths, key=lambda depth: depth.effort)
        for less, more in pairwise(by_effort):
            if more.win / more.effort >= less.win / less.effort:
                most = less.win / less.effort * more.effort
                raise InconsistentError(
                    f"depth '{more.name}' wins as much per hour as '{less.name}' or more: "
                    "wins per hour must fall as depths get deeper",
                    f"Lower win of '{more.name}' below {most:.4g}, or raise its effort",
                    ("depths", self.depths.index(more)),
                )


class Coupling(_Declared):
    """How one thing that happens limits, or grows, what another area creates.

    The *driver* is what the sources in `of` have done in a step: `opportunities` created,
    `worked`, or `wins`. It either `limits` an area (new opportunities stay below `goodwill` times
    today's plus `rate` times the driver) or `grows` it (its market widens by `rate` opportunities
    for each one of the driver), `lag` steps later.
    """

    name: Name
    why: str = ""
    limits: str | None = None
    grows: str | None = None
    goodwill: AtLeastZero = 0.0
    by: Literal["opportunities", "worked", "wins"]
    of: Annotated[tuple[str, ...], Field(min_length=1)]
    rate: AtLeastZero
    lag: Annotated[WholeNumber, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _one_effect(self) -> Self:
        if (self.limits is None) == (self.grows is None):
            message = "give either limits or grows, and not both"
            remedy = "Write limits for what holds an area back, grows for what widens its market"
            raise InconsistentError(message, remedy)
        if self.grows is not None and self.goodwill:
            message = "goodwill belongs to a coupling that limits"
            raise InconsistentError(message, "Drop it, or write limits in place of grows", ("goodwill",))
        if len(set(self.of)) < len(self.of):
            raise InconsistentError("an area stands twice in of", "Name each area once", ("of",))
        return self

    @property
    def target(self) -> str:
        """The area that this coupling limits or grows."""
        return self.limits or self.grows or ""


class Objective(_Declared):
    """What is maximized: revenue, where what books after the period counts `later` times."""

    later: Share = 1.0


class Model(_Declared):
    """The areas, how they couple, and the period they are planned for.

    `period_days` is what one plan covers, in days; `steps` divides it (1 steady state, 3 months,
    13 weeks of a quarter). Raises `pydantic.ValidationError` when it is built from something that
    does not hold together; `allocator.read_model` turns that into the user's words.
    """

    name: Name
    period_days: Annotated[float, Strict(), Field(ge=1, le=3660)] = 91
    steps: Annotated[WholeNumber, Field(ge=1, le=366)] = 1
    objective: Objective = Objective()
    areas: Mapping[Name, Area]
    couplings: tuple[Coupling, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        self._check_areas()
        for place, coupling in enumerate(self.couplings):
            self._check_coupling(coupling, ("couplings", place))
        twice = [name for name, count in Counter(c.name for c in self.couplings).items() if count > 1]
        if twice:
            places = [at for at, coupling in enumerate(self.couplings) if coupling.name == twice[0]]
            message = f"two couplings are called '{twice[0]}'"
            raise InconsistentError(message, "Rename one of them", ("couplings", places[1], "name"))
        return self

    def _check_areas(self) -> None:
        working = [name for name, area in self.areas.items() if area.works]
        if len(working) != 1:
            message = f"exactly one area has works = true, and here {len(working)} have"
            remedy = "Write it for the area whose hours work the opportunities, and for no other"
            raise InconsistentError(message, remedy, ("areas", *working[1:2], "works"))
        if not self.sources:
            message = "no area has creates = true: nothing would ever be sold"
            raise InconsistentError(
                message, "Write it for the areas that find opportunities", ("areas",)
            )
        if (least := sum(area.share[0] for area in self.areas.values())) > 1 + 1e-9:
            message = f"the least shares of the areas add up to {least:.0%} of the hours"
            raise InconsistentError(message, "Lower them to 100% together, or less", ("areas",))

    def _check_coupling(self, coupling: Coupling, at: tuple[str | int, ...]) -> None:
        """Every area that a coupling names is there, and creates opportunities."""
        effect = "limits" if coupling.limits is not None else "grows"
        for key, names in ((effect, (coupling.target,)), ("of", coupling.of)):
            for name in names:
                if name in self.sources:
                    continue
                why = "creates no opportunities"
                if name not in self.areas:
                    why = f"is not there; the areas are {', '.join(self.areas)}"
                near = difflib.get_close_matches(name[:100], self.sources, n=1)
                guess = f"Did you mean '{near[0]}'? " if near else ""
                raise InconsistentError(
                    f"coupling '{coupling.name}' names the area '{name}', which {why}",
                    f"{guess}Those that create opportunities are {', '.join(self.sources)}",
                    (*at, key),
                )

    @property
    def sources(self) -> tuple[str, ...]:
        """The areas that create opportunities, in the order of the file."""
        return tuple(name for name, area in self.areas.items() if area.creates)

    @property
    def working_area(self) -> str:
        """The one area that works the opportunities."""
        return next(name for name, area in self.areas.items() if area.works)

    @property
    def depths(self) -> tuple[Depth, ...]:
        """How deeply an opportunity can be worked, in the order of the file."""
        return self.areas[self.working_area].depths

    @property
    def kept_per_step(self) -> float:
        """D: the share of the unworked opportunities that is still there a step later."""
        return float((1 - self.areas[self.working_area].decay) ** (1 / self.steps))

    def upper_shares_hold(self, areas: Iterable[str]) -> bool:
        """Whether the upper shares of these areas leave room for all of a territory's hours."""
        return math.fsum(self.areas[area].share[1] for area in areas) >= 1 - 1e-9

    def in_one_step(self) -> Model:
        """The same model, planned in one step; what takes effect later does so within it."""
        declared = self.model_dump()
        couplings = [{**coupling, "lag": 0} for coupling in declared["couplings"]]
        return Model.model_validate({**declared, "steps": 1, "couplings": couplings})

    def with_steps(self, steps: int) -> Model:
        """The same model, planned in another number of steps (lags stay as many steps as given)."""
        return Model.model_validate({**self.model_dump(), "steps": steps})
