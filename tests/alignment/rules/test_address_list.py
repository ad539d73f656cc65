"""Pasted lists of people: what is read of a line, and what is said of a wrong one."""

import pytest

from alignment.rules.address_list import AddressListError, name_from, parse_address, read_people


@pytest.mark.parametrize(
    ("line", "name", "address"),
    [
        ("joe.keller@x.test", "Joe Keller", "joe.keller@x.test"),
        ("Joe Keller <Joe@X.test>", "Joe Keller", "joe@x.test"),
        ('"Keller, Joe" <joe@x.test>', "Keller, Joe", "joe@x.test"),
        ("Keller, Joe <joe@x.test>,", "Keller, Joe", "joe@x.test"),
        ("Joe Keller, joe@x.test", "Joe Keller", "joe@x.test"),
        ("Joe Keller;joe@x.test", "Joe Keller", "joe@x.test"),
        ("joe@x.test;Joe Keller", "Joe Keller", "joe@x.test"),
        ("Joe\tKeller\tjoe@x.test", "Joe Keller", "joe@x.test"),
        ('"Keller, Joe",joe@x.test', "Keller, Joe", "joe@x.test"),
        ("“Joe Keller” joe@x.test", "Joe Keller", "joe@x.test"),
        ("  Joe\u00a0Keller   <mailto:joe@x.test> ; ", "Joe Keller", "joe@x.test"),
        ("\u200bjoe@x.test\u200b", "Joe", "joe@x.test"),
        ("李雷 <li@x.test>", "李雷", "li@x.test"),
        ("O'Neil <o@x.test>", "O'Neil", "o@x.test"),
    ],
)
def test_a_line_says_who(line: str, name: str, address: str) -> None:
    [person] = read_people(line)
    assert (person.name, person.address) == (name, address)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Joe Keller", "Line 1: no email address found."),
        ("Joe <joe>", "Line 1: no email address found."),
        ("joe@x", "Line 1: “joe@x” is not a valid email address."),
        ("joe@@x.test", "Line 1: “joe@@x.test” is not a valid email address."),
        ("a@x.test, b@x.test", "Line 1: several addresses found. Enter one per line."),
        ("a@x.test\n\n\nb", "Line 4: no email address found."),
        ("a@x.test\nA@x.test", "Line 2: a@x.test is already in line 1."),
        ("n" * 121 + ",a@x.test", "Line 1: the name is longer than 120 characters."),
        ("a" * 250 + "@x.test", "Line 1: the address is longer than 254 characters."),
        ("joe@[127.0.0.1]", "Line 1: “joe@[127.0.0.1]” is not a valid email address."),
        ("joe@[ipv6:::1]", "Line 1: “joe@[ipv6:::1]” is not a valid email address."),
        ("joe@127.0.0.10", "Line 1: “joe@127.0.0.10” is not a valid email address."),
        ("joe@localhost", "Line 1: “joe@localhost” is not a valid email address."),
        ("j" * 65 + "@x.test", f"Line 1: “{'j' * 65}@x.test” is not a valid email address."),
        ("a@x.test%0aBcc:b@x.test", "Line 1: “a@x.test%0abcc:b@x.test” is not a valid email address."),
    ],
)
def test_a_wrong_line_is_named(text: str, sentence: str) -> None:
    with pytest.raises(AddressListError) as wrong:
        read_people(text)
    assert wrong.value.sentences == [sentence]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_every_kind_of_line_break_ends_a_line(end: str) -> None:
    assert [person.line for person in read_people(f"a@x.test{end}b@x.test")] == [1, 2]


def test_headings_and_empty_lines_are_skipped() -> None:
    people = read_people("Name;E-Mail\n\nJoe;joe@x.test\n   \n")
    assert [(person.line, person.name) for person in people] == [(3, "Joe")]


def test_nothing_at_all_is_nobody() -> None:
    assert read_people(" \n\u200b\n") == []


def test_ten_wrong_lines_are_named_and_the_others_counted() -> None:
    with pytest.raises(AddressListError) as wrong:
        read_people("\n".join(["x"] * 40))
    assert len(wrong.value.sentences) == 11 and wrong.value.sentences[-1] == "And 30 more lines are wrong."


@pytest.mark.parametrize(
    ("address", "name"),
    [("j@x.test", "J"), ("anne-marie_d@x.test", "Anne Marie D"), ("_@x.test", "_@x.test")],
)
def test_a_name_is_made_of_the_address(address: str, name: str) -> None:
    assert name_from(address) == name


def test_the_longest_address_that_the_standard_knows_is_taken() -> None:
    assert parse_address("J" * 64 + "@x.test") == "j" * 64 + "@x.test"
