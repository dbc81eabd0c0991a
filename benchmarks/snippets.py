"""Run the code that the family pages show in its frameworks, and record what it prints.

``python benchmarks/snippets.py`` writes derive/site/snippets.json, from which the pages say what
ran. It needs the frameworks: pip install -e ".[frameworks]".
"""

import json
import sys
from tempfile import TemporaryDirectory

from derive.code.printers import PRINTERS
from derive.site.snippets import DATA
from tests.code.snippets import run, shown


def main() -> None:
    found = {}
    for framework in PRINTERS:
        with TemporaryDirectory() as folder:
            texts = shown(framework)
            results = run([one.text for one in texts.values()], folder)
        for (name, one), (error, printed) in zip(texts.items(), results, strict=True):
            if error:
                sys.exit(f"{name} in {framework} fails:\n{one.text}\n{error}")
            found[one.digest] = printed
            print(f"{name}: {printed}")
    DATA.write_text(json.dumps(dict(sorted(found.items())), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
