"""What other apps may want to know of an enrolment. Sent inside the transaction of the change,
so that whoever listens succeeds with it or stops it."""

from django.dispatch import Signal

# The expected or confirmed release moved. Arguments: enrolment.
release_changed = Signal()

# The enrolment has an end. Arguments: enrolment, ending.
enrolment_ended = Signal()

# The enrolment is another coordinator's, and perhaps another municipality's. Arguments: enrolment,
# change (the EnrolmentChange that says so), moved (whether the municipality is another).
enrolment_handed_over = Signal()

# A consent has been taken back. Arguments: consent.
consent_withdrawn = Signal()
