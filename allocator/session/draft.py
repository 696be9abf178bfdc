"""What a session is at, as text: kept at each change, so that a page that is gone comes back."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from allocator.session.assumptions import LEAST, MOST, Assumptions, LeverName, Limits

Hours = Annotated[float, Field(ge=0, le=1e9)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _Lever(_Part):
    column: LeverName
    territory: str | None
    per_cent: Annotated[int, Field(ge=LEAST, le=MOST)]


class _Row(_Part):
    territory: str
    area: str
    rep: str
    least: Hours | None
    most: Hours | None
    locked: bool


class _Rep(_Part):
    rep: str
    hours: Hours


class Sent(_Part):
    """A plan that was sent to the page: its name, and its table as CSV."""

    name: str
    csv: str


class Draft(_Part):
    """A session at one moment."""

    levers: tuple[_Lever, ...] = ()
    rows: tuple[_Row, ...] = ()
    reps: tuple[_Rep, ...] = ()
    target: Annotated[float, Field(gt=0)] | None = None
    sent: Sent | None = None

    @classmethod
    def of(cls, asked: Assumptions, sent: Sent | None) -> Draft:
        """The draft of these assumptions on a plan; `sent` where it isn't that of the plan's file."""
        return cls(
            levers=tuple(
                _Lever(column=column, territory=territory, per_cent=moved)
                for (column, territory), moved in asked.levers
            ),
            rows=tuple(
                _Row(territory=at[0], area=at[1], rep=at[2], **vars(limits))
                for at, limits in asked.limits
            ),
            reps=tuple(_Rep(rep=rep, hours=hours) for rep, hours in asked.hours),
            target=asked.target,
            sent=sent,
        )

    @property
    def assumptions(self) -> Assumptions:
        """The assumptions that it was made of."""
        return Assumptions(
            levers=tuple(((one.column, one.territory), one.per_cent) for one in self.levers),
            limits=tuple(
                ((one.territory, one.area, one.rep), Limits(one.least, one.most, one.locked))
                for one in self.rows
            ),
            hours=tuple((one.rep, one.hours) for one in self.reps),
            target=self.target,
        )


def to_text(draft: Draft) -> str:
    """The draft as JSON."""
    return draft.model_dump_json(exclude_defaults=True)


def from_text(text: str) -> Draft | None:
    """The draft that a text holds; None where it holds none that this version can read."""
    try:
        return Draft.model_validate_json(text)
    except ValidationError:
        return None
