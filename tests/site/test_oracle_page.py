"""The page of the oracle: its example is worked out as the definition says."""

from derive.site.pages import oracle_loops


def test_the_example_is_the_definition():
    kernel, image, run = oracle_loops.example()
    padded = [0, *image, 0]
    windows = [padded[y : y + 3] for y in range(len(image))]
    assert list(run.values) == [
        sum(a * b for a, b in zip(kernel, window, strict=True)) for window in windows
    ]
    assert (run.multiplications, run.in_bounds) == (12, 10)


def test_the_code_shown_is_what_ran():
    page = oracle_loops.context()
    assert page.example.splitlines()[-1] == "run = oracle.filtered(kernel, image, axis)"
    assert sum(a * b for a, b in page.products) == page.run.values[0]
    assert "derive/oracle/loops.py" in page.sources
