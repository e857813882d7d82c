"""Which two mentors suit an enrolment: who they are (people), who cannot (rules), how well they
would suit (scores), the best for one (pairs), and for everyone who waits (waiting)."""
