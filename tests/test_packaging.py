"""What users install: a wheel that works far from this checkout, with the models in it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from running import ROOT, environment

MINUTES = 5


def ran(*command: str | Path, folder: Path) -> str:
    """What a command prints that ends well, far from this checkout and its packages."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={name: value for name, value in environment().items() if not name.startswith("PYTHONPATH")},
        capture_output=True,
        timeout=60 * MINUTES,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode("utf-8", "replace")[-2000:]
    return done.stdout.decode("utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout as an index would be given it."""
    folder = tmp_path_factory.mktemp("wheel")
    ran(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT, folder=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("environment")
    ran(sys.executable, "-m", "venv", folder, folder=folder)
    binaries = folder / ("Scripts" if sys.platform == "win32" else "bin")
    ran(binaries / "python", "-m", "pip", "install", "--quiet", wheel, folder=folder)
    return binaries


def test_what_is_in_the_wheel(wheel: Path):
    """The wheel holds the package, its models and its licence, and neither tests nor sample plans."""
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    shipped = sorted(name for name in names if name.startswith("allocator/models/"))
    assert shipped == sorted(
        f"allocator/models/{path.name}" for path in (ROOT / "models").glob("*.toml")
    )
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"allocator"}
    assert "allocator/cli/split.py" in names


def test_a_fresh_installation(installed: Path, tmp_path: Path):
    """From an empty folder, an installed tool lists, shows, makes a template and solves it."""
    tool = installed / "allocate"
    listed = ran(tool, "models", folder=tmp_path)
    assert [line.split()[0] for line in listed.splitlines()] == [
        path.stem for path in sorted((ROOT / "models").glob("*.toml"))
    ]
    shown = ran(tool, "models", "show", "channel", folder=tmp_path)
    assert shown == (ROOT / "models" / "channel.toml").read_text(encoding="utf-8")
    ran(tool, "new", "p.csv", folder=tmp_path)
    found = json.loads(ran(tool, "p.csv", "--format", "json", folder=tmp_path))
    assert found["status"] == "optimal"
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]


def test_models_come_from_the_package(installed: Path, tmp_path: Path):
    """An installed tool reads its models from inside its own package, not from this checkout."""
    script = "from allocator.reading import model_file; print(model_file._folder().resolve())"
    folder = Path(ran(installed / "python", "-c", script, folder=tmp_path).strip())
    assert folder.is_relative_to(installed.parent.resolve())
    assert folder.parts[-2:] == ("allocator", "models")
