"""In the domain's tests, every word that people read is looked at."""

from plain_words import look_at_words

look_at_words()
