"""Corrupted answers on random plans: nothing wrong gets past the certificate.

A corruption (scripts/corruptions.py) changes what a solver answers, or what the passes make of that, on
its way to the certificate. It is caught if `allocate` refuses to answer. An answer that comes all the
same is held to the reference formulation (scripts/truth.py): what that contradicts was missed. What it
finds right was not corrupted after all (an idle hour moved between equals, a dual of a pass whose duals
nobody uses), doesn't count, and another plan is tried. Honest answers have to pass: refusing everything
would catch everything.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Literal
from unittest.mock import patch

from campaign import each, options, report
from corruptions import CORRUPTIONS
from random_plans import Case, random_case
from truth import Truth

from allocator.allocation import Allocation, allocate
from allocator.errors import AllocatorError, CertificateError, InfeasibleError, SolverError
from allocator.solving import optimum

MOST_PLANS = 400
HELD_TO_THE_REFERENCE = 10
"""Of so many honest answers one is held to the reference, which must find it right."""
STABILITIES = (0.000001, 0.01)
Ending = Literal["caught", "refused", "missed", "right", "untouched"]


@dataclass
class Tried:
    """One kind of corruption on as many plans as it took until it was one.

    `ending`: "caught" by the certificate, "refused" before it came to that, or "missed"; "right" or
    "untouched" where no plan's answer was corrupted. `right`: the changed answers that were right.
    `wrong` does not hold.
    """

    kind: str
    plans: int = 0
    right: int = 0
    ending: Ending = "untouched"
    honest: int = 0
    wrong: str = ""


def tried(case_at: tuple[int, int]) -> Tried:
    """Corrupt answers in the way that this number stands for, until one is corrupted."""
    seed, number = case_at
    random = Random(f"corrupt {seed}/{number}")  # noqa: S311 (cases, not secrets)
    kind = list(CORRUPTIONS)[number % len(CORRUPTIONS)]
    found = Tried(kind)
    for attempt in range(MOST_PLANS):
        plan = number * MOST_PLANS + attempt
        case, stability = random_case(seed, plan), random.choice(STABILITIES)
        truth = Truth(case, stability)
        try:
            answer, calls = _honest(case, stability)
        except InfeasibleError:
            continue
        except AllocatorError as error:
            found.wrong = f"plan {plan}: an honest answer was refused: {error}"
            return found
        found.plans += 1
        if number % HELD_TO_THE_REFERENCE == 0 and not attempt:
            found.honest += 1
            found.wrong = truth.what_is_wrong(answer)
        if found.wrong:
            found.wrong = f"plan {plan}: an honest answer is called wrong: {found.wrong}"
            return found
        found.ending, wrong = _corrupted(truth, kind, random, calls)
        if found.ending == "missed":
            found.wrong = f"plan {plan}: {wrong}"
        found.right += found.ending == "right"
        if found.ending not in {"right", "untouched"}:
            return found
    return found


def _honest(case: Case, stability: float) -> tuple[Allocation, int]:
    """The answer, and how often a solver was asked for it."""
    with patch.object(optimum, "solve", wraps=optimum.solve) as solve:
        answer = allocate(case.plan, case.model, stability=stability)
    return answer, solve.call_count


def _corrupted(truth: Truth, kind: str, random: Random, calls: int) -> tuple[Ending, str]:
    """How it ends if the answer to a case is corrupted, and what is wrong with an answer that comes."""
    case = truth.case
    try:
        with CORRUPTIONS[kind].at_work(random, calls) as seen:
            answer = allocate(case.plan, case.model, stability=truth.stability)
    except CertificateError:
        return "caught", ""
    except SolverError:
        return "refused", ""
    except InfeasibleError:
        return "missed", "no split keeps every limit, it was said, and one does"
    if not seen.changed:
        return "untouched", ""
    wrong = truth.what_is_wrong(answer)
    return ("missed", wrong) if wrong else ("right", "")


def main() -> int:
    """Corrupt so many answers; the exit code says whether all of them were stopped."""
    arguments = options(__doc__, 1_000).parse_args()
    numbers = [(arguments.seed, at) for at in range(arguments.cases)]
    return verdict(list(each(tried, numbers, arguments.workers)), arguments.seed)


def verdict(results: list[Tried], seed: int) -> int:
    """The table of the campaign, and whether every corruption was stopped."""
    endings = Counter(found.ending for found in results)
    figures: list[tuple[str, object]] = [
        ("corrupted answers", endings["caught"] + endings["refused"] + endings["missed"]),
        ("  caught by the certificate", endings["caught"]),
        ("  refused before that", endings["refused"]),
        ("  missed", endings["missed"]),
        ("plans, with an honest answer that passed", sum(found.plans for found in results)),
        ("  held to the reference", sum(found.honest for found in results)),
        ("changed answers that were right all the same", sum(found.right for found in results)),
    ]
    for kind in CORRUPTIONS:
        of_kind = [found for found in results if found.kind == kind]
        ends = Counter(found.ending for found in of_kind)
        if of_kind:
            stopped = ends["caught"] + ends["refused"]
            right = sum(found.right for found in of_kind)
            figures.append(
                (kind, f"{stopped} stopped, {ends['missed']} missed, {right} right all the same")
            )
    return report(figures, [f"seed {seed}, {f.kind}, {f.wrong}" for f in results if f.wrong])


if __name__ == "__main__":
    sys.exit(main())
