import asyncio
import socket

from weft.server import JoinedWrites


class Sent(asyncio.Transport):
    """Keeps what reaches the socket, one entry for each system call."""

    def __init__(self) -> None:
        self.calls: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.calls.append(bytes(data))

    def writelines(self, list_of_data: object) -> None:
        assert isinstance(list_of_data, list)
        self.calls.append(b"".join(list_of_data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


async def test_head_and_body_are_one_write() -> None:
    sent = Sent()
    transport = JoinedWrites(sent, asyncio.get_running_loop())
    transport.write(b"head")
    transport.write(b"body")
    await asyncio.sleep(0)
    assert sent.calls == [b"headbody"]


async def test_a_head_alone_goes_out_in_the_same_turn_of_the_loop() -> None:
    sent = Sent()
    JoinedWrites(sent, asyncio.get_running_loop()).write(b"head")
    await asyncio.sleep(0)
    assert sent.calls == [b"head"]


async def test_nothing_is_lost_on_close() -> None:
    sent = Sent()
    transport = JoinedWrites(sent, asyncio.get_running_loop())
    transport.write(b"head")
    transport.close()
    assert (sent.calls, sent.closed) == ([b"head"], True)


async def test_what_is_for_a_connection_that_was_lost_is_dropped() -> None:
    """uvloop raises RuntimeError for a write to it, and nobody is there to catch that."""
    sent = Sent()
    transport = JoinedWrites(sent, asyncio.get_running_loop())
    transport.write(b"head")
    sent.closed = True
    await asyncio.sleep(0)
    transport.write(b"head")
    transport.write(b"body")
    assert sent.calls == []


async def test_every_chunk_of_a_long_reply_goes_out_in_order() -> None:
    sent = Sent()
    transport = JoinedWrites(sent, asyncio.get_running_loop())
    for chunk in (b"1", b"2", b"3"):
        transport.write(chunk)
    await asyncio.sleep(0)
    assert b"".join(sent.calls) == b"123"


async def test_connections_do_not_wait_to_fill_packets() -> None:
    """asyncio and uvloop set TCP_NODELAY themselves; a reply must not wait for an acknowledgement."""
    options: list[int] = []

    class Server(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            sock = transport.get_extra_info("socket")
            options.append(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    async with server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.01)
    assert options == [1]
