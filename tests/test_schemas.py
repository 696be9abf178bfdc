"""The JSON that commands print is what the published schemas say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from running import ROOT, run

INPUTS = ROOT / "inputs"
SCHEMAS = {path.name.partition(".")[0]: path for path in (ROOT / "schemas").glob("*.schema.json")}
ASKED = [
    ("allocation", "plan.csv"),
    ("allocation", "plan.csv", "--steps", "13", "--within", "5%"),
    ("allocation", "solo.csv", "--solver", "cbc", "--cross-check"),
    ("allocation", "partner_led.csv", "--model", "enterprise"),
    ("check", "renewal_heavy.csv"),
    ("leverage", "renewal_heavy.csv"),
    ("leverage", "plan.csv", "--at", "best"),
    ("compare", "partner_led.csv", "--moves", "--lean", "50%"),
    ("compare", "plan.csv", str(INPUTS / "plan.csv")),
    ("reach", "plan.csv", "--revenue", "4.9m", "--heads"),
    ("reach", "solo.csv", "--revenue", "450k", "--steps", "3"),
    ("whatif", "plan.csv", "--hours", "Dana *= 0.5", "--drop-rep", "Ines"),
    ("whatif", "solo.csv", "--set", "cycle_days *= 0.5"),
]


def schema(name: str) -> dict[str, Any]:
    """A published schema."""
    found: dict[str, Any] = json.loads(SCHEMAS[name].read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_what_is_printed(tmp_path: Path, asked):
    """Every document fits the schema of its command."""
    name, plan, *options = asked
    command = () if name == "allocation" else (name,)
    done = run(*command, INPUTS / plan, *options, "--format", "json", folder=tmp_path)
    assert done.code == 0, done.err
    jsonschema.validate(json.loads(done.out), schema(name))


def test_a_refused_plan(tmp_path: Path):
    """A refusal is a document of the check's schema as well as far as its errors go."""
    (tmp_path / "plan.csv").write_text("territory,area,hours\nNorth,prospecting,x\n", encoding="utf-8")
    done = run("check", "plan.csv", "--format", "json", folder=tmp_path)
    assert done.code == 2
    assert json.loads(done.out)["errors"]
    assert "errors" in schema("check")["properties"]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schemas_are_schemas(name):
    """Each is valid, and describes every key at its top."""
    found = schema(name)
    jsonschema.Draft202012Validator.check_schema(found)
    assert all("description" in key for key in found["properties"].values())


def test_a_wrong_document_is_refused(tmp_path: Path):
    """A schema that would let anything pass is none: text in place of money does not fit."""
    done = run(INPUTS / "solo.csv", "--format", "json", folder=tmp_path)
    document = json.loads(done.out) | {"revenue": "much"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema("allocation"))
