"""What other apps may want to know of an enrolment. Sent inside the transaction of the change,
so that whoever listens succeeds with it or stops it."""

from django.dispatch import Signal

# The expected or confirmed release moved. Arguments: enrolment.
release_changed = Signal()

# The enrolment has an end. Arguments: enrolment.
enrolment_ended = Signal()
