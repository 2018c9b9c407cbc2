"""Whether a worker may work along with this machine, and if not, why and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jifen_batch.dataclass import dataclass
from jifen_batch.engine import fitness
from jifen_batch.errors import WorkersUnfitError
from jifen_batch.sentence import Sentence

if TYPE_CHECKING:
    from jifen_batch.engine.fitness import Machine
    from jifen_batch.errors import JifenError


@dataclass(frozen=True)
class Fitness:
    """A worker by its `name`: what it says, null = nothing, and what of it is `unlike` this machine.

    `refused` is why it could not say anything, null where it has not our program.
    """

    name: str
    machine: Machine | None
    unlike: list[str]
    unseen: list[str]
    unwritable: list[str]
    refused: JifenError | None = None

    @property
    def fault(self) -> JifenError | None:
        """Why it may not work along, and what to do; null where it may."""
        if self.refused is not None:
            return self.refused
        own = fitness.of_this_machine()
        if self.machine is None:
            return self._unfit(
                Sentence(f"has not this very program ({own.told})", f"上没有同样的程序（{own.told}）"),
                Sentence(
                    "install the same jifen-batch and the same packages there",
                    "请在那里装同样的 jifen-batch 和依赖包",
                ),
            )
        if self.unlike:
            what = ", ".join(self.unlike)
            return self._unfit(
                Sentence(
                    f"is unlike this machine in: {what} ({self.machine.told}; here {own.told})",
                    f"与本机不同：{what}（{self.machine.told}；本机 {own.told}）",
                ),
                Sentence("make them the same", "请装成一样"),
            )
        return self._fault_of_paths(self.machine.host)

    def _fault_of_paths(self, host: str) -> JifenError | None:
        """Likewise of what it does not see, or may not write to."""
        if self.unseen:
            where = ", ".join(self.unseen)
            return self._unfit(
                Sentence(
                    f"does not see on {host} what is here: {where}", f"在 {host} 上看不到本机的：{where}"
                ),
                Sentence(
                    "mount the same folder under the same path on both, and let its user look into it",
                    "请在两边以同一路径挂载同一个文件夹，并让运行它的用户能查看",
                ),
            )
        if self.unwritable:
            where = ", ".join(self.unwritable)
            return self._unfit(
                Sentence(f"may not write on {host} to: {where}", f"在 {host} 上不能写入：{where}"),
                Sentence(
                    "let its user write there (the same number on all machines), and see that there is room",
                    "请让运行它的用户可以写入（各台机器上用户编号相同），并确认有空间",
                ),
            )
        return None

    def _unfit(self, problem: Sentence, remedy: Sentence) -> WorkersUnfitError:
        """The complaint about it."""
        return WorkersUnfitError(
            f"--workers: {self.name} {problem.en}; {remedy.en}, and run again",
            f"--workers：{self.name} {problem.zh}；{remedy.zh}，再重新执行",
        )
