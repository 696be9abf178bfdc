"""Models: the shipped ones are what they say, and a file that is no model is refused with the remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from allocator import allocate, models, read_model, read_plan
from allocator.errors import ModelError
from allocator.model import Area, Coupling, Depth, Model, Objective, Renewals
from allocator.reading import model_text

ROOT = Path(__file__).parents[1]
SHIPPED = tuple(sorted(path.stem for path in (ROOT / "models").glob("*.toml")))
BASE = model_text("sales_execution")
SOURCES = ("prospecting", "account_development", "partners")


def test_listed():
    """All shipped models are listed, each with one line that says what it is for."""
    assert tuple(models()) == SHIPPED
    assert all(20 < len(line) <= 80 for line in models().values())
    assert len(set(models().values())) == len(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_models_load_by_name_and_by_path(name):
    """A shipped model is the same by its name and by its file."""
    assert read_model(name) == read_model(ROOT / "models" / f"{name}.toml")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_models_solve_the_example(name):
    """Every shipped model finds a certified split of the example plan."""
    model = read_model(name)
    found = allocate(read_plan(ROOT / "inputs" / "plan.csv", model), model)
    assert found.revenue > 0
    assert found.revenue_optimal >= found.revenue * (1 - 1e-9)


def test_sales_execution_is_the_contract():
    """The default model has the areas, depths, couplings and coefficients of the formulation."""

    def by_wins(name: str, area: str, rate: float, why: str) -> Coupling:
        return Coupling(name=name, why=why, grows=area, by="wins", of=SOURCES, rate=rate, lag=0)

    assert read_model("sales_execution") == Model(
        name="Sales execution",
        period_days=91,
        steps=1,
        objective=Objective(later=1.0),
        areas={
            "prospecting": Area(creates=True, potential=2.5, share=(0.10, 0.60)),
            "opportunity_management": Area(
                works=True,
                share=(0.10, 0.60),
                decay=0.5,
                end_pipeline=1.0,
                depths=(
                    Depth(name="light", effort=0.50, win=0.60),
                    Depth(name="standard", effort=1.00, win=1.00),
                    Depth(name="deep", effort=1.75, win=1.40),
                ),
            ),
            "account_development": Area(
                creates=True,
                potential=2.0,
                share=(0.10, 0.60),
                renewals=Renewals(rate=0.90, floor=0.85, headroom=0.50),
            ),
            "partners": Area(creates=True, potential=2.0, share=(0.10, 0.60)),
        },
        couplings=(
            Coupling(
                name="Partner trust",
                why="Partners bring opportunities to a team that works the ones they brought.",
                limits="partners",
                goodwill=0.20,
                by="worked",
                of=("partners",),
                rate=1.10,
                lag=0,
            ),
            by_wins(
                "References",
                "prospecting",
                0.30,
                "Every win brings references that prospecting can call on.",
            ),
            by_wins("New accounts", "account_development", 0.40, "Every win is an account to develop."),
        ),
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_every_coefficient_says_where_it_comes_from(name):
    """Each number in a model has a comment on its line: a unit, a source or "assumption"."""
    lines = model_text(name).split("\n")
    numbered = [line for line in lines if re.search(r"=\s*\[?\s*[\d.]+", line.split("#")[0])]
    assert len(numbered) > 20
    said = re.compile(
        r"assumption|\b(19|20)\d\d\b|days|steps|hours|times|share|weight|definition", re.IGNORECASE
    )
    assert [line for line in numbered if not said.search(line.partition("#")[2])] == []


BAD = [
    ("decay = 0.5", "decayy = 0.5", ["areas.opportunity_management.decayy", "Did you mean decay?"]),
    ("period_days = 91", "period_day = 91", ["period_day", "Did you mean period_days?"]),
    ("rate = 1.10", "rates = 1.10", ["'Partner trust'", "rates", "Did you mean rate?"]),
    ("effort = 0.50", "efort = 0.50", ["'light'", "Did you mean effort?"]),
    ('limits = "partners"', 'limits = "partnrs"', ["'Partner trust'", "'partnrs'", "partners"]),
    ('of = ["partners"]', 'of = ["partner"]', ["'Partner trust'", "'partner'", "the areas are"]),
    ('of = ["partners"]', 'of = ["opportunity_management"]', ["creates no opportunities"]),
    ('of = ["partners"]', "of = []", ["'Partner trust'", "of"]),
    ('limits = "partners"', "", ["'Partner trust'", "either limits or grows"]),
    ("creates = true", "works = true", ["areas.prospecting"]),
    ("share = [0.10, 0.60]", "share = [0.70, 0.60]", ["areas.prospecting", "0.7", "0.6"]),
    ("share = [0.10, 0.60]", "share = [0.75, 0.80]", ["105%"]),
    ("share = [0.10, 0.60]", "share = 0.5", ["areas.prospecting.share", "0.5"]),
    ("win = 1.40", "win = 1.90", ["'deep'", "'standard'", "fall"]),
    ("decay = 0.5", "decay = true", ["areas.opportunity_management.decay"]),
    ("potential = 2.5", 'potential = "2.5"', ["areas.prospecting.potential", "2.5"]),
    ("potential = 2.5", "potential = 1", ["areas.prospecting.potential", "greater than 1"]),
    ("creates = true", 'creates = "yes"', ["areas.prospecting.creates", "yes"]),
    ("steps = 1", "steps = true", ["steps"]),
    ("steps = 1", 'steps = "3"', ["steps"]),
    ("steps = 1", "steps = 0", ["steps"]),
    ("steps = 1", "steps = 2.5", ["steps", "2.5"]),
    ("rate = 1.10", "rate = nan", ["'Partner trust'", "rate"]),
    ("rate = 1.10", "rate = -1", ["'Partner trust'", "rate", "-1"]),
    ('by = "worked"', 'by = "work"', ["'Partner trust'", "'worked'"]),
    ('name = "deep"', 'name = "light"', ["light"]),
    ('name = "References"', 'name = "New accounts"', ["New accounts"]),
    ('name = "deep"', r'name = "d\u001b[31m"', ["depths 'd\ufffd[31m'.name", "U+001B", "Type the name"]),
    ("[areas.partners]", r'[areas."part\u202eners"]', ["areas.part\ufffdners: ", "U+202E"]),
    ("decay = 0.5", "decay = = 0.5", ["not TOML", "line"]),
    ("steps = 1", f"steps = 1{'0' * 5000}", ["steps"]),
    ("steps = 1", f"steps = {'[' * 5000}", ["not TOML"]),
]  # fmt: skip


@pytest.mark.parametrize(("find", "put", "words"), BAD, ids=[bad[1][:30] for bad in BAD])
def test_bad_models(tmp_path: Path, find, put, words):
    """A wrong line of a model file is refused with the file, the place and what would do."""
    assert find in BASE
    path = tmp_path / "my.toml"
    path.write_text(BASE.replace(find, put, 1), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_model(path)
    text = str(caught.value)
    assert caught.value.exit_code == 2
    assert "my.toml" in text
    assert [word for word in words if word not in text] == []
    assert "?." not in text, "a question ends without a full stop"
    assert len(text) < 2000


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ("decay = 0.5", "decayy = 0.5", "line 28: areas.opportunity_management.decayy"),
        ("headroom = 0.50", "headroom = 0", "line 40: areas.account_development.renewals.headroom"),
        ("win = 1.40", "win = 1.90", "line 33: areas.opportunity_management: depth 'deep'"),
        ('of = ["partners"]', 'of = ["partner"]', "line 53: coupling 'Partner trust'"),
        ('name = "References"', 'name = "New accounts"', "line 67: two couplings"),
        ("decay = 0.5", "decay = = 0.5", "line 28: this is not TOML: Invalid value."),
    ],
)
def test_the_line_and_a_remedy(tmp_path: Path, find, put, said):
    """A problem of a model names its line, and what to write there in place of it."""
    path = tmp_path / "my.toml"
    path.write_text(BASE.replace(find, put, 1), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_model(path)
    assert f"my.toml, {said}" in str(caught.value)
    assert "Mend" not in str(caught.value)


def test_two_working_areas(tmp_path: Path):
    """A second area that works the opportunities is refused with the number of them."""
    path = tmp_path / "my.toml"
    more = '[areas.desk]\nworks = true\ndepths = [{ name = "all", effort = 1.0, win = 1.0 }]\n'
    path.write_text(BASE.replace("[[couplings]]", more + "[[couplings]]", 1), encoding="utf-8")
    with pytest.raises(ModelError, match="exactly one area has works = true, and here 2"):
        read_model(path)


def test_all_problems_of_a_model_at_once(tmp_path: Path):
    """Two wrong keys in two places are both reported."""
    path = tmp_path / "my.toml"
    path.write_text(BASE.replace("decay", "decy", 1).replace("lag = 0", "leg = 0", 1), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_model(path)
    assert len(caught.value.problems) >= 2
    assert "decy" in str(caught.value)
    assert "leg" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "no such file"),
        (b"", "areas is missing"),
        (b"name = '\xff'", "not UTF-8"),
        (b"# " + b"x" * 1_000_001, "1 MB"),
        (BASE.encode("utf-16"), "not UTF-8"),
    ],
)
def test_files_that_are_no_models(tmp_path: Path, content, word):
    """A missing, empty, undecodable or huge file is refused as such."""
    path = tmp_path / "my.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=word):
        read_model(path)


def test_a_byte_order_mark_is_no_problem(tmp_path: Path):
    """A model saved by an editor that marks its encoding, with any line ends, is the same model."""
    path = tmp_path / "my.toml"
    path.write_bytes(b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode())
    assert read_model(path) == read_model("sales_execution")


def test_a_folder_is_no_model(tmp_path: Path):
    """A folder is refused as a model."""
    with pytest.raises(ModelError, match="not a regular file"):
        read_model(f"{tmp_path}/")


def test_unknown_names():
    """A name that no model has is answered with the nearest one and with all there are."""
    with pytest.raises(
        ModelError, match=r"no model 'velocty'.*Did you mean velocity\?.*channel, enterprise"
    ):
        read_model("velocty")
    with pytest.raises(ModelError, match=r"no model 'x'.*The models are channel"):
        model_text("x")
