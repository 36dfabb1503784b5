"""Weft as an OAuth client: finds the authorization server of an MCP server, registers there, gets tokens."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Literal
from urllib.parse import quote, urlsplit

import httpx
from mcp.client.auth.exceptions import OAuthFlowError, OAuthRegistrationError
from mcp.client.auth.utils import (
    build_oauth_authorization_server_metadata_discovery_urls,
    build_protected_resource_metadata_discovery_urls,
    create_client_registration_request,
    create_oauth_metadata_request,
    extract_resource_metadata_from_www_auth,
    extract_scope_from_www_auth,
    get_client_metadata_scopes,
    handle_auth_metadata_response,
    handle_protected_resource_response,
    handle_registration_response,
    validate_metadata_issuer,
)
from mcp.shared._httpx_utils import McpHttpClientFactory
from mcp.shared.auth import OAuthClientMetadata, OAuthMetadata, ProtectedResourceMetadata
from mcp.shared.auth import OAuthToken as TokenResponse
from mcp.shared.auth_utils import check_resource_allowed, resource_url_from_server_url
from pydantic import AnyHttpUrl, AnyUrl, ValidationError

from weft.agents.runtime.http_client import fetched
from weft.errors import AuthorizationFailed, McpServerUnreachable, OAuthNotOffered, OAuthUnavailable, WeftError
from weft.model.instants import now_us
from weft.model.oauth import OAuthClient, OAuthToken

CLIENT_NAME = "Weft"
MAX_REASON = 300  # characters of what a server says
AuthMethod = Literal["none", "client_secret_post", "client_secret_basic"]
AUTH_METHODS: tuple[AuthMethod, ...] = ("none", "client_secret_post", "client_secret_basic")  # the first that is known


class OAuthHttp:
    """Everything here may raise McpAddressRefused."""

    def __init__(self, new_client: McpHttpClientFactory) -> None:
        self._new_client = new_client

    async def register(self, url: str, redirect_uri: str) -> OAuthClient:
        """A new client for the MCP server at the URL (RFC 9728, RFC 8414, RFC 7591).

        Raises OAuthNotOffered and OAuthUnavailable.
        """
        with _unavailable(OAuthUnavailable):
            async with self._new_client() as http:
                challenge = await _challenge(http, url)
                resource = await _protected_resource(http, url, challenge)
                server = await _authorization_server(http, url, resource)
                scope = get_client_metadata_scopes(extract_scope_from_www_auth(challenge), resource, server)
                return await _register(http, url, redirect_uri, server, scope)

    async def exchange(self, client: OAuthClient, code: str, verifier: str, scopes: Sequence[str]) -> OAuthToken:
        """The token for a code. Raises AuthorizationFailed and McpServerUnreachable."""
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        return await self._token(client, form | {"redirect_uri": client.redirect_uri}, scopes)

    async def refresh(self, client: OAuthClient, refresh_token: str, scopes: Sequence[str]) -> OAuthToken:
        """As `exchange`. The refresh token is the new one, or the same again."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return await self._token(client, form, scopes)

    async def _token(self, client: OAuthClient, form: Mapping[str, str], scopes: Sequence[str]) -> OAuthToken:
        with _unavailable(McpServerUnreachable):
            async with self._new_client() as http, fetched(http, _token_request(client, form)) as response:
                if response.status_code >= 500:
                    raise McpServerUnreachable(reason=f"its authorization server answered {response.status_code}")
                if response.status_code != 200:
                    raise AuthorizationFailed(reason=f"the authorization server answered {response.status_code}")
                return _token_of(response, form.get("refresh_token"), scopes)


@contextmanager
def _unavailable(kind: type[WeftError]) -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise kind(reason=f"the authorization server cannot be reached: {error or type(error).__name__}") from error
    except OAuthRegistrationError as error:
        raise OAuthNotOffered(reason=f"it was refused: {str(error)[:MAX_REASON]}") from error
    except (OAuthFlowError, ValidationError, httpx.InvalidURL) as error:
        raise OAuthNotOffered(reason="what it says of its authorization server is not valid") from error


async def _challenge(http: httpx.AsyncClient, url: str) -> httpx.Response:
    """How the server answers to one who has no token; without the content, which may have no end."""
    async with http.stream("GET", url, headers={"Accept": "application/json, text/event-stream"}) as response:
        return response


async def _protected_resource(
    http: httpx.AsyncClient, url: str, challenge: httpx.Response
) -> ProtectedResourceMetadata | None:
    told = extract_resource_metadata_from_www_auth(challenge)
    for candidate in build_protected_resource_metadata_discovery_urls(told, url):
        async with fetched(http, create_oauth_metadata_request(candidate)) as response:
            found = await handle_protected_resource_response(response)
        if found is not None:
            if not check_resource_allowed(resource_url_from_server_url(url), str(found.resource)):
                raise OAuthNotOffered(reason="its metadata is of another resource")
            return found
    return None


async def _authorization_server(
    http: httpx.AsyncClient, url: str, resource: ProtectedResourceMetadata | None
) -> OAuthMetadata:
    named = str(resource.authorization_servers[0]) if resource else None
    for candidate in build_oauth_authorization_server_metadata_discovery_urls(named, url):
        async with fetched(http, create_oauth_metadata_request(candidate)) as response:
            if response.status_code >= 500:
                raise OAuthUnavailable(reason=f"the authorization server answered {response.status_code}")
            _, found = await handle_auth_metadata_response(response)
        if found is not None:
            validate_metadata_issuer(found, named or _origin(url))
            return found
    raise OAuthNotOffered(reason="no authorization server was found for it")


async def _register(
    http: httpx.AsyncClient, url: str, redirect_uri: str, server: OAuthMetadata, scope: str | None
) -> OAuthClient:
    if server.registration_endpoint is None:
        raise OAuthNotOffered(reason="its authorization server registers no clients")
    known = server.token_endpoint_auth_methods_supported or AUTH_METHODS
    metadata = OAuthClientMetadata(
        redirect_uris=[AnyUrl(redirect_uri)],
        client_name=CLIENT_NAME,
        scope=scope,
        token_endpoint_auth_method=next((method for method in AUTH_METHODS if method in known), None),
    )
    async with fetched(http, create_client_registration_request(server, metadata, url)) as response:
        registered = await handle_registration_response(response)
    if not registered.client_id:
        raise OAuthNotOffered(reason="its authorization server gave no client id")
    return OAuthClient(
        client_id=registered.client_id,
        client_secret=registered.client_secret,
        token_auth_method=registered.token_endpoint_auth_method or "none",
        authorization_endpoint=str(server.authorization_endpoint),
        token_endpoint=str(server.token_endpoint),
        redirect_uri=redirect_uri,
        resource=resource_url_from_server_url(url),
        scopes=tuple((scope or "").split()),
    )


def _origin(url: str) -> str:
    """The issuer of an MCP server that names none, spelled as metadata spells it."""
    parts = urlsplit(url)
    return str(AnyHttpUrl(f"{parts.scheme}://{parts.netloc}"))


def _token_request(client: OAuthClient, form: Mapping[str, str]) -> httpx.Request:
    data = {**form, "client_id": client.client_id} | ({"resource": client.resource} if client.resource else {})
    headers = {"Accept": "application/json"}
    secret = client.client_secret or ""
    if client.token_auth_method == "client_secret_basic":
        pair = f"{quote(client.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    elif client.token_auth_method == "client_secret_post":
        data["client_secret"] = secret
    return httpx.Request("POST", client.token_endpoint, data=data, headers=headers)


def _token_of(response: httpx.Response, refresh_token: str | None, scopes: Sequence[str]) -> OAuthToken:
    try:
        token = TokenResponse.model_validate_json(response.content)
    except ValidationError as error:
        raise AuthorizationFailed(reason="the authorization server gave no token") from error
    return OAuthToken(
        access_token=token.access_token,
        refresh_token=token.refresh_token or refresh_token,
        expires_at=None if token.expires_in is None else now_us() + token.expires_in * 1_000_000,
        scopes=tuple(token.scope.split()) if token.scope else tuple(scopes),
    )
