"""Danish and English, both complete: the texts in the source are English, the catalogue Danish."""

import re
import shutil
import subprocess
import sys

import polib
import pytest
from django.conf import settings
from django.utils import translation

from primus.testing.services import missing
from primus.testing.sources import (
    modules,
    templates,
    unmarked_in_module,
    unmarked_in_template,
    words_in,
)

FOLDER = settings.BASE_DIR / "locale" / "da" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
# Words that are the same in both languages; anything longer would be a text left untranslated.
MOST_WORDS_THE_SAME = 2


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    path = FOLDER / "django.po"
    assert path.exists(), f"{path} is missing: make messages"
    return polib.pofile(str(path), wrapwidth=0)


def key(entry) -> tuple:
    return (entry.msgctxt, entry.msgid, entry.msgid_plural)


def forms_of(entry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_text_is_translated(catalogue):
    assert [e.msgid for e in catalogue if not e.obsolete and not all(forms_of(e))] == []


def test_no_translation_is_a_guess(catalogue):
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_nothing_is_kept_that_is_not_used(catalogue):
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


def test_both_languages_fill_in_the_same(catalogue):
    wrong = []
    for entry in catalogue:
        allowed = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
        needed = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        many = forms_of(entry)[-1]
        used = {place for form in forms_of(entry) for place in PLACEHOLDER.findall(form)}
        if used - allowed or set(PLACEHOLDER.findall(many)) != needed:
            wrong.append(entry.msgid)
    assert wrong == []


def test_danish_is_danish(catalogue):
    same = [e.msgid for e in catalogue if e.msgid in forms_of(e)]
    assert [m for m in same if len(words_in(m)) > MOST_WORDS_THE_SAME] == []


# Names are not translated.
DANISH_NAMES = re.compile("Den Socialøkonomiske Investeringsmodel|SØM")


def test_english_is_english(catalogue):
    """What stands in the source is what the English page says."""
    said = {e.msgid: DANISH_NAMES.sub("", e.msgid) for e in catalogue}
    assert [msgid for msgid, text in said.items() if re.search("[æøåÆØÅ]", text)] == []


def test_sentences_end_alike(catalogue):
    """A full stop, a question mark or dots on one side only is a slip of one of them."""
    ends = re.compile(r"(\.|\?|!|…|:)$")
    # Written with a full stop in Danish and without in English: hours, minutes, months, a day of
    # the month.
    abbreviated = re.compile(r"(?<!\w)(t|min|j|mo|mdr)\.$")

    def end(text):
        text = abbreviated.sub(r"\1", text.strip())
        found = ends.search(text.strip())
        return found[0] if found else ""

    assert [e.msgid for e in catalogue if any(end(f) != end(e.msgid) for f in forms_of(e))] == []


def test_the_compiled_catalogue_says_what_the_source_of_it_says(catalogue):
    compiled = polib.mofile(str(FOLDER / "django.mo"))
    assert {key(e): forms_of(e) for e in compiled} == {
        key(e): forms_of(e) for e in catalogue.translated_entries()
    }, "make messages"


def test_every_text_in_the_source_is_in_the_catalogue(catalogue, tmp_path):
    """Collects the texts anew in a copy of the source, and compares."""
    if shutil.which("xgettext") is None:
        missing("no xgettext was found (Debian: apt install gettext)")
    for name in ("primus", "participants", "mentoring", "outcomes", "templates", "manage.py"):
        source = settings.BASE_DIR / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(source, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(source, tmp_path / name)
    (tmp_path / "locale").mkdir()
    command = ["makemessages", "--locale", "da", "--no-location", "--no-wrap"]
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    fresh = polib.pofile(str(tmp_path / "locale" / "da" / "LC_MESSAGES" / "django.po"))
    in_source, in_catalogue = {key(e) for e in fresh}, {key(e) for e in catalogue}
    assert in_source
    assert sorted(k[1] for k in in_source - in_catalogue) == [], "not in the catalogue"
    assert sorted(k[1] for k in in_catalogue - in_source) == [], "no longer in the source"


@pytest.mark.parametrize("path", templates(), ids=lambda p: str(p.relative_to(settings.BASE_DIR)))
def test_a_template_marks_what_it_says_for_translation(path):
    source = path.read_text(encoding="utf-8")
    assert unmarked_in_template(source, html=path.suffix == ".html") == []


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(settings.BASE_DIR)))
def test_a_module_marks_what_it_says_for_translation(path):
    assert unmarked_in_module(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ("<p>{% translate 'Hello' %} {{ name }}</p>", []),
        ("{% blocktranslate trimmed %}<b>Hello</b> you{% endblocktranslate %}", []),
        ('<button aria-label="Close">×</button>', ["Close"]),
        ("<button aria-label=\"{% translate 'Close' %}\">×</button>", []),
        ('<input type="submit" value="Save">', ["Save"]),
        ('<input type="text" value="given" class="wide">', []),
        ("<a href='x.csv'>CSV</a> · 12 {# a remark #}{% comment %}off{% endcomment %}", []),
        ("{% if x %}Yes{% else %}{{ no }}{% endif %}", ["Yes"]),
    ],
)
def test_unmarked_texts_in_templates_are_found(source, found):
    assert unmarked_in_template(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = forms.CharField(label='Name')", ["Name"]),
        ("x = forms.CharField(label=_('Name'), help_text=gettext_lazy('Yours'))", []),
        ("class A(models.TextChoices):\n    B = 'b', 'Bee'", ["Bee"]),
        ("class A(models.TextChoices):\n    B = 'b', _('Bee')", []),
        ("messages.success(request, f'Saved {x}')", ["Saved "]),
        ("raise ValidationError('Wrong')", ["Wrong"]),
        ("form.add_error(None, 'Wrong')", ["Wrong"]),
        ("class Meta:\n    verbose_name = 'thing'", ["thing"]),
        ("text = f'{text} {_(\"Told.\")}'", ["Told."]),
    ],
)
def test_unmarked_texts_in_modules_are_found(source, found):
    assert unmarked_in_module(source) == found


def test_what_people_choose_from_is_translated_when_it_is_shown():
    """Labels of choices and fields are looked up for the reader, not once for everybody."""
    from mentoring.models import MeetingState
    from participants.phases import Phase

    for choices in (MeetingState, Phase):
        with translation.override("en"):
            english = [str(choice.label) for choice in choices]
        with translation.override("da"):
            danish = [str(choice.label) for choice in choices]
        assert not set(english) & set(danish)
