"""derive serve: the site with live reload."""

from pathlib import Path

import click

from derive.cli.command import Once
from derive.cli.site_options import offline_option, packages_option
from derive.notation.errors import InputError
from derive.notation.words import natural, short


@click.command(
    cls=Once,
    examples=("derive serve", "derive serve --address 127.0.0.1:9000"),
)
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="Host and port.")
@packages_option
@offline_option
def serve(address: str, packages: Path | None, offline: bool) -> None:
    """Serve the site with live reload; an edited family shows without a restart."""
    from derive.site.build import offer, serve_site

    host, _, port = address.rpartition(":")
    number = natural(port, 65535)
    if not (host and number):
        raise InputError(
            f"address must be host:port, for example 127.0.0.1:8000, not {short(address)!r}"
        )
    offer(packages, offline=offline)
    serve_site(host, number)
