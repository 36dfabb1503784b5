import pytest

from weft.api.http.router import Router
from weft.errors import MethodNotAllowed, RouteNotFound


@pytest.fixture
def router() -> Router[str]:
    router = Router[str]()
    for method, path in [
        ("GET", "/traces/{id}"),
        ("PATCH", "/traces/{id}"),
        ("PATCH", "/traces/batch"),
        ("GET", "/traces/{id}/comments/{comment}"),
        ("PUT", "/traces/threads/open"),
        ("POST", "/traces/{id}/open"),
    ]:
        router.add(method, path, f"{method} {path}")
    return router


@pytest.mark.parametrize(
    ("method", "path", "found"),
    [
        ("GET", "/traces/1", ("GET /traces/{id}", ("1",))),
        ("HEAD", "/traces/1", ("GET /traces/{id}", ("1",))),
        ("PATCH", "/traces/batch", ("PATCH /traces/batch", ())),
        ("GET", "/traces/batch", ("GET /traces/{id}", ("batch",))),
        ("GET", "/traces/1/comments/2", ("GET /traces/{id}/comments/{comment}", ("1", "2"))),
        ("POST", "/traces/threads/open", ("POST /traces/{id}/open", ("threads",))),
    ],
)
def test_found(router: Router[str], method: str, path: str, found: tuple[str, tuple[str, ...]]) -> None:
    assert router.find(method, path) == found


@pytest.mark.parametrize("path", ["/", "", "/traces", "/traces//comments/2", "/traces/1/comments", "/a" * 5000])
def test_not_found(router: Router[str], path: str) -> None:
    with pytest.raises(RouteNotFound):
        router.find("GET", path)


def test_wrong_method_says_which_are_right(router: Router[str]) -> None:
    with pytest.raises(MethodNotAllowed) as raised:
        router.find("DELETE", "/traces/batch")
    assert raised.value.allowed == ["GET", "PATCH"]


def test_same_route_twice(router: Router[str]) -> None:
    with pytest.raises(ValueError, match="twice"):
        router.add("GET", "/traces/{other}", "again")
