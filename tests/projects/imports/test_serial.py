import json

from projects.imports.records import Book
from projects.imports.serial import from_json, to_json
from tests.projects.imports.samples import RECUEIL, book_of


def test_book_comes_back_from_json_equal() -> None:
    book = book_of(RECUEIL)

    assert from_json(Book, json.loads(json.dumps(to_json(book)))) == book


def test_value_that_is_not_known_any_more_is_left_and_a_new_one_takes_its_default() -> None:
    written = to_json(book_of(RECUEIL)) | {"former": 1}
    del written["warnings"]

    assert from_json(Book, written).warnings == ()
