import pytest

from outcomes import tasks


@pytest.fixture
def research_worker(monkeypatch):
    """What is sent to the worker waits in a list, to be done when the test says so."""
    sent: list[int] = []
    monkeypatch.setattr(tasks.make_research_export, "delay", sent.append)

    def work():
        while sent:
            tasks.make_research_export(sent.pop(0))

    return work
