import io
import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from outcomes.engine.analysis import analyse
from outcomes.tests.engine import datasets

ROWS = "arm,time,event\nmentor,5,1\nmentor,52,0\nmentor,60,0\nalone,7,1\nalone,9,1\nalone,52,0\n"


def run(path, *args, **options) -> str:
    out = io.StringIO()
    call_command("analyse_cohort", str(path), *args, stdout=out, **options)
    return out.getvalue()


def as_json(path, *args) -> dict:
    def refuse(constant):
        raise AssertionError(constant)

    return json.loads(run(path, "--json", *args), parse_constant=refuse)


@pytest.fixture
def cohort_file(tmp_path):
    """Writes a file, of text or of bytes."""

    def write(content, name="cohort.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_the_object_is_as_it_was_promised(cohort_file):
    found = as_json(cohort_file(ROWS), "--at", "13,26,39,52", "--reference", "alone")
    assert list(found) == [
        "arms",
        "log_rank",
        "stratified_log_rank",
        "risk_difference",
        "relative_risk",
        "nnt",
        "hazard_ratio",
        "rmst_difference",
        "reasons",
        "refused",
    ]
    assert set(found["arms"]) == {"alone", "mentor"}
    assert set(found["arms"]["mentor"]) == {"n", "events", "median", "survival"}
    assert [point["time"] for point in found["arms"]["alone"]["survival"]] == [13, 26, 39, 52]
    point = found["arms"]["mentor"]["survival"][0]
    assert list(point) == ["time", "at_risk", "survival", "lower", "upper", "std_error"]
    assert (point["at_risk"], point["survival"]) == (2, pytest.approx(2 / 3))
    assert set(found["log_rank"]) == {"chi2", "p"}
    assert found["stratified_log_rank"] is None
    for key in ("risk_difference", "relative_risk"):
        assert set(found[key]) == {"time", "estimate", "lower", "upper"}
    assert found["risk_difference"]["time"] == 52
    assert found["risk_difference"]["estimate"] == pytest.approx(1 / 3 - 2 / 3)
    assert found["nnt"]["estimate"] == pytest.approx(3)
    assert set(found["hazard_ratio"]) == {"estimate", "lower", "upper", "p"}
    assert set(found["rmst_difference"]) == {"horizon", "estimate", "std_error", "p"}
    assert found["rmst_difference"]["horizon"] == 52
    assert found["reasons"] == {
        "arms.mentor.median": "median_not_reached",
        "stratified_log_rank": "no_strata",
    }
    # Without a reference the first by name is it, here the same; without times the last event is.
    assert as_json(cohort_file(ROWS))["risk_difference"]["time"] == 9


def test_it_is_the_engine_that_answers(cohort_file):
    cohort = datasets.veteran()
    lines = ["treatment;days;died;cell;other"]
    for person in range(cohort.time.size):
        arm, cell = cohort.arms[cohort.arm[person]], cohort.strata[cohort.stratum[person]]
        days = str(cohort.time[person] / 2).replace(".", ",")
        lines.append(f'{arm};{days};{cohort.event[person]};{cell};"one;\ntwo"')
    path = cohort_file(("\ufeff" + "\r\n".join(lines)).encode())
    names = ("--arm=treatment", "--time=days", "--event=died", "--stratum=cell")
    found = as_json(path, *names, "--reference=standard")
    assert found["refused"] == []
    # Half the days: nothing but the times themselves knows of it.
    mine = analyse(cohort, reference="standard")
    for key in ("log_rank", "stratified_log_rank", "hazard_ratio"):
        assert found[key] == pytest.approx(mine[key])
    assert found["rmst_difference"]["estimate"] == pytest.approx(
        mine["rmst_difference"]["estimate"] / 2
    )


def test_rows_that_cannot_be_used_are_told_and_the_rest_is_analysed(cohort_file):
    bad = (
        ",3,1\nmentor,,1\nmentor,NA,1\nmentor,soon,1\nmentor,-2,1\nmentor,inf,1\nmentor,1_0,1\n"
        '\nmentor,3,\nmentor,3,3\nmentor,3,dead\nmentor\n"mentor\n",4.5,2\n'
    )
    path = cohort_file(ROWS + bad)
    found = as_json(path)
    assert [(row["row"], row["reason"]) for row in found["refused"]] == [
        (8, "missing_arm"),
        (9, "missing_time"),
        (10, "missing_time"),
        (11, "unreadable_time"),
        (12, "negative_time"),
        (13, "infinite_time"),
        (14, "unreadable_time"),
        (16, "missing_event"),
        (17, "unknown_event"),
        (18, "unknown_event"),
        (19, "missing_time"),
    ]
    assert found["arms"]["mentor"]["n"] == 4
    errors = io.StringIO()
    text = run(path, stderr=errors)
    assert "mentor: 4 people, 1 with the event" in text
    assert "mentor compared with alone" in text
    assert "11 rows were left out" in errors.getvalue()
    assert "row 11: unreadable_time" in errors.getvalue()


def test_a_file_of_bad_rows_only_is_read_and_every_row_of_it_is_told(cohort_file):
    path = cohort_file("arm,time,event\na,-1,1\nb,soon,1\n")
    found = as_json(path)
    assert found["refused"] == [
        {"row": 2, "reason": "negative_time"},
        {"row": 3, "reason": "unreadable_time"},
    ]
    assert {name: arm["n"] for name, arm in found["arms"].items()} == {"a": 0, "b": 0}
    for key in found.keys() - {"arms", "reasons", "refused"}:
        assert (found[key], found["reasons"][key]) == (None, "empty_cohort")
    errors = io.StringIO()
    assert "there is nobody (empty_cohort)" in run(path, stderr=errors)
    assert "2 rows were left out" in errors.getvalue()


def test_a_row_with_more_cells_than_headings_is_not_guessed_at(cohort_file):
    """A decimal comma between commas: 1,5 days without an event, and not 1 day with one."""
    found = as_json(cohort_file(ROWS + "mentor,1,5,0\nmentor,1,1,0\n1,mentor,1,0\nmentor,1,1,,\n"))
    assert set(found["arms"]) == {"alone", "mentor"}
    assert found["refused"] == [{"row": row, "reason": "too_many_cells"} for row in (8, 9, 10)]
    assert (found["arms"]["mentor"]["n"], found["arms"]["mentor"]["events"]) == (4, 2)


def test_names_that_other_programs_write_for_nothing_are_none(cohort_file):
    content = "arm,time,event,stratum\nnone,1,1,x\nnone,2,1,NA\nb,3,1,NaN\nNA,4,1,x\nb,5,1,x\n"
    found = as_json(cohort_file(content))
    assert {name: arm["n"] for name, arm in found["arms"].items()} == {"b": 2, "none": 2}
    assert found["refused"] == [{"row": 5, "reason": "missing_arm"}]
    assert found["reasons"]["stratified_log_rank"] == "missing_stratum"


@pytest.mark.parametrize("unit", ["e307", "e-300", "e-323"])
def test_times_as_long_or_as_short_as_there_are(cohort_file, unit):
    rows = [("a", 1, 1), ("a", 4, 1), ("b", 6, 1), ("b", 9, 1)]
    content = "".join(f"{arm},{time}{unit},{event}\n" for arm, time, event in rows)
    found = as_json(cohort_file("arm,time,event\n" + content), "--reference=a")
    days = as_json(
        cohort_file("arm,time,event\n" + "".join(f"{a},{t},{e}\n" for a, t, e in rows)),
        "--reference=a",
    )
    assert found["log_rank"] == pytest.approx(days["log_rank"])
    mean, plain = found["rmst_difference"], days["rmst_difference"]
    assert mean["estimate"] == pytest.approx(plain["estimate"] * float(f"1{unit}"), rel=0.2)
    assert mean["std_error"] > 0
    if unit != "e-323":  # of which floats have one digit
        assert mean["p"] == pytest.approx(plain["p"])
    # A horizon long after everything says no less of it.
    late = as_json(cohort_file("arm,time,event\n" + content), "--reference=a", "--at=1e308")
    assert late["rmst_difference"]["p"] == pytest.approx(mean["p"])


def test_each_null_has_a_reason_of_its_own_however_near_the_times(cohort_file):
    found = as_json(
        cohort_file("arm,time,event\na,9,1\nb,9,1\n"), "--at=-0,0.3,0.30000000000000004"
    )
    times = [point["time"] for point in found["arms"]["a"]["survival"]]
    assert [str(time) for time in times] == ["0.0", "0.3", "0.30000000000000004"]
    for name in ("0", "0.3", "0.30000000000000004"):
        assert found["reasons"][f"arms.a.survival.{name}"] == "no_events"


def test_the_report_can_be_read(cohort_file):
    found = run(cohort_file(ROWS), "--at", "52")
    lines = {line.split(":")[0].strip(): line for line in found.splitlines() if ":" in line}
    assert "-0.3333 (-0.7178 to 0.3158) at 52" in lines["risk difference"]
    assert (
        "3.0 to benefit (1.4 to infinity to benefit; 3.2 to infinity to harm) at 52"
        in (lines["number needed to treat"])
    )
    assert (
        "not estimable, there is no column of strata (no_strata)" in (lines["stratified log-rank"])
    )
    assert "not estimable, more than half are left" in found


@pytest.mark.parametrize(
    ("content", "args", "sentence"),
    [
        (ROWS, ["--arm", "group"], "has no column group; its columns are: arm, time, event"),
        (ROWS, ["--stratum", "place"], "has no column place"),
        (ROWS, ["--at", "13,x"], "--at must be times"),
        (ROWS, ["--at", ""], "--at must be times"),
        (ROWS, ["--at=-1"], "--at must be times"),
        (ROWS, ["--at", "nan"], "--at must be times"),
        (ROWS, ["--at", "1_0"], "--at must be times"),
        (ROWS, ["--reference", "x"], "no arm x to compare with; the arms are: alone, mentor"),
        ("arm,time,time,event\na,1,2,1\n", [], "more than one column time"),
        ("", [], "is empty"),
        ("\n\n", [], "is empty"),
        ("arm,time,event\n", [], "no rows below the headings"),
        (ROWS + '"mentor,3,1\n', [], "quotation mark"),
        (b"PK\x03\x04\x00\x00\x00", [], "not a text file"),
        (ROWS.encode("utf-16"), [], "not a text file"),
        (bytes(range(1, 256)), [], "not a text file"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2_and_a_sentence(
    cohort_file, content, args, sentence
):
    path = cohort_file(content)
    with pytest.raises(CommandError) as refused:
        run(path, *args)
    assert refused.value.returncode == 2
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_neither_a_folder_nor_nothing_is_a_file(tmp_path):
    for path, sentence in ((tmp_path, "is a folder"), (tmp_path / "none.csv", "There is no file")):
        with pytest.raises(CommandError, match=sentence) as refused:
            run(path)
        assert refused.value.returncode == 2
    # And as whoever runs it sees it, with no installation prepared.
    done = subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", "analyse_cohort", "none.csv"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no file none.csv." in done.stderr
    assert "Traceback" not in done.stderr


def test_capitals_in_the_headings_do_not_matter_until_they_tell_two_apart(cohort_file):
    assert as_json(cohort_file(ROWS.replace("arm,time,event", "Arm, TIME ,Event")))["log_rank"]
    two = "time,Time,arm,event\n1,9,a,1\n2,8,b,1\n3,7,a,1\n"
    assert as_json(cohort_file(two))["arms"]["a"]["median"] == 1
    assert as_json(cohort_file(two), "--time", "Time")["arms"]["a"]["median"] == 7


def test_a_tab_and_a_cell_too_few(cohort_file):
    path = cohort_file("time\tevent\tarm\n1\t1\ta\n2,5\t1\tb\n3\t1\n")
    found = as_json(path)
    assert found["arms"]["b"]["median"] == 2.5
    assert found["refused"] == [{"row": 4, "reason": "missing_arm"}]
