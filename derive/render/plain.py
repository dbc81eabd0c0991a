r"""The book's sentences for a terminal: Markdown with TeX in \( \) and \[ \] as plain text."""

import re

from derive.notation.errors import CheckError

SIGNS = {
    **{"le": "≤", "ge": "≥", "ne": "≠", "lt": "<", "gt": ">", "equiv": "≡", "approx": "≈"},
    **{"wedge": "and", "vee": "or"},
    **{"neq": "≠", "leq": "≤", "geq": "≥", "ll": "≪", "mid": "|", "nmid": "∤", "sim": "∼"},
    **{"times": "×", "cdot": "·", "otimes": "⊗", "oplus": "⊕", "circ": "∘", "ast": "∗", "pm": "±"},
    **{"sum": "Σ", "prod": "∏", "int": "∫", "infty": "∞", "partial": "∂", "bullet": "•"},
    **{"lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "langle": "⟨", "rangle": "⟩"},
    **{"in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "cup": "∪", "cap": "∩"},
    **{"setminus": "∖", "emptyset": "∅", "forall": "∀", "exists": "∃", "parallel": "∥"},
    **{"to": "→", "mapsto": "↦", "Leftrightarrow": "⇔", "Rightarrow": "⇒", "iff": "⇔"},
    **{"Longleftrightarrow": "⇔", "implies": "⇒", "rightarrow": "→", "leftarrow": "←"},
    **{"ldots": "…", "dots": "…", "cdots": "⋯", "prime": "′", "ell": "ℓ", "top": "T", "star": "⋆"},
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "varepsilon": "ε", "zeta": "ζ"},
    **{"epsilon": "ε", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ"},
    **{"pi": "π", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ"},
    **{"psi": "ψ", "omega": "ω", "chi": "χ", "eta": "η", "Gamma": "Γ", "Delta": "Δ"},
    **{"Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "Theta": "Θ"},
    **{",": " ", ";": " ", ":": " ", " ": " ", "!": "", "quad": "  ", "qquad": "    "},
    **{"{": "{", "}": "}", "%": "%", "#": "#", "&": "&", "_": "_", "|": "‖", "\\": "; "},
    **{"gcd": "gcd", "min": "min", "max": "max", "log": "log", "det": "det", "dim": "dim"},
    **{"sup": "sup", "inf": "inf", "bmod": "mod", "cos": "cos", "sin": "sin", "exp": "exp"},
    **{"ker": "ker", "colon": ":", "vert": "|", "Vert": "‖", "lvert": "|", "rvert": "|"},
    **{"lVert": "‖", "rVert": "‖", "backslash": "∖", "hbar": "ℏ", "limits": "", "nolimits": ""},
}
SILENT = {"left", "right", "bigl", "bigr", "Bigl", "Bigr", "big", "Big", "displaystyle", "tfrac"}
SILENT |= {"biggl", "biggr", "textstyle", "bigg", "Bigg"}
KEPT = {"mathrm", "text", "mathcal", "mathbb", "operatorname", "mathbf", "mathit", "textbf"}
KEPT |= {"emph", "boldsymbol", "mathsf"}
OVER = {"bar": "\u0304", "hat": "\u0302", "tilde": "\u0303", "overline": "\u0304"}
SUPERSCRIPT = dict(zip("0123456789+-n T", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ ᵀ", strict=True))
THING = r"\d+(?:\.\d+)?|\w|[^\w\s]|⌊[^⌊⌋]*⌋|⌈[^⌈⌉]*⌉|\([^()]*\)"
BELOW = r"_\w+(?:,\w+)*|_\([^()]*\)"
MARKS = rf"['′{''.join(OVER.values())}]*(?:{BELOW})?[{''.join(SUPERSCRIPT.values())}]*"
BARE = re.compile(THING)
MARKED = re.compile(f"(?:{THING}){MARKS}")  # a letter with its indices and powers is one thing
INDICES = re.compile(r"\w+(?: \w+)*")
TOKEN = re.compile(r"\\([A-Za-z]+|.)|(.)", re.DOTALL)


def plain(sentence: str) -> str:
    r"""A sentence without TeX and without Markdown's marks; CheckError for TeX it does not know.

    >>> plain(r"**Saves** while \(m < \frac{n C_{\mathrm{in}}}{2}\), so \(m \le 3^2\)")
    'Saves while m < (n C_in)/2, so m ≤ 3²'
    """
    words = re.sub(
        r"\\\((.*?)\\\)|\\\[(.*?)\\\]",
        lambda match: text_of_tex(match[1] if match[1] is not None else match[2]),
        sentence,
        flags=re.DOTALL,
    )
    words = re.sub(r"\[([^\]]*)\]\([^)]*\.md[^)]*\)", r"\1", words)
    return re.sub(r"\*\*(.+?)\*\*|(?<!\w)\*(\S.*?)\*(?!\w)|`(.+?)`", _unmarked, words)


def _unmarked(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group is not None)


def text_of_tex(tex: str) -> str:
    r"""TeX as plain text; CheckError for a command that has no counterpart.

    >>> text_of_tex(r"\lfloor L/s \rfloor + p_h^-")
    '⌊L/s⌋ + p_h⁻'
    """
    text, rest = _group(re.sub(r"\s+", " ", tex).strip(), closing="")
    if rest:
        raise CheckError(f"unbalanced TeX: {tex}")
    return re.sub(r"(?<=[⌊⌈⟨]) | (?=[⌋⌉⟩])", "", re.sub(r" +", " ", text)).strip()


def _group(tex: str, closing: str) -> tuple[str, str]:
    """The text up to a closing brace (or the end), and what follows it."""
    text = ""
    while tex:
        match = TOKEN.match(tex)
        assert match is not None
        command, character, tex = match[1], match[2], tex[match.end() :]
        if character == closing == "}":
            return text, tex
        if character == "{":
            inner, tex = _group(tex, "}")
            text += inner
        elif character in ("^", "_"):
            inner, tex = _argument(tex)
            script = _raised(inner) if character == "^" else _lowered(inner)
            joins = script.startswith(("^", "_")) and tex[:1].isalnum()
            text += f"{script} " if joins else script  # keeps the next letter out of it
        elif character is not None:
            text += {"~": " ", "&": " "}.get(character, character)
        else:
            piece, tex = _command(command, tex)
            text += piece
    return text, ""


def _command(name: str, tex: str) -> tuple[str, str]:
    if name in ("frac", "tfrac", "dfrac"):
        above, tex = _argument(tex)
        below, tex = _argument(tex)
        return f"{_bracketed(above, MARKED)}/{_bracketed(below, MARKED)}", tex
    if name == "binom":
        above, tex = _argument(tex)
        below, tex = _argument(tex)
        return f"binom({above}, {below})", tex
    if name == "sqrt":
        inner, tex = _argument(tex)
        return f"√{_bracketed(inner, MARKED)}", tex
    if name in OVER:
        inner, tex = _argument(tex)
        return inner + OVER[name], tex
    if name in KEPT:
        return _argument(tex)
    if name in ("begin", "end"):
        kind, tex = _argument(tex)
        matrix = {"begin": "[", "end": "]"} if "matrix" in kind else {"begin": "", "end": ""}
        if kind == "array":
            _, tex = _argument(tex) if name == "begin" else ("", tex)
        return matrix[name], tex
    if name in SILENT:
        return "", tex
    if name not in SIGNS:
        raise CheckError(f"no plain text for \\{name}")
    after = tex[1:] if tex.startswith(" ") and not SIGNS[name].strip() else tex
    return SIGNS[name], after


def _argument(tex: str) -> tuple[str, str]:
    """The next group or the next single token."""
    tex = tex.lstrip()
    if tex.startswith("{"):
        return _group(tex[1:], "}")
    match = TOKEN.match(tex)
    if match is None:
        raise CheckError("TeX ends where an argument is due")
    rest = tex[match.end() :]
    return _command(match[1], rest) if match[1] else (match[2], rest)


def _raised(text: str) -> str:
    if text and all(character in SUPERSCRIPT for character in text):
        return "".join(SUPERSCRIPT[character] for character in text)
    return f"^{_bracketed(text, BARE)}"


def _lowered(text: str) -> str:
    """Indices with commas between them, in brackets where one has an index of its own."""
    if not INDICES.fullmatch(text):
        return f"_{_bracketed(text, BARE)}"
    return f"_({text.replace(' ', ', ')})" if "_" in text else f"_{text.replace(' ', ',')}"


def _bracketed(text: str, one: re.Pattern[str]) -> str:
    """Brackets round a fraction's part, a power or an index that is more than one thing."""
    text = text.strip()
    return text if one.fullmatch(text) else f"({text})"
