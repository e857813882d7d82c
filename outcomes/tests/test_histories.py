from datetime import timedelta

import pytest

from outcomes.histories import subject_histories
from outcomes.models import TrialSubject
from outcomes.recidivism import History, Offence
from outcomes.tests.factories import FollowUpFactory, ReoffenceFactory, TrialSubjectFactory
from participants.tests.factories import EnrolmentFactory, in_days

pytestmark = pytest.mark.django_db


def test_the_histories_of_subjects_with_and_without_a_case_file(query_budget):
    alone = TrialSubjectFactory(followed=True)
    with_file = TrialSubjectFactory(followed=True, enrolment=EnrolmentFactory(past_year=True))
    inside = TrialSubjectFactory(followed=True, enrolment=EnrolmentFactory())
    nothing = TrialSubjectFactory(followed=True)
    for subject, of in ((alone, {"enrolment": None, "subject": alone}), (with_file, {})):
        of = of or {"enrolment": with_file.enrolment}
        row = FollowUpFactory(register_date=in_days(-subject.number), **of)
        offence_on = in_days(-100 - subject.number)
        ReoffenceFactory(follow_up=row, offence_on=offence_on)
    # Of somebody else, and of nobody here.
    ReoffenceFactory()
    with query_budget(2):
        found = subject_histories(TrialSubject.objects.all())

    def history(released_on, subject):
        offence_on = in_days(-100 - subject.number)
        offence = Offence(offence_on, offence_on + timedelta(60), "unsuspended")
        return History(released_on, in_days(-subject.number), offences=(offence,))

    assert found == {
        alone.pk: history(alone.released_on, alone),
        with_file.pk: history(with_file.enrolment.released_on, with_file),
        nothing.pk: History(nothing.released_on),
    }
    assert inside.pk not in found
