"""Where a page can be edited: the file of the repository that it is made from."""

from pathlib import Path, PurePosixPath

from derive.notation.errors import CheckError

ROOT = Path(__file__).parents[2]
TEMPLATES = "derive/site/templates"


def edited(path: str) -> str:
    """The source of a generated page, below the repository; CheckError if there is none.

    >>> edited("families/asymmetric.md"), edited("families/index.md")
    ('derive/families/asymmetric.py', 'derive/site/templates/families.md.j2')
    """
    page = PurePosixPath(path)
    folder, leaf = str(page.parent), page.stem.replace("-", "_")
    candidates = (
        f"derive/{folder}/{leaf}.py" if folder in ("families", "networks", "theorems") else "",
        f"{TEMPLATES}/{page}.j2",
        f"{TEMPLATES}/{folder}.md.j2" if page.stem == "index" else "",
        f"{TEMPLATES}/{page.name}.j2",
    )
    for candidate in filter(None, candidates):
        if (ROOT / candidate).is_file():
            return candidate
    raise CheckError(f"no file of the repository is the source of {path}")
