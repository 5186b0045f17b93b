"""The French lexicon: whether a word exists, so that a search never « corrects » a real one.

`fixtures/reference/french_words.bin` holds one unsigned 32-bit number per word, sorted, little-endian: the CRC-32 of
its folded form (`casebook.text.fold`). About one unknown word in ten thousand passes for a known one.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from zlib import crc32

from django.conf import settings

FILE = Path(settings.BASE_DIR) / "fixtures" / "reference" / "french_words.bin"
FOUR_BYTES = "I"


def is_french_word(word: str) -> bool:
    """Whether a word already folded, alone (« saint » or « denis », not « saint-denis »), is a form of French."""
    numbers = _numbers()
    wanted = _number(word)
    place = bisect_left(numbers, wanted)
    return place < len(numbers) and numbers[place] == wanted


def packed(words: Iterable[str]) -> bytes:
    """The file that holds these folded words."""
    return _little_endian(array(FOUR_BYTES, sorted({_number(word) for word in words}))).tobytes()


@cache
def _numbers() -> "array[int]":
    return _little_endian(array(FOUR_BYTES, FILE.read_bytes()))


def _number(word: str) -> int:
    return crc32(word.encode())


def _little_endian(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
