"""In the domain's tests, words that people read, promised types and decisions are looked at."""

from decisions_hold import look_at_decisions
from plain_words import look_at_words
from types_hold import look_at_types

look_at_words()
look_at_types()
look_at_decisions()
