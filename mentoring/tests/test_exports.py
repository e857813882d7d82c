"""A coordinator's lists as files: what the page shows, in cells that do nothing, and logged."""

import pytest
from django.urls import reverse

from mentoring.models import Mentor
from mentoring.tests.factories import MentorFactory, PairFactory
from participants.models import Enrolment
from participants.tests.factories import (
    ELSEWHERE,
    ConsentFactory,
    EnrolmentFactory,
    municipality,
)
from primus.access.models import AccessEntry, Event
from primus.spreadsheets.models import RowOutcome
from primus.spreadsheets.reading import rows
from primus.spreadsheets.tests.sending import Importing, outcomes, problems

pytestmark = pytest.mark.django_db


def sent(client, name, extension="csv", q="", **chosen) -> bytes:
    response = client.post(reverse(name, args=[extension]), {"q": q}, query_params=chosen)
    assert response.status_code == 200
    assert "Opdigtsen" not in response["Content-Disposition"]
    return response.content


def cells(name: str, content: bytes) -> list[list[str]]:
    return [row for _number, row in rows(name, content)]


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_what_the_list_finds_and_nothing_else(coordinator_client, coordinator_user, extension):
    # In a workbook a cell says of itself that it is text.
    wishes = '=HYPERLINK("http://x")' if extension == "csv" else "Ring først"
    shown = EnrolmentFactory(participant__first_name="Signe", wishes=wishes, post_release=True)
    PairFactory(enrolment=shown, seat1=MentorFactory(user__first_name="Karen"))
    ConsentFactory(enrolment=shown, kind="participation")
    EnrolmentFactory(participant__first_name="Bo", pre_release=True)
    EnrolmentFactory(participant__first_name="Signe", municipality=municipality(ELSEWHERE))
    content = sent(coordinator_client, "enrolment_export", extension, q="Signe")
    _headings, *found = cells(f"a.{extension}", content)
    assert [row[0] for row in found] == ["Signe"]
    assert shown.case_number in found[0]
    assert any("Karen" in cell for cell in found[0])
    if extension == "csv":
        assert b"'=HYPERLINK" in content
        assert b";=HYPERLINK" not in content
    entry = AccessEntry.objects.get(user=coordinator_user, event=Event.EXPORT)
    assert entry.detail == f"search: Signe; {shown.pk}"
    released = cells("a.csv", sent(coordinator_client, "enrolment_export", phase="post_release"))
    assert [row[0] for row in released[1:]] == ["Signe"]


def test_what_was_downloaded_changes_nothing_when_it_is_sent_back(coordinator_client):
    enrolment = EnrolmentFactory(
        post_release=True, wished_times=["weekend_day"], participant__languages=["da", "bs", "fa"]
    )
    ConsentFactory(enrolment=enrolment, kind="participation")
    MentorFactory(times=["weekend_day"], areas_known=["work", "health"], birth_year=1968)
    MentorFactory(municipality=municipality(ELSEWHERE))
    before = Enrolment.objects.values().get(), list(Mentor.objects.order_by("pk").values())
    for kind, name in (("participants", "enrolment_export"), ("mentors", "mentor_export")):
        content = sent(coordinator_client, name)
        assert len(cells("a.csv", content)) == 2
        sending = Importing(coordinator_client, kind)
        file = sending.check(content)
        assert (outcomes(file), problems(file)) == ([RowOutcome.SAME], {})
    assert before == (
        Enrolment.objects.values().get(),
        list(Mentor.objects.order_by("pk").values()),
    )
