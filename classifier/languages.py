"""Common words that give a language away, to tell whether a comment is in its site's language."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

_COMMON_WORDS = {
    "fr": "le les du des une est et dans pour pas qui sur avec il elle nous vous je tu ce cette "
    "sont ont mais ou au aux plus tout leur ils etre fait comme meme c qu d l j n suis ca",
    "en": "the and of is that this with for you are was not have they but from what there would "
    "your his her my been will just about if who get can our don be an at all so we it",
    "de": "der die das und ist nicht ein eine mit auf fur den dem sich auch wie aber wir ich sie "
    "sind hat noch nur oder wenn werden schon mehr kein mein uber nach bei aus zum dass",
    "es": "el los las y por con para una pero muy mas como esta este son hay yo mi todo usted "
    "ustedes porque cuando desde donde tambien eso ese lo del ya nos gracias hola tiene",
    "it": "il gli che di non per una sono della nel con anche ma piu questo questa come ho ha mi "
    "degli delle dei alla dal perche molto tutti e cosi io abbiamo grazie ciao suo",
    "pt": "o os as do da dos das nao uma em com para por mais mas eu voce isso esta muito tem ele "
    "ela foi ao pelo pela seu sua sao tudo so ja meu minha obrigado quem num",
    "nl": "het een van en niet dat ik je op voor met zijn er maar ook aan als om wat wij jullie "
    "hebben heeft deze dit naar nog wel geen mijn worden dan bij goed kan meer onze",
}

LANGUAGES = tuple(_COMMON_WORDS)

_ENOUGH = 3


def language_of(word: str) -> int | None:
    """Return the rank among `LANGUAGES` of the one language that a folded word is common in."""
    return _languages().get(word)


def foreign_share(counts: Sequence[float], lang: str) -> float:
    """Return the share, in [0, 1), of common words that are not of the language `lang`.

    `counts` holds how many there are of each of the `LANGUAGES`. A few more are taken for the
    site's, so that a word or two prove nothing; where the language is not among them, 0.
    """
    if lang not in LANGUAGES:
        return 0.0
    whole = sum(counts)
    return (whole - counts[LANGUAGES.index(lang)]) / (whole + _ENOUGH)


@cache
def _languages() -> dict[str, int]:
    """Return the language of each word that only one of them claims."""
    claims = Counter(word for words in _COMMON_WORDS.values() for word in set(words.split()))
    return {
        word: rank
        for rank, words in enumerate(_COMMON_WORDS.values())
        for word in words.split()
        if claims[word] == 1
    }
