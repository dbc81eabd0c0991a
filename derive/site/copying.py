"""The element whose buttons copy a formula as TeX, as SymPy code or as JSON."""

import re
from html import escape

BUTTONS = re.compile(r"<copy-formula [^>]*>")
WRITTEN = re.compile(r"&#(\d+);")


def copy_buttons(label: str, **forms: str) -> str:
    r"""A paragraph with the element; forms that are empty are left out.

    Its attributes are written so that Markdown leaves them alone.

    >>> copy_buttons("n", tex=r"\{n\}")
    '<copy-formula data-label="n" data-tex="&#92;&#123;n&#92;&#125;"></copy-formula>\n{: .copy }'
    """
    attributes = {"label": label, **{name: text for name, text in forms.items() if text}}
    data = " ".join(f'data-{name}="{attribute(text)}"' for name, text in attributes.items())
    return f"<copy-formula {data}></copy-formula>\n{{: .copy }}"


def attribute(text: str) -> str:
    """Text as the value of an attribute in Markdown, on one line.

    >>> attribute('a_b < "c"')
    'a&#95;b &lt; &quot;c&quot;'
    """
    return re.sub(r"[\\`*_{}\[\]()#|$~^\n]", lambda match: f"&#{ord(match[0])};", escape(text))


def unwritten(page: str) -> str:
    r"""The page, when Markdown is done with it, with the signs of such attributes as themselves.

    >>> unwritten('<copy-formula data-tex="&#92;&#123;n &lt; 1&#92;&#125;"></copy-formula> &#92;')
    '<copy-formula data-tex="\\{n &lt; 1\\}"></copy-formula> &#92;'
    """
    return BUTTONS.sub(lambda tag: WRITTEN.sub(lambda sign: chr(int(sign[1])), tag[0]), page)
