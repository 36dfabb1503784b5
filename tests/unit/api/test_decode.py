import pytest

from weft.model.almost_json import repair


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        (rb"[NaN,-Infinity,Infinity]", rb'["NaN","-Infinity","Infinity"]'),
        (rb'{"NaN":"say \"NaN\" NaN","b":NaN}', rb'{"NaN":"say \"NaN\" NaN","b":"NaN"}'),
        (rb'"\ud83d\uDE00"', rb'"\ud83d\uDE00"'),
        (rb'"\ud83d \ude00"', rb'"\ufffd \ufffd"'),
        (rb'"\ud83d\ud83d\ude00"', rb'"\ufffd\ud83d\ude00"'),
        (rb'"\\ud83d\\\ud83d"', rb'"\\ud83d\\\ufffd"'),
        (rb'"\u00e9\n"', rb'"\u00e9\n"'),
        (rb'["never closed NaN', rb'["never closed NaN'),
    ],
)
def test_repair(text: bytes, repaired: bytes) -> None:
    assert repair(text) == repaired
