"""Words for a link that say where it leads, read off its address: nothing is typed twice."""

import re
from urllib.parse import urlsplit

THREADS = {"issues": "issue", "pull": "pull request"}
THREAD = re.compile(r"https://github\.com/([^/]+/[^/]+)/(issues|pull)/(\d+)")
FILE = re.compile(r"https://github\.com/([^/]+/[^/]+)/blob/[0-9a-f]{40}/(?:[^#]*/)?([^/#]+)")
IDENTIFIED = {"https://arxiv.org/abs/": "arXiv", "https://doi.org/": "doi"}


def lead(address: str) -> str:
    """The repository and thread or file, the arXiv number or DOI, or else the host of an address.

    >>> lead("https://github.com/pytorch/vision/pull/6936")
    'pytorch/vision, pull request 6936'
    >>> lead("https://doi.org/10.1137/090752286"), lead("https://bartwronski.com/2020/02/03/x/")
    ('doi 10.1137/090752286', 'bartwronski.com')
    """
    if thread := THREAD.match(address):
        repository, kind, number = thread.groups()
        return f"{repository}, {THREADS[kind]} {number}"
    if file := FILE.match(address):
        return ", ".join(file.groups())
    for start, name in IDENTIFIED.items():
        if address.startswith(start):
            return f"{name} {address.removeprefix(start)}"
    return urlsplit(address).netloc
