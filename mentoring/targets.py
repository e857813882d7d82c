"""What the programme has set itself to reach. The figures are shown beside these."""

from mentoring.contact import SILENT_AFTER_DAYS

# Held meetings with each participant in each month after the release, at least.
MEETINGS_A_MONTH = 2
# Days from the referral until there is a pair.
PAIR_WITHIN_DAYS = 21
# Days from the release until the first contact.
CONTACT_WITHIN_DAYS = 3
# Days without contact after which somebody should ask how it goes.
SILENCE_DAYS = SILENT_AFTER_DAYS
