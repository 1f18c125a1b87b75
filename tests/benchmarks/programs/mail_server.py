"""A cheap SMTP server on loopback that throws away what it takes.

`mail_server.py PORT SECONDS`; it waits that long before it takes a mail.
"""

import asyncio
import sys

_ANSWERS = {b"EHLO": b"250 sink.test\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pause: float) -> None:
    """Take mails over one connection."""
    writer.write(b"220 sink.test ESMTP\r\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        writer.write(_ANSWERS.get(verb, b"250 OK\r\n"))
        if verb == b"DATA":
            await reader.readuntil(b"\r\n.\r\n")
            await asyncio.sleep(pause)
            writer.write(b"250 OK\r\n")
        elif verb == b"QUIT":
            break
    writer.close()


async def main(port: int, pause: float) -> None:
    """Listen until killed."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer, pause)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port, limit=2**20)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
