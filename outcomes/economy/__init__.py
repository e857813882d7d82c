"""What a krone gives back, and what it takes to begin in a municipality.

Everything here is plain arithmetic on declared assumptions and on an effect that was measured
elsewhere; see docs/economy.md. Money is in kroner, proportions are 0–1, durations say their unit.
"""
