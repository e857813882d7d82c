from allauth.account.adapter import DefaultAccountAdapter


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Sign-up is closed: accounts are made by accepting an invitation, nowhere else."""

    def is_open_for_signup(self, request) -> bool:
        return False
