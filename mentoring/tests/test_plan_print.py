"""The plan on paper: what is on it, what never is, and that every sign of it can be read."""

import io
import unicodedata

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from mentoring.models import Meeting
from mentoring.printed_pdf import as_pdf, is_rtl, legible
from mentoring.printed_plan import AreaLines, Line, PrintedPlan
from mentoring.tests.factories import (
    AccompanimentFactory,
    AuthorityContactFactory,
    ConcernFactory,
    MeetingAreaFactory,
    MeetingFactory,
    MentorFactory,
    PairFactory,
)
from outcomes.tests.factories import FollowUpFactory, ReoffenceFactory
from participants.models import SupportArea
from participants.tests.factories import (
    ConsentFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    GoalFactory,
    NeedRatingFactory,
    ReleaseDateMoveFactory,
    in_days,
)
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db

SECRET = "Hemmeligt"


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen", user__phone="11223344")


@pytest.fixture
def rasmus(karen):
    enrolment = EnrolmentFactory(
        post_release=True,
        participant__first_name="Rasmus",
        participant__last_name="Opdigtsen",
        wishes=f"{SECRET} om ønsker",
    )
    PairFactory(enrolment=enrolment, seat1=karen, seat2__mentor__user__first_name="Jonas")
    return enrolment


@pytest.fixture
def client(client_for, karen):
    client = client_for(karen)
    client.cookies["primus_language"] = "en"
    return client


def page_of(client, enrolment, **choices) -> str:
    answer = client.get(reverse("plan_print", args=[enrolment.pk]), choices or {"language": "en"})
    sheet = BeautifulSoup(answer.text, "html.parser").select_one(".sheet")
    return " ".join(sheet.text.split())


def reader_of(client, enrolment, **choices) -> PdfReader:
    answer = client.get(reverse("plan_pdf", args=[enrolment.pk]), choices or {"language": "en"})
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def pdf_of(client, enrolment, **choices) -> str:
    pages = reader_of(client, enrolment, **choices).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture(params=[page_of, pdf_of], ids=["page", "pdf"])
def sheet_of(request):
    """What both say, or neither."""
    return request.param


def test_it_says_what_is_agreed_reached_whom_to_call_and_when(client, rasmus, sheet_of):
    GoalFactory(enrolment=rasmus, title="Skrevet op til en bolig", due_on=in_days(10))
    GoalFactory(enrolment=rasmus, title="Egen læge på Ærø", area="health", reached=True)
    AuthorityContactFactory(enrolment=rasmus, name="Birgit Prøvesen", phone="70102030")
    CoordinatorFactory(user__first_name="Lene", user__last_name="Vest", user__phone="22334455")
    sheet = sheet_of(client, rasmus)
    for words in (
        "Plan for Rasmus",
        "Karen",
        "Jonas",
        "Housing",
        "Skrevet op til en bolig",
        "Egen læge på Ærø",
        "Birgit Prøvesen, job centre",
        "70 10 20 30",
        "Lene Vest, coordinator",
        "22 33 44 55",
        "6 months since your release",
        "Your own notes",
    ):
        assert words in sheet
    assert "Opdigtsen" not in sheet


def test_nothing_else_that_is_known_is_on_it(client, karen, rasmus, sheet_of):
    meeting = MeetingFactory(
        enrolment=rasmus, mentors=[karen], note=f"{SECRET} møde", next_step=f"{SECRET} skridt"
    )
    Meeting.objects.filter(pk=meeting.pk).update(next_step_on=in_days(3))
    MeetingAreaFactory(meeting=meeting, text=f"{SECRET} område")
    AccompanimentFactory(meeting=meeting, purpose=f"{SECRET} formål", outcome=f"{SECRET} udfald")
    ConcernFactory(enrolment=rasmus, text=f"{SECRET} bekymring", raised_by=karen.user)
    GoalFactory(enrolment=rasmus, title=f"{SECRET} mål", dropped=True)
    AuthorityContactFactory(enrolment=rasmus, name="Sagsbehandler", note=f"{SECRET} om kontakten")
    AuthorityContactFactory(enrolment=rasmus, name=f"{SECRET} betjent", authority="police")
    AuthorityContactFactory(enrolment=rasmus, name=f"{SECRET} uden nummer", phone="")
    ReleaseDateMoveFactory(enrolment=rasmus, note=f"{SECRET} flytning")
    ConsentFactory(enrolment=rasmus)
    ReoffenceFactory(follow_up=FollowUpFactory(enrolment=rasmus))
    for area in SupportArea:
        NeedRatingFactory(enrolment=rasmus, area=area, rating=1)
    sheet = sheet_of(client, rasmus)
    assert "Sagsbehandler" in sheet
    assert SECRET not in sheet
    assert "Nowhere to sleep" not in sheet
    lowered = sheet.casefold()
    for word in ("offence", "police", "acute", "rating", "concern", "prison", rasmus.case_number):
        assert word.casefold() not in lowered


def test_a_volunteers_own_number_is_on_it_only_when_asked_for(client, rasmus, sheet_of):
    assert "11 22 33 44" not in sheet_of(client, rasmus)
    assert "11 22 33 44" in sheet_of(client, rasmus, language="en", phones="on")


def test_who_held_the_seat_before_is_not_on_it(client, rasmus, sheet_of):
    seat = rasmus.pairs.get().seats.get(number=2)
    seat.held_until = in_days(0)
    seat.save()
    assert "Jonas" not in sheet_of(client, rasmus)


def test_before_the_release_it_says_the_day_and_that_it_can_move(client, karen, sheet_of):
    enrolment = EnrolmentFactory(pre_release=True)
    PairFactory(enrolment=enrolment, seat1=karen)
    sheet = sheet_of(client, enrolment)
    assert "You are expected to be released. The day can still move." in sheet
    assert "since your release" not in sheet
    assert "Nothing is agreed yet." in sheet


def test_it_is_in_the_language_that_is_chosen(client, rasmus, sheet_of):
    GoalFactory(enrolment=rasmus)
    danish, english = sheet_of(client, rasmus, language="da"), sheet_of(client, rasmus)
    assert "Bolig" in danish
    assert "Housing" not in danish
    assert "Housing" in english
    assert "Bolig" not in english


def test_unless_chosen_it_is_in_a_language_the_participant_speaks(client, rasmus):
    def language() -> str:
        answer = client.get(reverse("plan_print", args=[rasmus.pk]))
        return BeautifulSoup(answer.text, "html.parser").select_one(".sheet")["lang"]

    spoken = {("da", "en"): "da", ("en", "ar"): "en", ("ar",): "da"}
    for languages, chosen in spoken.items():
        rasmus.participant.languages = list(languages)
        rasmus.participant.save()
        assert language() == chosen
    answer = client.get(reverse("plan_print", args=[rasmus.pk]), {"language": "tlh"})
    assert answer.status_code == 200


def test_the_file_names_nobody_and_is_made_for_readers_of_every_kind(client, rasmus):
    answer = client.get(reverse("plan_pdf", args=[rasmus.pk]), {"language": "en"})
    name = f"plan-{timezone.localdate():%Y-%m-%d}.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"] == "no-store, private"
    reader = PdfReader(io.BytesIO(answer.content))
    assert reader.metadata.title == "Your plan"
    assert reader.metadata.author is None
    assert "Rasmus" not in reader.xmp_metadata.stream.get_data().decode()
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    width, height = reader.pages[0].mediabox.width, reader.pages[0].mediabox.height
    assert (round(width), round(height)) == (595, 842)
    assert len(reader.pages) == 1


def test_the_page_is_read_and_the_file_is_taken_out(client, rasmus):
    page_of(client, rasmus)
    pdf_of(client, rasmus)
    events = AccessEntry.objects.order_by("pk").values_list("event", "object_id")
    assert list(events) == [(Event.READ, rasmus.pk), (Event.EXPORT, rasmus.pk)]


@pytest.mark.parametrize("name", ["plan_print", "plan_pdf"])
def test_as_few_questions_with_much_agreed_as_with_nothing(client, rasmus, query_budget, name):
    path = reverse(name, args=[rasmus.pk])
    client.get(path)
    with query_budget(20) as without:
        client.get(path)
    for area in SupportArea:
        GoalFactory.create_batch(2, enrolment=rasmus, area=area)
        AuthorityContactFactory(enrolment=rasmus)
    with query_budget(20) as with_much:
        client.get(path)
    assert len(with_much) == len(without)


def test_markup_and_long_words_stay_text_on_the_paper(client, rasmus, sheet_of):
    title = "<b>fed</b> #strong[x] $x^2$ \\u{41} @nogen *a* _b_ ${{ plan }}"
    GoalFactory(enrolment=rasmus, title=title)
    GoalFactory(enrolment=rasmus, title="x" * 160)
    sheet = sheet_of(client, rasmus)
    assert title in sheet
    # A break, but nothing lost: all of it is there.
    assert "x" * 160 in "".join(sheet.split()).replace("\u200b", "")


def test_arabic_and_pictures_are_legible(client, rasmus):
    arabic = "أريد أن أجد شقة في آرهوس"
    GoalFactory(enrolment=rasmus, title=arabic)
    GoalFactory(enrolment=rasmus, title="Fest 🎉 og fodbold ⚽ i 🇩🇰 👩🏽‍🔧")
    sheet = page_of(client, rasmus)
    assert arabic in sheet
    assert "🎉" in sheet
    text = pdf_of(client, rasmus)
    assert "[party popper]" in text
    assert "DK" in text
    assert "\ufffd" not in text
    # Readers of PDF differ in the order they give letters that run to the left, not in letters.
    assert set(arabic.split()[0]) <= set(text)


def test_a_text_begins_at_the_side_its_first_letter_asks_for():
    assert is_rtl("1. شقة in Aarhus")
    assert not is_rtl("Ring til مركز العمل")
    assert not is_rtl("12 34")


def test_what_the_fonts_lack_is_said():
    signs = frozenset("abc DK")
    assert legible("a🙂b", signs) == "a[slightly smiling face]b"
    assert legible("a👍🏽b", signs) == "a[thumbs up sign]b"
    assert legible("a🇩🇰", signs) == "aDK"
    assert legible("a你\x07b", signs) == "a□b"
    assert legible("a\tb\u00a0c", signs) == "a b c"
    assert unicodedata.normalize("NFC", "é") == legible("e\u0301", frozenset("é"))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=160))
def test_any_text_at_all_comes_out_as_an_accessible_file(text):
    plan = PrintedPlan(
        language="da",
        document_title="Din plan",
        title="Plan",
        made_on="I dag",
        headings=dict.fromkeys(
            ("mentors", "agreed", "reached", "calls", "dates", "notes"), "Overskrift"
        ),
        mentors=[Line(text)],
        no_mentors="",
        agreed=[AreaLines(SupportArea.WORK, "Arbejde", [Line(text, "i morgen")])],
        nothing_agreed="",
        reached=[Line(text)],
    )
    assert as_pdf(plan).startswith(b"%PDF-")
