"""Two questions in one message: cutting a text where a second question begins; and the question at the end of a long story.

A cut is made after a question mark, and where a question stands before it and a question follows: after the end of a sentence, or with "and"
("w chhal", "et combien", "وكم"). It is for finding what is asked only: a part may lack what the other part says.
"""

from __future__ import annotations

import re

from bot.language.lexicon import meanings
from bot.language.normal import normalise, tokens

#: Meanings (of the thesaurus) of the words that begin a question.
_ASKING = frozenset(
    {
        "how",
        "how_much,_how_many",
        "which",
        "question_particle",
        "what",
        "what_is",
        "what_does_it_mean",
        "when",
        "who",
        "where",
        "why",
        "can_i",
        "how_long",
        "how_many_days",
        "what_should_i_do",
    }
)
_SENTENCE = re.compile(r"([.?!؟;؛\n]+|[,،](?=\s))")
_AND = frozenset(("w", "o", "et", "ou", "puis", "aussi", "و", "او", "ثم"))
#: "and" written together with an Arabic question word (وكم، وشحال); واش is one word.
_JOINED = re.compile(r"^و(?=[\u0621-\u064a]{2,})")
_SENTENCE_END = re.compile(r"[.?!؟\n]+")
#: A part needs so many words to be a question.
_FEWEST = 2
#: From so many words on, a message may be a story.
_STORY = 25


def _asks(words: list[str]) -> bool:
    """Whether a question begins here."""
    return bool(_ASKING.intersection(meanings(" ".join(words[:3]))[:1]))


def _begins(words: list[str], position: int) -> bool:
    """Whether "and" and a second question stand at `position`."""
    word = words[position]
    if word in _AND:
        return _holds_a_question(words[position + 1 :])
    return word != "واش" and bool(_JOINED.match(word)) and not _asks([word]) and _asks([word[1:], *words[position + 1 :]])


def _holds_a_question(words: list[str]) -> bool:
    return bool(_ASKING.intersection(meanings(" ".join(words))))


def parts(text: str) -> list[str]:
    """The parts of `text` in normal form, in their order; one where it holds no second question."""
    found: list[list[str]] = []
    pieces = _SENTENCE.split(normalise(text))
    for sentence, end_before in zip(pieces[::2], ["", *pieces[1::2]]):
        words = list(tokens(sentence))
        if len(words) < _FEWEST:
            continue
        asked = "?" in end_before or "؟" in end_before
        if found and not asked and not (_holds_a_question(found[-1]) and _asks(words)):
            found[-1] += words
            words = []
        start = 0
        for position in range(_FEWEST, len(words) - _FEWEST + 1):
            if position - start >= _FEWEST and _begins(words, position) and _holds_a_question(words[start:position]):
                found.append(words[start:position])
                start = position
        if words:
            found.append(words[start:])
    return [" ".join(words) for words in found] or [normalise(text)]


def last_question(text: str) -> str | None:
    """The last sentence of a long story that asks something (else its last sentence), with the one before it; None where there is no story."""
    if len(tokens(text)) < _STORY:
        return None
    sentences = [sentence.strip() for sentence in _SENTENCE_END.split(text) if len(tokens(sentence)) >= _FEWEST]
    if len(sentences) < _FEWEST:
        return None
    asking = [place for place, sentence in enumerate(sentences) if _holds_a_question(list(tokens(sentence)))]
    last = asking[-1] if asking else len(sentences) - 1
    return ". ".join(sentences[max(last - 1, 0) : last + 1])
