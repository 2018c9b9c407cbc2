"""Who works: as `--workers` says it, and what of that is refused."""

from __future__ import annotations

import re

from jifen_batch.dataclass import dataclass
from jifen_batch.errors import UsageRefusedError

HERE, DASK, SPARK = "here", "dask", "spark"
MAX_CORES = 1024
_OF_HERE = re.compile(rf"{HERE}(?::([0-9]{{1,4}}))?")
PORT_MAX = 65_535
_OF_DASK = re.compile(rf"{DASK}\+(tls|tcp)://(\[[^\s/@\[\]]+\]|[^\s/@:\[\]]+):([0-9]{{1,5}})")
_LOCAL_NAME = "localhost"


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
    of_dask = _OF_DASK.fullmatch(text)
    if of_dask and 1 <= int(of_dask[3]) <= PORT_MAX:
        how, host, port = of_dask.groups()
        if how == "tcp" and not of_this_machine(host):
            raise UsageRefusedError(
                f"{text}: whoever reaches the port of a scheduler runs programs there, so beyond "
                "this machine it must be tls://; give the scheduler and its workers certificates, and write "
                "dask+tls://; one of this machine alone is dask+tcp://127.0.0.1:PORT",
                f"{text}：能连上调度端口的人都能在上面运行程序，跨机器必须用 tls://；"
                "请给调度进程和工作进程配上证书，并写 dask+tls://；只在本机的请写 dask+tcp://127.0.0.1:端口",
            )
        return Workers(DASK, address=f"{how}://{host}:{port}")
    raise UsageRefusedError(
        f"{text}: is none of here, here:N (N from 1 to {MAX_CORES}), dask+tls://HOST:PORT, "
        f"dask+tcp://127.0.0.1:PORT and spark (PORT from 1 to {PORT_MAX}, an IPv6 HOST as [::1]); write one "
        "of these",
        f"{text}：不是 here、here:N（N 为 1 至 {MAX_CORES}）、dask+tls://主机:端口、"
        f"dask+tcp://127.0.0.1:端口、spark 之一（端口为 1 至 {PORT_MAX}，IPv6 主机写成 [::1]）；请改正",
    )


def of_this_machine(host: str) -> bool:
    """Whether nobody beyond this machine reaches what listens at a host: it is a loopback, by number or name.

    Another name is not looked up: what it means may be another thing by tomorrow.
    """
    from ipaddress import ip_address  # noqa: PLC0415 - of no use to who works here

    try:
        return ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return host.lower() == _LOCAL_NAME
