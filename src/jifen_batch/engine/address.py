"""Who works: as `--workers` says it, and what of that is refused."""

from __future__ import annotations

import re

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import UsageRefusedError

HERE, DASK, SPARK = "here", "dask", "spark"
MAX_CORES = 1024
_OF_HERE = re.compile(rf"{HERE}(?::([0-9]{{1,4}}))?")
_OF_DASK = re.compile(rf"{DASK}\+(tls|tcp)://([^\s/@]+):([0-9]{{1,5}})")
_THIS_MACHINE = re.compile(r"localhost|127(\.[0-9]{1,3}){3}|\[::1\]")


@dataclass(frozen=True)
class Workers:
    """Who works: `kind` is `HERE`, `DASK` or `SPARK`.

    `cores` are those of this machine to be used, null = all that there are; `address` is that of a scheduler,
    null where none is asked.
    """

    kind: str
    cores: int | None = None
    address: str | None = None

    def refuse_without(self, shuffle: object) -> None:
        """Raise `UsageRefusedError` where workers are elsewhere and nothing says where they meet."""
        if self.kind != HERE and shuffle is None:
            raise UsageRefusedError(
                "--workers elsewhere need --shuffle: a folder that this machine and all of them see "
                "under one path",
                "--workers 用到别的机器时必须写 --shuffle：本机和各台机器在同一路径都看得到的文件夹",
            )


def parsed(text: str) -> Workers:
    """What `--workers` says. Raises `UsageRefusedError`."""
    if of_here := _OF_HERE.fullmatch(text):
        cores = int(of_here[1]) if of_here[1] else None
        if cores is None or 1 <= cores <= MAX_CORES:
            return Workers(HERE, cores=cores)
    if text == SPARK:
        return Workers(SPARK)
    if of_dask := _OF_DASK.fullmatch(text):
        how, host, port = of_dask.groups()
        if how == "tcp" and not _THIS_MACHINE.fullmatch(host):
            raise UsageRefusedError(
                f"{text}: whoever reaches the port of a scheduler runs programs there, so beyond "
                "this machine it must be tls://; give the scheduler and its workers certificates, and write "
                "dask+tls://",
                f"{text}：能连上调度端口的人都能在上面运行程序，跨机器必须用 tls://；"
                "请给调度进程和工作进程配上证书，并写 dask+tls://",
            )
        return Workers(DASK, address=f"{how}://{host}:{port}")
    raise UsageRefusedError(
        f"{text}: is none of here, here:N (N from 1 to {MAX_CORES}), dask+tls://HOST:PORT, "
        "dask+tcp://127.0.0.1:PORT and spark; write one of these",
        f"{text}：不是 here、here:N（N 为 1 至 {MAX_CORES}）、dask+tls://主机:端口、"
        "dask+tcp://127.0.0.1:端口、spark 之一；请改正",
    )
