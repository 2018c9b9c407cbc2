"""The certificates by which this machine speaks to a dask scheduler, as dask's configuration names them."""

from __future__ import annotations

from jifen_batch.errors import UsageRefusedError
from jifen_batch.sentence import Sentence
from jifen_batch.storage import reasons

TLS = "distributed.comm.tls"
NAMED = f"{TLS}: ca-file, client.cert, client.key"
FILES = (f"{TLS}.ca-file", f"{TLS}.client.cert", f"{TLS}.client.key")


def refuse_useless() -> None:
    """Refuse a configuration without certificates, or with some that cannot be used.

    Raises `UsageRefusedError`. dask says nothing of which file it is.
    """
    from dask import config  # noqa: PLC0415 - an extra, loaded where asked for
    from distributed.security import Security  # noqa: PLC0415 - likewise

    if unread := _unread([config.get(name, None) for name in FILES]):
        raise _refused(unread)
    try:
        context = Security(require_encryption=True).get_connection_args("client")["ssl_context"]
    except (OSError, ValueError) as error:
        word = getattr(error, "reason", None) or type(error).__name__
        raise _refused(
            Sentence(
                f"names certificates that do not go together, or are none ({word})",
                f"所写的证书不配套，或不是证书（{word}）",
            )
        ) from error
    if context is None:
        raise _refused(Sentence("names no certificates", "没有写证书"))


def _unread(paths: list[str | None]) -> Sentence | None:
    """The first of some files that cannot be read, and why; null where all can, or are none."""
    for path in paths:
        # In the place of a file's name may stand what it holds.
        if not path or "\n" in path:
            continue
        try:
            with open(path, "rb"):  # noqa: PTH123 - as the system has it
                pass
        except OSError as error:
            why = reasons.reason(error.errno)
            return Sentence(
                f"names {path}, which cannot be read ({why.en})", f"所写的 {path} 无法读取（{why.zh}）"
            )
    return None


def _refused(problem: Sentence) -> UsageRefusedError:
    """The complaint, with what to do."""
    return UsageRefusedError(
        f"--workers: for tls:// dask's configuration {problem.en} ({NAMED}); lay down tls.yaml and the files "
        "as the page engineer/workers-ssh says (`jifen-batch docs`), and run again",
        f"--workers：tls:// 要用的 dask 配置{problem.zh}（{NAMED}）；"
        "请按说明书 engineer/workers-ssh（`jifen-batch docs`）放好 tls.yaml 和证书文件，再重新执行",
    )
