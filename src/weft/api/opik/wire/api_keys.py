"""API keys on the wire. Opik's open edition has no such thing."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import asdict

from weft.api.opik.wire.pages import PageView
from weft.api.opik.wire.values import blank
from weft.model.api_key import ApiKey
from weft.model.instants import format_us

MAX_NAME = 150


class ApiKeyWrite(Struct, kw_only=True):
    """`user_name`: as whom one works with it, the caller unless it is given."""

    name: str | None = None
    user_name: str | None = None

    def violations(self) -> list[str]:
        required = (("name", blank(self.name)), ("user_name", self.user_name is not None and blank(self.user_name)))
        return [f"{field} must not be blank" for field, is_blank in required if is_blank] + [
            f"{field} cannot exceed {MAX_NAME} characters"
            for field, text in (("name", self.name), ("user_name", self.user_name))
            if text is not None and len(text) > MAX_NAME
        ]


class ApiKeyView(Struct, kw_only=True):
    """`current`: this request came with it, or with a session of it."""

    id: str
    name: str
    user_name: str
    begins_with: str
    created_at: str
    revoked_at: str | None
    current: bool


class ApiKeyMade(ApiKeyView, kw_only=True):
    """`key` is told here and never again."""

    key: str


class ApiKeyPage(PageView[ApiKeyView], kw_only=True, omit_defaults=True):
    pass


def key_view(key: ApiKey, current_id: str | None) -> ApiKeyView:
    return ApiKeyView(
        id=key.id,
        name=key.name,
        user_name=key.user_name,
        begins_with=key.start,
        created_at=format_us(key.created_at),
        revoked_at=None if key.revoked_at is None else format_us(key.revoked_at),
        current=key.id == current_id,
    )


def made_view(key: ApiKey, secret: str) -> ApiKeyMade:
    return ApiKeyMade(**asdict(key_view(key, None)), key=secret)


def page_view(keys: Sequence[ApiKey], current_id: str | None) -> ApiKeyPage:
    """All on one page, the newest first."""
    content = [key_view(key, current_id) for key in reversed(keys)]
    return ApiKeyPage(page=1, size=len(content), total=len(content), content=content, sortable_by=())
