from geo.text import printable, quoted


def test_text_is_brought_onto_one_line() -> None:
    assert printable(" a\n\tb  c ") == "a b c"


def test_what_a_terminal_would_obey_is_marked() -> None:
    assert printable("a\x1b[31mb\x00\u202ec") == "a\ufffd[31mb\ufffd\ufffdc"


def test_a_quoted_text_is_cut_where_it_is_long() -> None:
    assert quoted("OSLK") == '"OSLK"'
    assert quoted("x" * 60) == f'"{"x" * 60}"'
    assert quoted("x" * 61) == f'"{"x" * 60}…"'
