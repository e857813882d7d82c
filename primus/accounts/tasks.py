"""What the worker does about accounts. Sending happens here, so that a page takes equally long
whether an address is known or not, and so that a secret is never kept but in the e-mail."""

from smtplib import SMTPException

from celery import shared_task

RETRY = {
    "autoretry_for": (OSError, SMTPException),
    "retry_backoff": 30,
    "retry_backoff_max": 30 * 60,
    "max_retries": 8,
}


@shared_task(name="primus.accounts.tasks.send_invitation", **RETRY)
def send_invitation(invitation_id: int) -> None:
    from primus.accounts import invitations

    invitations.send(invitation_id)


@shared_task(name="primus.accounts.tasks.send_password_reset", **RETRY)
def send_password_reset(email: str) -> None:
    from primus.accounts import passwords

    passwords.send_reset(email)


@shared_task(name="primus.accounts.tasks.tell_of_new_password", **RETRY)
def tell_of_new_password(user_id: int) -> None:
    from primus.accounts import passwords

    passwords.tell_of_change(user_id)
