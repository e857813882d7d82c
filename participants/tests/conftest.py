"""A referral sent by its coordinator, as several of these tests need it."""

import pytest

from participants.tests.referrals import URL, filled


@pytest.fixture
def send(coordinator_client, coordinator):
    """Sends a referral; the coordinator answers for it unless it says otherwise."""

    def post(**changes):
        return coordinator_client.post(URL, filled(**{"coordinator": coordinator.pk, **changes}))

    return post
