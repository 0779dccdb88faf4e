"""In the domain's tests, words that people read and types that are promised are looked at."""

from plain_words import look_at_words
from types_hold import look_at_types

look_at_words()
look_at_types()
