"""Two questions in one message: where a second one may begin; and the question at the end of a long story.

A second question may begin after a mark, with "and" ("w chhal", "et le capital", "وكم"), or at a word that asks. Every such place is a cut to be
tried: what is asked on both sides is for the search to say (`bot.knowledge.pair`). A part may lack what the other part says.
"""

from __future__ import annotations

import re

from bot.language.courtesy import without_courtesy
from bot.language.lexicon import meanings, reading
from bot.language.normal import tokens

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
_MARK = re.compile(r"[.?!؟;؛,،:…\n]+")
_AND = frozenset(("w", "wa", "o", "u", "et", "ou", "puis", "ensuite", "aussi", "zid", "و", "او", "ثم", "ايضا", "وايضا", "كذلك", "زيد"))
#: "and" written together with an Arabic word (وكم، وشحال، والوثائق); واش is one word.
_JOINED = re.compile(r"^و(?=[\u0621-\u064a]{2,})")
_ONE_WORD = "واش"
_SENTENCE_END = re.compile(r"[.?!؟\n]+")
#: So many words together may ask ("est ce que").
_LONGEST = 4
#: A part needs so many words to be a question.
_FEWEST = 2
#: So many cuts are tried, the last ones: what is asked stands at the end of a long message.
_MOST = 5
#: From so many words on, a message may be a story.
_STORY = 25


def asks(text: str) -> bool:
    """Whether a word of `text` asks something."""
    return bool(_ASKING.intersection(meanings(text)))


def _begins_with_a_question(words: list[str]) -> bool:
    """Whether the first of these words asks, by itself or with those after it."""
    return reading(" ".join(words[:_LONGEST]))[0].removeprefix("=") in _ASKING


def _without_and(words: list[str]) -> list[str]:
    """The words without "and" before them, and without one written together with a word that asks."""
    while words and words[0] in _AND:
        words = words[1:]
    if words and words[0] != _ONE_WORD and _JOINED.match(words[0]) and not _begins_with_a_question(words[:1]):
        bare = [words[0][1:], *words[1:]]
        return bare if _begins_with_a_question(bare) else words
    return words


def _may_begin(words: list[str], place: int) -> bool:
    """Whether a second question may begin at `place` without a mark before it."""
    word = words[place]
    if word in _AND or _without_and(words[place:]) != words[place:]:
        return True
    joined = word != _ONE_WORD and len(word) > 3 and bool(_JOINED.match(word)) and not word.startswith("وا")
    return joined or (words[place - 1] not in _AND and _begins_with_a_question(words[place:]))


def cuts(text: str) -> list[tuple[str, str]]:
    """The ways to read `text` as two questions: what stands before and after each place where a second one may begin, in normal form."""
    words: list[str] = []
    places: set[int] = set()
    for piece in _MARK.split(text):
        places.add(len(words))
        words += tokens(piece)
    places |= {place for place in range(1, len(words)) if _may_begin(words, place)}
    found = []
    for place in sorted(places):
        before = words[:place]
        while before and before[-1] in _AND:
            before.pop()
        parts = [without_courtesy(" ".join(part)) for part in (before, _without_and(words[place:]))]
        if all(len(part.split()) >= _FEWEST for part in parts):
            found.append((parts[0], parts[1]))
    return list(dict.fromkeys(found))[-_MOST:]


def last_question(text: str) -> str | None:
    """The last sentence of a long story that asks something (else its last sentence), with the one before it; None where there is no story."""
    if len(tokens(text)) < _STORY:
        return None
    sentences = [sentence.strip() for sentence in _SENTENCE_END.split(text) if len(tokens(sentence)) >= _FEWEST]
    if len(sentences) < _FEWEST:
        return None
    asking = [place for place, sentence in enumerate(sentences) if asks(sentence)]
    last = asking[-1] if asking else len(sentences) - 1
    return ". ".join(sentences[max(last - 1, 0) : last + 1])
