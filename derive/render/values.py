"""The JSON of records: their image, with formulas as LaTeX and what there is to say in words."""

from functools import partial

from derive.facts.image import image, Json
from derive.facts.layer import LayerFacts
from derive.facts.record import As
from derive.notation.formula import Formula
from derive.render.layer_words import layer_words
from derive.render.plain import plain


def _text(how: As, value: object) -> Json:
    match how, value:
        case As.LATEX, _:
            from derive.render.latex import printed_latex  # a comparison prints none

            return printed_latex(value)
        case As.FORMULA, Formula(expr, guard):
            from derive.render.latex import guard_words, latex

            return {"sympy": str(expr), "latex": latex(expr), "guard": guard_words(guard)}
        case As.TEX, str():
            return plain(value)
        case As.WORDS, LayerFacts():
            return layer_words(value)
        case As.WORDS, tuple():
            from derive.facts.comparison import Note  # only a comparison has any

            return [note.words for note in value if isinstance(note, Note)]
    raise TypeError(f"{value!r} is to be printed as {how.name}")


json_values = partial(image, text=_text)
