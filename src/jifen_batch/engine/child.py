"""A process that does tasks one after the other, and says all the time that it lives.

Where it is killed, hangs, or is taken down by a damaged file, whoever asked lives on and starts another. It
is started anew, not copied: a copy of a process with threads waits for ever.
"""

from __future__ import annotations

import os
import resource
import struct
import threading

from jifen_batch.engine import allocation

BEAT_SECONDS = 1.0
AT_ONCE_BYTES = 1 << 20
LENGTH = struct.Struct("<Q")


def message(content: bytes) -> bytes:
    """Some bytes as they go through a pipe; of none the message only says that its writer lives."""
    return LENGTH.pack(len(content)) + content


def received(pipe: int) -> bytes | None:
    """The next message; null where the pipe ends."""
    head = _exactly(pipe, LENGTH.size)
    return None if head is None else _exactly(pipe, *LENGTH.unpack(head))


def _exactly(pipe: int, length: int) -> bytes | None:
    """So many bytes; null where the pipe ends before."""
    content = bytearray()
    while len(content) < length:
        some = os.read(pipe, min(length - len(content), AT_ONCE_BYTES))
        if not some:
            return None
        content += some
    return bytes(content)


def main() -> None:
    """Carry out orders from stdin until it ends; answers go to what was stdout."""
    answers = os.dup(1)
    # A panic of a library quotes cells, and nothing else is to be in our answers.
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    # A core would hold what was read about the households.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    allocation.keep_what_is_let_go()
    writing = threading.Lock()
    threading.Thread(target=_beat, args=(answers, writing), daemon=True).start()
    from jifen_batch.engine import orders  # noqa: PLC0415 - the allocators are told first

    while order := received(0):
        answer = orders.carried_out(order)
        with writing:
            _send(answers, answer)
    os._exit(0)


def _beat(answers: int, writing: threading.Lock) -> None:
    """Say that this process lives, until nobody hears it: then its work is nobody's."""
    waiting = threading.Event()
    while not waiting.wait(BEAT_SECONDS):
        try:
            with writing:
                _send(answers, b"")
        except OSError:
            os._exit(1)


def _send(pipe: int, content: bytes) -> None:
    """Write a message whole."""
    rest = memoryview(message(content))
    while rest:
        rest = rest[os.write(pipe, rest) :]


if __name__ == "__main__":
    main()
