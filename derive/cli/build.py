"""derive build: renders the site, or exports its pages as Markdown."""

from pathlib import Path

import click

from derive.cli.command import Once
from derive.cli.site_options import offline_option, packages_option
from derive.cli.words import Place
from derive.render.streams import say


@click.command(
    cls=Once,
    examples=(
        "derive build",
        "derive build --offline",
        "derive build --markdown pages",
    ),
)
@click.option(
    "--markdown",
    type=Place(path_type=Path, file_okay=False),
    help="Write all pages as Markdown to this folder instead, with a mkdocs.yml for another site"
    " builder.",
)
@packages_option
@offline_option
def build(markdown: Path | None, packages: Path | None, offline: bool) -> None:
    """Derive everything and render the site to site/, strictly: a warning is an error."""
    from derive.site.build import build_site, offer, write_markdown

    offer(packages, offline=offline)
    if markdown:
        say(f"{write_markdown(markdown)} pages in {markdown}")
    else:
        build_site()
        say("the site is in site/")
