"""The numbers 0 to 100 in words, for every locale a question can be put in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

LARGEST = 100


@dataclass(frozen=True, slots=True)
class Numerals:
    """How a locale counts.

    Attributes:
        first: words from 0 on, as far as they follow no rule.
        tens: word of each multiple of ten that others are counted from.
        join: makes one word of such a ten and the number above it.
        hundred: 100.
    """

    first: tuple[str, ...]
    tens: Mapping[int, str]
    join: Callable[[str, str], str]
    hundred: str


def number_in_words(n: int, locale: str) -> str:
    """Return the cardinal number `n`, 0 to 100, as it is written when counting.

    French is hyphenated throughout, as in the spelling of 1990.

    Raises:
        ValueError: `n` is outside that range.
        KeyError: `locale` is not one of `LOCALES`.
    """
    if not 0 <= n <= LARGEST:
        raise ValueError(f"{n} is not in 0 to {LARGEST}")
    return _count(locale)[n]


@cache
def _count(locale: str) -> tuple[str, ...]:
    return tuple(_spell(n, NUMERALS[locale]) for n in range(LARGEST + 1))


def _spell(n: int, numerals: Numerals) -> str:
    if n < len(numerals.first):
        return numerals.first[n]
    if n == LARGEST:
        return numerals.hundred
    ten = max(ten for ten in numerals.tens if ten <= n)
    if n == ten:
        return numerals.tens[ten]
    return numerals.join(numerals.tens[ten], numerals.first[n - ten])


def _join_french(ten: str, rest: str) -> str:
    """Join "soixante" and "onze" to "soixante-et-onze", "quatre-vingts" and "un" without "et"."""
    if ten == "quatre-vingts":
        return f"quatre-vingt-{rest}"
    return f"{ten}-et-{rest}" if rest in {"un", "onze"} else f"{ten}-{rest}"


def _join_german(ten: str, rest: str) -> str:
    return f"{'ein' if rest == 'eins' else rest}und{ten}"


def _join_dutch(ten: str, rest: str) -> str:
    """Join "dertig" and "twee" to "tweeëndertig"; the dots keep two vowels apart."""
    if rest == "één":
        return f"eenen{ten}"
    return f"{rest}{'ën' if rest.endswith('e') else 'en'}{ten}"


def _join_italian(ten: str, rest: str) -> str:
    """Join "venti" and "otto" to "ventotto", "venti" and "tre" to "ventitré"."""
    if rest in {"uno", "otto"}:
        return ten[:-1] + rest
    return ten + ("tré" if rest == "tre" else rest)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _tens(words: str) -> Mapping[int, str]:
    """Number the words for 20, 30, 40 and so on."""
    return {20 + 10 * place: word for place, word in enumerate(words.split())}


FIRST_FRENCH = _words(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf"
)
FIRST_PORTUGUESE = _words(
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze"
)
TENS_TO_SIXTY = _tens("vingt trente quarante cinquante soixante")
TENS_PORTUGUESE = _tens("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")

NUMERALS: Mapping[str, Numerals] = {
    "fr": Numerals(FIRST_FRENCH, {**TENS_TO_SIXTY, 80: "quatre-vingts"}, _join_french, "cent"),
    "fr-BE": Numerals(
        FIRST_FRENCH,
        {**TENS_TO_SIXTY, 70: "septante", 80: "quatre-vingts", 90: "nonante"},
        _join_french,
        "cent",
    ),
    "fr-CH": Numerals(
        FIRST_FRENCH,
        {**TENS_TO_SIXTY, 70: "septante", 80: "huitante", 90: "nonante"},
        _join_french,
        "cent",
    ),
    "en": Numerals(
        _words(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen"
        ),
        _tens("twenty thirty forty fifty sixty seventy eighty ninety"),
        lambda ten, rest: f"{ten}-{rest}",
        "one hundred",
    ),
    "de": Numerals(
        _words(
            "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
            "fünfzehn sechzehn siebzehn achtzehn neunzehn"
        ),
        _tens("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"),
        _join_german,
        "hundert",
    ),
    "es": Numerals(
        _words(
            "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
            "quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós "
            "veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
        ),
        _tens("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"),
        lambda ten, rest: f"{ten} y {rest}",
        "cien",
    ),
    "it": Numerals(
        _words(
            "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici "
            "quattordici quindici sedici diciassette diciotto diciannove"
        ),
        _tens("venti trenta quaranta cinquanta sessanta settanta ottanta novanta"),
        _join_italian,
        "cento",
    ),
    "pt": Numerals(
        (*FIRST_PORTUGUESE, "dezasseis", "dezassete", "dezoito", "dezanove"),
        TENS_PORTUGUESE,
        lambda ten, rest: f"{ten} e {rest}",
        "cem",
    ),
    "pt-BR": Numerals(
        (*FIRST_PORTUGUESE, "dezesseis", "dezessete", "dezoito", "dezenove"),
        TENS_PORTUGUESE,
        lambda ten, rest: f"{ten} e {rest}",
        "cem",
    ),
    "nl": Numerals(
        _words(
            "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
            "vijftien zestien zeventien achttien negentien"
        ),
        _tens("twintig dertig veertig vijftig zestig zeventig tachtig negentig"),
        _join_dutch,
        "honderd",
    ),
}

LOCALES = tuple(NUMERALS)
