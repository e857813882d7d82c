"""What the apps further up may hear of accounts."""

from django.dispatch import Signal

# Sent when an invitation is accepted, in the transaction that makes the user, with `user` and
# `municipality_codes`: the app that knows what the role works with makes its record.
user_joined = Signal()

# Sent before a user is kept from signing in, in the same transaction, with `user`: the app that
# knows what they still have to do refuses by raising activation.ActivationRefused.
user_shut_out = Signal()
