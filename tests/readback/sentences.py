"""Two readers, of TeX and of what a terminal shows, that find the same shape in the same formula.

A shape is a list of marks: single characters, and tuples for what is raised, lowered, bracketed or
under a root. A fraction is its parts with a stroke between them, in brackets unless they are one
thing: a letter or a number with its marks, or a bracket.
"""

import re
from itertools import accumulate

MARKS = {
    **{"le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "lt": "<", "gt": ">"},
    **{"equiv": "≡", "approx": "≈", "sim": "∼", "ll": "≪", "in": "∈", "notin": "∉"},
    **{"subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "cup": "∪", "cap": "∩"},
    **{"setminus": "∖", "emptyset": "∅", "forall": "∀", "exists": "∃", "mid": "|", "nmid": "∤"},
    **{"times": "×", "cdot": "·", "otimes": "⊗", "oplus": "⊕", "circ": "∘", "ast": "∗", "pm": "±"},
    **{"star": "⋆", "bullet": "•", "parallel": "∥", "top": "T", "infty": "∞", "partial": "∂"},
    **{"sum": "Σ", "prod": "∏", "int": "∫", "to": "→", "mapsto": "↦", "iff": "⇔"},
    **{"Leftrightarrow": "⇔", "Rightarrow": "⇒", "implies": "⇒", "rightarrow": "→"},
    **{"ldots": "…", "dots": "…", "cdots": "⋯", "prime": "′", "ell": "ℓ", "colon": ":"},
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε"},
    **{"zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν"},
    **{"xi": "ξ", "pi": "π", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "tau": "τ", "phi": "φ"},
    **{"varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ"},
    **{"Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω"},
    **{"lVert": "‖", "rVert": "‖", "|": "‖", "lvert": "|", "rvert": "|", "vert": "|"},
    **{"%": "%", "#": "#", "bmod": "mod"},
}
WORDS = {"gcd", "min", "max", "log", "det", "dim", "sup", "inf", "cos", "sin", "exp", "ker"}
OPENS = {"(": "(", "[": "[", "lfloor": "⌊", "lceil": "⌈", "langle": "⟨", "{": "{"}
CLOSES = {")": ")", "]": "]", "rfloor": "⌋", "rceil": "⌉", "rangle": "⟩", "}": "}"}
SIZED = {"left", "right", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "big", "Big"}
SIZED |= {",", ";", ":", " ", "!", "quad", "qquad", "displaystyle", "limits"}
UPRIGHT = {"mathrm", "text", "mathcal", "mathbb", "operatorname", "mathbf", "mathit", "boldsymbol"}
ACCENTS = {"bar": "\u0304", "hat": "\u0302", "tilde": "\u0303", "overline": "\u0304"}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ", "0123456789+-nT", strict=True))
SINGLE = str.maketrans({"'": "′", "−": "-"})
TEX = re.compile(r"\\([A-Za-z]+|.)|(\d+|\S)", re.DOTALL)
LOWERED = re.compile(r"[^\W_⁰-⁹¹²³ⁿᵀ]+(?:,[^\W_⁰-⁹¹²³ⁿᵀ]+)*")
TEXT = re.compile(r"\d+|\S")


class Tex:
    """The shape of TeX."""

    def __init__(self, text):
        self.tokens = [
            (one or other.translate(SINGLE), bool(one)) for one, other in TEX.findall(text)
        ]

    def shape(self, end=None):
        """The marks up to the closing brace, or to the end."""
        marks = []
        while self.tokens:
            token, command = self.tokens.pop(0)
            if token == end and not command:
                break
            marks += self.marks(token, command)
        return bracketed(marks)

    def marks(self, token, command):
        if not command:
            if token == "{":
                return self.shape("}")
            if token in "^_":
                return [(token, *self.argument())]
            return [] if token in "~&" else [token]
        if token in ("frac", "dfrac", "tfrac"):
            return [*whole(self.argument()), "/", *whole(self.argument())]
        if token == "binom":
            return [*"binom", ("()", *self.argument(), ",", *self.argument())]
        if token == "sqrt":
            return ["√", *whole(self.argument())]
        if token in ACCENTS:
            return [*self.argument(), ACCENTS[token]]
        if token in UPRIGHT:
            return self.argument()
        if token in SIZED:
            return []
        if token in WORDS:
            return list(token)
        if token in OPENS or token in CLOSES:
            return [OPENS.get(token) or CLOSES[token]]
        assert token in MARKS, f"no mark for \\{token}"
        return list(MARKS[token])

    def argument(self):
        """What stands in braces, or one mark."""
        token, command = self.tokens.pop(0)
        if token == "{" and not command:
            return self.shape("}")
        if token.isdigit() and len(token) > 1:
            self.tokens.insert(0, (token[1:], False))
            token = token[0]
        return bracketed(self.marks(token, command))


class Text:
    """The shape of a formula as a terminal shows it."""

    def __init__(self, text):
        self.text = text.translate(SINGLE)

    def shape(self):
        return bracketed(self.marks())

    def marks(self):
        marks = []
        while self.text:
            character = self.text[0]
            if character in RAISED:
                run = re.match("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ ]*[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ]", self.text)[0]
                self.text = self.text[len(run) :]
                raised = "".join(RAISED.get(x, x) for x in run)
                marks.append(("^", *TEXT.findall(raised)))
            elif character in "^_":
                self.text = self.text[1:]
                marks.append((character, *self.argument(character)))
            else:
                marks.append(self.one())
        return [mark for mark in marks if mark]

    def one(self):
        match = TEXT.match(self.text) or re.match(r"\s+", self.text)
        self.text = self.text[match.end() :]
        return match[0].strip()

    def argument(self, character):
        """What stands in brackets, else a run of letters and numbers below, one mark above."""
        if self.text.startswith("("):
            depths = accumulate((x == "(") - (x == ")") for x in self.text)
            end = next(place for place, depth in enumerate(depths) if not depth)
            inside, self.text = self.text[1:end], self.text[end + 1 :]
            return Text(inside).shape()
        run = LOWERED.match(self.text) if character == "_" else None
        if not run:
            return [self.one()]
        self.text = self.text[run.end() :]
        return bracketed(TEXT.findall(run[0]))


def bracketed(marks):
    """Marks with all that stands in brackets as one; [0, N) is a bracket too."""
    levels = [[]]
    for mark in marks:
        if mark in OPENS.values() and isinstance(mark, str):
            levels.append([mark])
        elif mark in CLOSES.values() and isinstance(mark, str):
            first, *inside = levels.pop()
            levels[-1].append((first + mark, *inside))
        else:
            levels[-1].append(mark)
    (found,) = levels
    return found


def whole(marks):
    """Marks in brackets, unless they are one thing."""
    base = [x for x in marks if not (isinstance(x, tuple) and x[0] in "^_") and x not in SCRIPTS]
    return marks if len(base) == 1 else [("()", *marks)]


SCRIPTS = ("′", *ACCENTS.values())


def plainly(marks):
    """A shape without what a terminal leaves out: commas of indices, brackets round one thing."""
    found = []
    for mark in marks:
        if isinstance(mark, str):
            found.append(mark)
            continue
        kind, *inside = mark
        inside = plainly(inside)
        if kind in ("^", "_") and len(inside) == 1 and inside[0][0] == "()":
            inside = inside[0][1:]
        if kind == "_":
            found.append(("_", *(x for x in inside if x != ",")))
        else:
            found.append((kind, *inside))
    return [_bare(found, n) for n in range(len(found))]


def _bare(marks, n):
    """A bracket next to a stroke or under a root, round one thing only, is that thing."""
    mark, near = marks[n], {*marks[max(n - 1, 0) : n], *marks[n + 1 : n + 2]}
    if isinstance(mark, tuple) and mark[0] == "()" and near & {"/", "√"} and len(mark) == 2:
        return mark[1]
    return mark


def shape_of_tex(text):
    """The shape of TeX as far as a terminal can show it."""
    return plainly(Tex(text).shape())


def shape_of_text(text):
    """The shape of what the terminal shows."""
    return plainly(Text(text).shape())
