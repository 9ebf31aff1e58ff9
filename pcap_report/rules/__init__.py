"""Judgements over facts: each rule has an id, a severity, and a threshold that a user can see."""
