"""What a page is made from: every import of a module, wherever it stands."""

import ast

from derive.site.sources import statements

BRANCHES = """
if x:
    import a
else:
    import b
try:
    import c
except ImportError:
    import d
else:
    import e
finally:
    import f
match x:
    case 1:
        import g
async def h():
    with x:
        for y in x:
            import h
        else:
            import i
"""


def test_every_import_is_seen_wherever_it_stands():
    seen = [node for node in statements(ast.parse(BRANCHES)) if isinstance(node, ast.Import)]
    assert sorted(node.names[0].name for node in seen) == list("abcdefghi")
