import pytest

from weft.api.http.download import disposition, wanted_part
from weft.errors import RangeNotSatisfiable

ETAG = '"etag"'


@pytest.mark.parametrize(
    ("range", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-5", (2, 6)),
        ("bytes=2-", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-300", (0, 10)),
        ("bytes=2-999999999999", (2, 10)),
        ("bytes = 2 - 5", (2, 6)),
    ],
)
def test_one_range(range: str, part: tuple[int, int]) -> None:
    assert wanted_part({"range": range}, 10, ETAG) == part


@pytest.mark.parametrize("range", ["", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "lines=0-1", "bytes=x-", "bytes=٣-"])
def test_what_cannot_be_read_or_is_several_asks_for_the_whole(range: str) -> None:
    assert wanted_part({"range": range}, 10, ETAG) is None


@pytest.mark.parametrize("range", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_range_outside(range: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        wanted_part({"range": range}, 10, ETAG)


def test_range_of_nothing() -> None:
    with pytest.raises(RangeNotSatisfiable):
        wanted_part({"range": "bytes=0-"}, 0, ETAG)


def test_range_of_what_has_changed_asks_for_the_whole() -> None:
    assert wanted_part({"range": "bytes=2-5", "if-range": ETAG}, 10, ETAG) == (2, 6)
    assert wanted_part({"range": "bytes=2-5", "if-range": '"old"'}, 10, ETAG) is None


@pytest.mark.parametrize(
    ("file_name", "expected"),
    [
        ("a.png", "attachment; filename=\"a.png\"; filename*=UTF-8''a.png"),
        ("Größe 1.png", "attachment; filename=\"Gr__e 1.png\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.png"),
        ('a"\r\nb/../c', "attachment; filename=\"a___b/../c\"; filename*=UTF-8''a%22%0D%0Ab%2F..%2Fc"),
    ],
)
def test_file_name_in_a_header(file_name: str, expected: str) -> None:
    assert disposition(file_name) == expected
