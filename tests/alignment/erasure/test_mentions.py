"""A person is found in a text however their name or address is written there."""

from __future__ import annotations

import pytest

from alignment.erasure.mentions import Mentions

JOE = "Joe Keller"


@pytest.mark.parametrize(
    ("name", "text", "clean"),
    [
        (JOE, "ask joe  keller!", "ask X!"),
        (JOE, "Joe\u00a0Keller, Joe\u2009Keller, Joe\u202fKeller", "X, X, X"),
        (JOE, "Joe\u200bKeller and Joe\u200b \ufeffKeller", "X and X"),
        (JOE, "Joe\nKeller, Joe\r\n  Keller, Joe\u2028Keller", "X, X, X"),
        (JOE, "J\u00adoe Kel\u00adler, Jo\u200be Kell\u2060er", "X, X"),
        (JOE, "Joe Kel-\nler, Joe Kel\r\nler", "X, X"),
        (JOE, "Keller, Joe; KELLER Joe; Keller Joe; Keller,Joe", "X; X; X; X"),
        (JOE, "Joe Keller's, Joe Keller’s, Joe Kellers", "X's, X’s, X"),
        (JOE, "J. Keller, J.Keller, Keller, J. and Keller J.", "X, X, X and X"),
        (JOE, "Ｊｏｅ Ｋｅｌｌｅｒ", "X"),
        (JOE, "/teams/joe-keller/, joe_keller.pdf, Joe.Keller.docx", "/teams/X/, X.pdf, X.docx"),
        (JOE, "?q=Joe+Keller&x, Joe%20Keller.pdf", "?q=X&x, X.pdf"),
        (JOE, r'{"by": "Joe Keller", "text": "for\nJoe Keller"}', r'{"by": "X", "text": "for\nX"}'),
        (JOE, "Joe&nbsp;Keller", "X"),
        (JOE, "Joe Kellerman, Zoe Joel Keller; joe, Keller", "Joe Kellerman, Zoe Joel Keller; joe, Keller"),
        (JOE, "Thanks Joe. Keller wants more. Option j", "Thanks Joe. Keller wants more. Option j"),
        (JOE, "for Joe, Keller and Anne", "for Joe, Keller and Anne"),
        ("Keller, Joe", "Joe Keller or Keller, Joe", "X or X"),
        ("Jürgen Müller", "Ju\u0308rgen Mu\u0308ller, JURGEN MULLER, Juergen Mueller", "X, X, X"),
        ("Ju\u0308rgen Mu\u0308ller", "Jürgen Müller", "X"),
        ("Jürgen Müller", r'{"by": "J\u00fcrgen M\u00FCller"}', '{"by": "X"}'),
        ("Jürgen Müller", "J%C3%BCrgen%20M%c3%bcller, J&uuml;rgen M&#252;ller, jurgen-muller", "X, X, X"),
        ("Uwe Groß", "UWE GROSS, Uwe Gross, Groß, Uwe", "X, X, X"),
        ("Uwe Groß", "/teams/uwe-gro-south/, Uwe Grote", "/teams/X-south/, Uwe Grote"),
        (JOE, r"ATTENDEE;CN=Keller\, Joe:mailto:a@b.test", "ATTENDEE;CN=X:mailto:a@b.test"),
        (JOE, "ATTENDEE;CN=Joe Kel\r\n ler:", "ATTENDEE;CN=X:"),
        ("Steﬃ Fink", "Steffi Fink", "X"),
        ("Steffi Fink", "Steﬃ Ｆink", "X"),
        ("Søren Ægir", "SOREN AEGIR, Soeren Aegir", "X, X"),
        ("Anne-Marie Berg", "Anne\u2011Marie Berg, Anne–Marie Berg, Anne Marie Berg", "X, X, X"),
        ("Anne-Marie Berg", "A.-M. Berg, A. Berg, Berg, Anne-Marie, Berg, A.-M.", "X, X, X, X"),
        ("Sean O'Brien", "Sean O’Brien, SEAN OʼBRIEN, sean-obrien, S. O’Brien", "X, X, X, X"),
        ("Eva van der Berg", "van der Berg, Eva; E. van der Berg", "X; X"),
        ("Joe Henry Keller", "Joe H. Keller, J. H. Keller, J.H. Keller, Keller, Joe Henry", "X, X, X, X"),
        ("Dr. Joe Keller", "ask Dr. Joe Keller", "ask X"),
        ("Joe (JK) Keller", "ask joe (jk) keller", "ask X"),
        ("Σίσυφος Παπάς", "ΣΊΣΥΦΟΣ ΠΑΠΆΣ", "X"),
        ("김 민수", "\u1100\u1175\u11b7 \u1106\u1175\u11ab\u1109\u116e", "X"),
        ("Max", "Max", "X"),
        ("Max", " “MAX” ", "X"),
        ("Max", "Max. 5 %", "Max. 5 %"),
        (JOE, "100 % of \\u00zz, &; 50%", "100 % of \\u00zz, &; 50%"),
        ("-", "- a -", "- a -"),
    ],
)
def test_a_name_is_found(name: str, text: str, clean: str) -> None:
    assert Mentions(frozenset({name})).replaced(text, "X") == clean


@pytest.mark.parametrize(
    ("address", "text", "clean"),
    [
        ("joe@x.com", "mail JOE@X.com.", "mail X."),
        ("joe@x.com", "<mailto:joe@x.com>, -joe@x.com", "<mailto:X>, -X"),
        ("joe@x.com", "?to=joe%40x.com&a", "?to=X&a"),
        ("joe@x.com", "joe+crm@x.com, joe%2Bcrm%40x.com", "X, X"),
        ("joe+crm@x.com", "joe@x.com, joe+y@x.com, joe+crm@x.com", "X, X, X"),
        (
            "joe@x.com",
            "mary.joe@x.com, zjoe@x.com, joe@x.company",
            "mary.joe@x.com, zjoe@x.com, joe@x.company",
        ),
        ("joe@bücher.de", "joe@xn--bcher-kva.de, JOE@BÜCHER.de", "X, X"),
        ("joe@xn--bcher-kva.de", "joe@bu\u0308cher.de", "X"),
        ("joe@straße.de", "joe@strasse.de, joe@xn--strae-oqa.de", "X, X"),
        ("joe@xn--\u00fc.de", "joe@other.de", "joe@other.de"),
        ("joe.keller@x.com", "joe.kel\u200bler@\u200bx.com", "X"),
        ("joe@x.com", "ｊｏｅ＠ｘ．ｃｏｍ", "X"),
    ],
)
def test_an_address_is_found(address: str, text: str, clean: str) -> None:
    assert Mentions(frozenset(), frozenset({address})).replaced(text, "X") == clean


@pytest.mark.parametrize(
    ("other", "text", "clean"),
    [
        (
            "joe keller",
            "Joe Keller, Keller, Joe, Joe Kellers, J. Keller",
            "Joe Keller, Keller, Joe, Joe Kellers, J. Keller",
        ),
        ("Jane Keller", "J. Keller, Keller, J., Joe Keller", "J. Keller, Keller, J., X"),
        ("Mary Joe Keller", "Mary Joe Keller, Joe Keller", "Mary Joe Keller, X"),
        ("Joe Keller-Smith", "Joe Keller-Smith, Joe Keller", "Joe Keller-Smith, X"),
        ("Joe Kellers", "Joe Kellers and Joe Keller", "Joe Kellers and X"),
        ("Keller Joe", "Keller Joe or Keller, Joe", "Keller Joe or X"),
        ("Ann Other", "Joe Keller", "X"),
    ],
)
def test_what_somebody_else_is_called_too_stays(other: str, text: str, clean: str) -> None:
    assert Mentions(frozenset({JOE}), others=frozenset({other})).replaced(text, "X") == clean


def test_a_word_that_is_somebody_else_s_whole_name_stays() -> None:
    assert Mentions(frozenset({"Max"}), others=frozenset({"MAX"})).replaced("Max", "X") == "Max"


def test_somebody_else_s_address_stays() -> None:
    mentions = Mentions(
        frozenset(), frozenset({"joe@x.com"}), other_addresses=frozenset({"joe+b@x.com", "joe@x.com.mx"})
    )
    assert mentions.replaced("joe@x.com, joe+b@x.com, joe@x.com.mx, joe+c@x.com", "X") == (
        "X, joe+b@x.com, joe@x.com.mx, X"
    )
