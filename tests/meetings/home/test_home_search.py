"""Home of a CEO with many teams: a team is found by its name or its leader's, however it is written."""

import pytest
import time_machine

from alignment.rules.folding import unaccented
from meetings.home import home
from tests.factories import NOW, make_seat, make_team, make_user
from tests.words import WRITTEN_AND_SEARCHED


@pytest.fixture(autouse=True)
def the_moment():
    with time_machine.travel(NOW, tick=False):
        yield


def test_many_teams_can_be_searched(cast, as_):
    for number in range(12):
        make_team(company=cast.company, name=f"Region {number}", ceo=cast.ceo)
    client = as_(cast.ceo)
    assert 'role="search"' in client.get("/").content.decode()
    assert client.get("/?q=region 1").content.decode().count("<article") == 3
    assert client.get("/?q=duarte").content.decode().count("<article") == 1
    assert "No team or leader matches “<b>”" in client.get("/?q=<b>").content.decode().replace(
        "&lt;", "<"
    ).replace("&gt;", ">")


@pytest.mark.parametrize("by", ["team", "leader"])
def test_each_word_finds_the_teams_or_leaders_written_so_and_no_others(cast, by):
    written_by_slug = {}
    for number, (written, _) in enumerate(WRITTEN_AND_SEARCHED):
        name = written if by == "team" else f"Team no. {number}x"
        team = make_team(company=cast.company, name=name, slug=f"listed-{number}", ceo=cast.ceo)
        make_seat(team=team, user=make_user(name=written if by == "leader" else "Ll"), role="leader")
        written_by_slug[team.slug] = f"{name} {written}"
    for written, searched in WRITTEN_AND_SEARCHED:
        page = home(cast.ceo, NOW, query=searched)
        found = {row.slug for group in page.groups for row in group.rows} & written_by_slug.keys()
        assert found == {
            slug for slug, text in written_by_slug.items() if unaccented(searched) in unaccented(text)
        }
        assert any(written in written_by_slug[slug] for slug in found)
