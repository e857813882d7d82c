"""The form of a meeting as it stands open in a browser, and what is kept of it, for tests."""

from bs4 import BeautifulSoup
from django.urls import reverse

from mentoring.models import MeetingDraft
from mentoring.tests.test_log_meeting import filled

JSON = {"accept": "application/json"}


class OpenPage:
    """The form as it stands open in one window of one browser."""

    def __init__(self, client, enrolment):
        self.client = client
        self.enrolment = enrolment
        response = client.get(self.address)
        assert response.status_code == 200
        self.soup = BeautifulSoup(response.content, "html.parser")
        self.page = {n: self.value(n) for n in ("token", "proof", "writer", "seen")}
        self.revision = 0

    @property
    def address(self):
        return f"{reverse('meeting_create')}?enrolment={self.enrolment.pk}"

    def value(self, name):
        return self.soup.select_one(f"#log [name={name}]")["value"]

    @property
    def text(self):
        return self.soup.select_one("#id_note").text.removeprefix("\n")

    def form(self, **answers):
        return {"enrolment": self.enrolment.pk, "state": "held", **self.page, **answers}

    def type(self, text, *, about=None, revision=None, client=None):
        """What the script sends a second after the last key."""
        self.revision = self.revision + 1 if revision is None else revision
        about = about or self.enrolment
        data = self.form(note=text, enrolment=about.pk, revision=self.revision)
        url = reverse("draft_save", args=[about.pk])
        return (client or self.client).post(url, data, headers=JSON)

    def save(self, *mentors, client=None, headers=None, **answers):
        data = filled(self.enrolment, mentors) | self.form() | answers
        return (client or self.client).post(self.address, data, headers=headers)


def kept() -> MeetingDraft:
    return MeetingDraft.objects.get()
