"""The page of the access log."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db
AARHUS, ODENSE = "0751", "0461"
ENROLMENT = "participants.enrolment"


def entry(**fields):
    return AccessEntry.objects.create(
        **{
            "user_label": "Testine Prøvelund",
            "role": "mentor",
            "event": Event.READ,
            "view": "a.view",
            "object_type": ENROLMENT,
            "object_id": 7,
            "object_label": "P-00007",
            "municipality_code": AARHUS,
            **fields,
        }
    )


def rows(client, **query):
    return list(found(client, query).context["rows"])


def found(client, query):
    """The log as it is opened, or as it is searched."""
    if not query:
        return client.get("/access-log/")
    return client.post("/access-log/", query, follow=True)


@pytest.mark.parametrize("who", ["mentor_client", "staff_client"])
def test_mentors_and_staff_do_not_have_it(request, who):
    assert request.getfixturevalue(who).get("/access-log/").status_code == 404


def test_the_administrator_sees_all_newest_first(administrator_client):
    now = timezone.now()
    late = entry(at=now)
    early = entry(at=now - timedelta(days=1), municipality_code=ODENSE)
    nowhere = entry(at=now - timedelta(days=2), municipality_code="")
    assert rows(administrator_client) == [late, early, nowhere]


def test_a_coordinator_sees_their_own_municipalities(coordinator_client):
    own = entry()
    entry(municipality_code=ODENSE)
    entry(municipality_code="")
    assert rows(coordinator_client) == [own]


def test_it_speaks_in_words_and_danish_time(administrator_client):
    entry(at=datetime(2026, 7, 1, 22, 30, tzinfo=ZoneInfo("UTC")), event=Event.CHANGE)
    administrator_client.cookies["primus_language"] = "en"
    page = administrator_client.get("/access-log/").content.decode()
    assert "2 July" in page
    assert "00.30" in page or "00:30" in page
    for word in ("changed", "P-00007", "Aarhus", "Mentor"):
        assert word in page
    for code in ("a.view", ENROLMENT, "0751"):
        assert code not in page


def test_a_list_says_how_many_and_a_search_what_for(administrator_client):
    administrator_client.cookies["primus_language"] = "en"
    listed = {"object_id": None, "object_label": ""}
    entry(event=Event.LIST, detail="4 5 6", **listed)
    entry(event=Event.SEARCH, detail="havn 12; 4 5", **listed)
    entry(event=Event.SEARCH, detail="nobody", **{**listed, "object_type": ""})
    nothing, found, plain = rows(administrator_client)
    assert (nothing.about, nothing.searched_for) == ("", "nobody")
    assert (found.searched_for, "2" in found.about) == ("havn 12", True)
    assert (plain.searched_for, "3" in plain.about) == ("", True)


class TestFilters:
    def test_by_user(self, administrator_client):
        wanted = entry(user_label="Åse Øster")
        entry()
        assert rows(administrator_client, who="Øster Åse") == [wanted]

    def test_by_event(self, administrator_client):
        wanted = entry(event=Event.EXPORT)
        entry()
        assert rows(administrator_client, event="export") == [wanted]

    def test_by_danish_days(self, administrator_client):
        late_in_the_evening = entry(at=datetime(2026, 3, 9, 22, 59, tzinfo=ZoneInfo("UTC")))
        midnight = entry(at=datetime(2026, 3, 9, 23, 0, tzinfo=ZoneInfo("UTC")))
        assert rows(administrator_client, since="2026-03-10") == [midnight]
        assert rows(administrator_client, until="2026-03-09") == [late_in_the_evening]

    @pytest.mark.parametrize("typed", ["P-00007", "p-7", "7", " P00007 "])
    def test_by_case_also_where_it_was_in_a_list(self, administrator_client, typed):
        own = entry()
        entry(object_id=70, object_label="P-00070")
        listed = {"object_id": None, "object_label": "", "event": Event.LIST}
        in_list = entry(detail="3 7 12", **listed)
        in_search = entry(**{**listed, "event": Event.SEARCH, "detail": "havn; 7"})
        entry(detail="17 70", **listed)
        assert set(rows(administrator_client, case=typed)) == {own, in_list, in_search}

    def test_asking_about_one_case_is_itself_written(self, administrator_client):
        administrator_client.get("/access-log/")
        assert not AccessEntry.objects.exists()
        found(administrator_client, {"case": "P-00007"})
        written = AccessEntry.objects.get()
        assert (written.event, written.detail) == (Event.SEARCH, "P-00007")

    @pytest.mark.parametrize(
        "query", [{"since": "yesterday"}, {"event": "dance"}, {"case": "x" * 50}, {"before": "x"}]
    )
    def test_nonsense_does_no_harm(self, administrator_client, query):
        assert found(administrator_client, query).status_code == 200


def test_older_ones_follow_without_gap_or_repetition(administrator_client, query_budget):
    same = timezone.now()
    made = [entry(at=same if n < 30 else same - timedelta(hours=n)) for n in range(60)]
    with query_budget(5) as first:
        page = administrator_client.get("/access-log/")
    assert len(page.context["rows"]) == 50
    with query_budget(6) as second:
        older = administrator_client.get("/access-log/", {"before": page.context["older"]})
    shown = [row.pk for row in [*page.context["rows"], *older.context["rows"]]]
    assert sorted(shown) == sorted(row.pk for row in made)
    assert len(second) <= len(first) + 1
    assert older.context["older"] is None


def test_the_number_of_queries_is_fixed(coordinator_client, query_budget):
    entry()
    with query_budget(5) as few:
        coordinator_client.get("/access-log/")
    for _ in range(40):
        entry()
    with query_budget(5) as many:
        coordinator_client.get("/access-log/")
    assert len(few) == len(many)


def test_days_at_the_ends_of_the_calendar_are_no_error(administrator_client):
    one = entry()
    assert rows(administrator_client, since="0001-01-01", until="9999-12-31") == [one]
    assert rows(administrator_client, since="9999-12-31") == []
    assert rows(administrator_client, until="0001-01-01") == []


def test_what_no_database_keeps_is_not_searched_for(administrator_client):
    one = entry()
    assert rows(administrator_client, case="\0", who="\0") == [one]
    assert administrator_client.post("/users/", {"q": "\0"}, follow=True).status_code == 200
    assert not AccessEntry.objects.filter(event=Event.SEARCH).exists()
