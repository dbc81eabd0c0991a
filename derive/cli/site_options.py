"""Options of derive build and derive serve: where the packages of npm come from."""

from pathlib import Path

import click

from derive.cli.words import Place

packages_option = click.option(
    "--packages",
    type=Place(path_type=Path, file_okay=False),
    help="A folder with the archives of KaTeX and Pyodide, as npm pack makes them.",
)
offline_option = click.option(
    "--offline",
    is_flag=True,
    help="Build with what is here: without KaTeX formulas are TeX, without Pyodide no Python runs"
    " in the page.",
)
