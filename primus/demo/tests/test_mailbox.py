"""E-mails kept in a folder, and the page that shows them."""

import os
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.urls import reverse

from primus.demo.mailbox import file_name

BACKEND = "primus.demo.mailbox.FolderBackend"


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = BACKEND
    settings.MAIL_DIR = tmp_path / "mail"
    return settings.MAIL_DIR


@pytest.fixture
def demo(settings, folder):
    settings.PRIMUS_DEMO = True
    return folder


def post(subject="Emne", body="Hej", to=("en@example.org",), **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return EmailMessage(subject, body, to=list(to), headers=headers).send()


def shown(client, text: str) -> str:
    """The page of the message whose subject is `text`."""
    page = client.get(reverse("demo_mail")).content.decode()
    line = next(part for part in page.split('<a class="task" href="')[1:] if text in part)
    return client.get(line.partition('"')[0]).content.decode()


def test_one_file_for_each_message_named_by_its_id(folder):
    assert post(Message_ID="<reminder-1-2027@localhost>") == 1
    assert post(Message_ID="<reminder-2-2027@localhost>") == 1
    names = {path.name for path in folder.iterdir()}
    assert names == {"reminder-1-2027@localhost.eml", "reminder-2-2027@localhost.eml"}


def test_the_same_message_again_takes_its_own_place(folder):
    post("Første", Message_ID="<same@localhost>")
    post("Anden", Message_ID="<same@localhost>")
    (only,) = folder.iterdir()
    assert b"Anden" in only.read_bytes()


@pytest.mark.parametrize(
    "message_id",
    [
        "<../../etc/passwd>",
        "</etc/passwd>",
        "<a/b@c>",
        "<.hidden>",
        "<>",
        "<\x00>",
        "<" + "a" * 300 + ">",
    ],
)
def test_no_message_id_leads_out_of_the_folder(message_id, tmp_path):
    name = file_name(message_id)
    assert Path(name).name == name
    assert not name.startswith(".")
    assert len(name) < 200
    (tmp_path / name).write_text("fits")


def test_different_ids_never_share_a_file():
    assert file_name("<a/b@c>") != file_name("<a_b@c>") != file_name("<a.b@c>")


def test_without_recipients_nothing_is_written(folder):
    assert post(to=()) == 0
    assert not folder.exists()


def test_nothing_is_left_half_written(folder, monkeypatch):
    def full(self, content):
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        post()
    assert list(folder.iterdir()) == []
    message = EmailMessage("Emne", "Hej", to=["en@example.org"])
    assert get_connection(BACKEND, fail_silently=True).send_messages([message]) == 0


def test_writers_at_once(folder):
    threads = [
        Thread(target=post, kwargs={"Message_ID": f"<{n % 5}@localhost>"}) for n in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{n}@localhost.eml" for n in range(5)
    ]
    assert all(path.read_bytes().endswith(b"Hej") for path in folder.iterdir())


def test_there_is_no_such_page_outside_the_demonstration(client, folder, db):
    post()
    assert client.get("/demo/mail/").status_code == 404
    (path,) = folder.iterdir()
    assert client.get(f"/demo/mail/{path.stem}/").status_code == 404


def test_the_empty_page_says_what_will_be_there(client, demo, settings, db):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(reverse("demo_mail")).content.decode()
    assert "No e-mails yet" in page
    post()
    assert "No e-mails yet" not in client.get(reverse("demo_mail")).content.decode()


def test_newest_first_with_whom_and_what(client, demo, db):
    for number, subject in enumerate(["Ældst", "Midt", "Nyest"]):
        post(subject, to=[f"{number}@example.org"], Message_ID=f"<{number}@localhost>")
        path = demo / f"{number}@localhost.eml"
        os.utime(path, (1_800_000_000 + number,) * 2)
    page = client.get(reverse("demo_mail")).content.decode()
    places = [page.index(text) for text in ("Nyest", "Midt", "Ældst")]
    assert places == sorted(places)
    assert "2@example.org" in page


def test_one_message_is_shown_with_its_text_and_links(client, demo, db):
    post("Primus: æøå", "Goddag\n\nSe http://localhost:8000/\n<script>alert(1)</script> & mere")
    page = shown(client, "Primus: æøå")
    assert "Goddag" in page
    assert '<a href="http://localhost:8000/"' in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "&amp; mere" in page


def test_a_message_with_two_bodies_shows_the_plain_one(client, demo, db):
    message = EmailMultiAlternatives("To slags", "Den rene tekst", to=["en@example.org"])
    message.attach_alternative("<p>Den <b>pæne</b> tekst</p>", "text/html")
    message.send()
    page = shown(client, "To slags")
    assert "Den rene tekst" in page
    assert "pæne" not in page


def test_the_time_is_denmarks(client, demo, db):
    post("Sommertid", Date="Sun, 01 Aug 2027 21:30:00 -0000")
    moment = datetime.fromisoformat("2027-08-01T23:30:00+02:00")
    assert f"{moment:%H}" in shown(client, "Sommertid").split("<dl")[1]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00\x00",
        b"Subject: =?utf-8?q?=ff?=\n\n\xff",
        b"Date: neither\nSubject: Underlig\nContent-Type: text/plain; charset=nonsense\n\nHej",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n",
        b"Date: Mon, 99 Foo 2027 25:61:00\n\nHej",
    ],
)
def test_a_file_that_is_no_message_does_not_bring_the_page_down(client, demo, db, content):
    demo.mkdir()
    (demo / "odd.eml").write_bytes(content)
    post("Den gode")
    page = client.get(reverse("demo_mail")).content.decode()
    assert "Den gode" in page
    for link in [part.partition('"')[0] for part in page.split('<a class="task" href="')[1:]]:
        assert client.get(link).status_code in (200, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/demo/mail/..%2f..%2fsecret/",
        "/demo/mail/../secret.eml",
        "/demo/mail/secret/",
        "/demo/mail/%00/",
        "/demo/mail/" + "a" * 5000 + "/",
    ],
)
def test_no_address_leads_out_of_the_folder(client, demo, db, path):
    demo.mkdir()
    (demo.parent / "secret.eml").write_text("Subject: hemmeligt\n\nhemmeligt")
    (demo / "link.eml").symlink_to(demo.parent / "secret.eml")
    response = client.get(path)
    assert response.status_code == 404
    assert "hemmeligt" not in client.get(reverse("demo_mail")).content.decode()
