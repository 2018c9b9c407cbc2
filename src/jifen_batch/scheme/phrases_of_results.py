"""Phrases of refusals of results, options and the machine, in English and Chinese, as those of inputs."""

from __future__ import annotations

OF_RESULTS = (
    # Published runs and announced quarters.
    ("nothing is published there yet", "那里还没有发布过结果"),
    ("check --out, or run first", "请核对 --out，或先执行 run"),
    ("current names no complete run", "current 没有指向完整的运行"),
    ("run again", "请重新执行"),
    ("is not a link to one of the runs", "不是指向某次运行的链接"),
    ("move it away", "请移走"),
    ("has no {}, so it is no run", "没有 {0}，不是运行结果"),
    ("is damaged", "已损坏"),
    ("remove the folder and run again", "请删除该文件夹后重新执行"),
    ("is not as its manifest says", "与清单所记不符"),
    (
        "is gone, or is not what hung there when the run {} was published",
        "不见了，或已不是运行 {0} 发布时公告的内容",
    ),
    ("is not what {} was announced after", "已不是 {0} 公告时的内容"),
    ("bring the folder back from a backup", "请从备份恢复该文件夹"),
    (
        "run again as of another day, or bring the folder back from a backup",
        "请以另一截止日期重新执行，或从备份恢复该文件夹",
    ),
    ("compare another run, or run again", "请比较别的运行，或重新执行"),
    ("is there already, but is no announced quarter", "已存在，但不是公告过的季度"),
    ("as_of is no date", "as_of 不是日期"),
    (
        ("its tables are of version {}, and this program, jifen-batch {}, knows them up to version {}"),
        "其中的表是第 {0} 版，本程序 jifen-batch {1} 只认到第 {2} 版",
    ),
    ("use {} or a newer one", "请用 {0} 或更新的版本"),
    (
        "name one as the folders in {}/ do, or `current`",
        "请按 {0}/ 下的文件夹写，或写 current",
    ),
    ("{} holds the output folder", "{0} 正占用结果目录"),
    ("wait until it is done", "请等它结束"),
    ("it is not in the register of run {} (名册中无此户)", "运行 {0} 的名册中无此户"),
    ("check the id, or name an older run with --run", "请核对户编号，或用 --run 指定以前的运行"),
    ("did you mean {}? it differs in one sign (相近的编号)", "相近的编号：{0}（差一个字符）"),
    # The output folder, the disk, memory and threads.
    ("is a link", "是链接"),
    ("name the folder itself, and let it hold its runs", "请直接写文件夹本身"),
    ("name the folder itself", "请直接写文件夹本身"),
    ("move it away, and bring the folder itself", "请移走，换成文件夹本身"),
    ("is no folder", "不是文件夹"),
    ("{} is no folder", "{0} 不是文件夹"),
    ("move it away, or name another", "请移走，或另写一个"),
    ("make it, or name another", "请先建立，或另写一个"),
    ("make it, or name another place", "请先建立，或另写一处"),
    ("others may write to it", "别人可以写入"),
    ("others may write there", "别人可以写入"),
    (
        "others may write to it, and could put another folder in the place of {}",
        "别人可以写入，并可能用别的文件夹顶替 {0}",
    ),
    ("take that right away (chmod o-w)", "请取消该权限（chmod o-w）"),
    (
        "take that right away (chmod o-w), or let --out lie elsewhere",
        "请取消该权限（chmod o-w），或把 --out 放到别处",
    ),
    (
        "take that right away (chmod o-w), or name another place",
        "请取消该权限（chmod o-w），或另写一处",
    ),
    ("lies in the output folder", "在结果目录里面"),
    ("name another place, that folder is the worker's own", "请另写一处，那是程序自己的目录"),
    ("is there already and not empty", "已存在且不是空的"),
    ("name a folder that is not there yet", "请写一个还不存在的文件夹"),
    ("{} bytes are free, about {} are needed", "剩余 {0} 字节，约需 {1} 字节"),
    ("make room and run again", "请腾出空间后重新执行"),
    ("make room or check the disk, and run again", "请腾出空间或检查磁盘后重新执行"),
    ("check who may write there and run again", "请检查谁能写入那里，再重新执行"),
    ("cannot {} ({})", "无法完成（{0}：{1}）"),
    ("check the disk", "请检查磁盘"),
    ("the disk does not give back what was written", "从磁盘读回的与写入的不同"),
    ("nothing was published: check the disk, and run again", "没有发布任何结果：请检查磁盘后重新执行"),
    ("check its permissions and the disk", "请检查权限和磁盘"),
    (
        (
            "while this ran, memory was refused: the address space of this process is "
            "limited to {} MiB (RLIMIT_AS)"
        ),
        "运行中申请内存被拒：本进程的地址空间限为 {0} MiB（RLIMIT_AS）",
    ),
    (
        (
            "while it was read, memory was refused: the address space of this process is "
            "limited to {} MiB (RLIMIT_AS)"
        ),
        "读取中申请内存被拒：本进程的地址空间限为 {0} MiB（RLIMIT_AS）",
    ),
    (
        "raise it (ulimit -v, LimitAS= of the service)",
        "请放宽（ulimit -v、服务的 LimitAS=）",
    ),
    ("what was published stays as it was", "已发布的结果不变"),
    ("the process that does the work {}", "执行工作的进程异常结束（{0}）"),
    ("run again, {}", "请重新执行（{0}）"),
    # Options, the configuration, and files written beside.
    ("larger than {} bytes", "超过 {0} 字节"),
    ("name a configuration file", "请指定配置文件"),
    ("the configuration file cannot be read ({})", "配置文件无法读取（{0}）"),
    ("name a file that can", "请指定能读的文件"),
    ("not UTF-8", "不是 UTF-8"),
    ("save the file as UTF-8", "请把文件另存为 UTF-8"),
    ("not TOML: {}", "不是 TOML：{0}"),
    ("correct it there", "请在该处改正"),
    (
        (
            "{} holds the figures of {}, and each command writes the whole of its file: name "
            "another file for {}"
        ),
        "{0} 中是 {1} 的指标，而每个命令都会整个重写文件：请为 {2} 另指定文件",
    ),
    ("no book covers {} in {}", "{1} 年没有细则管 {0}"),
    ("name one that does, or another --year", "请指定有的，或换一个 --year"),
    (
        "the current run is as of {}, but {} was announced as of {}",
        "当前运行的截止日期为 {0}，而 {1} 公告时为 {2}",
    ),
    ("run as of that day or a later one first", "请先以那一天或以后为截止日期执行"),
    (
        ("{} is announced already, and what belongs to {} stands in the first announcement after it"),
        "{0} 已经公告，属于 {1} 的内容在其后的第一次公告里",
    ),
    ("announce a later quarter", "请公告以后的季度"),
    (
        (
            "can be announced as of {} at the earliest ({} days after it ends), but the "
            "current run is as of {}"
        ),
        "最早 {0} 起可以公告（季末后 {1} 天），而当前运行的截止日期为 {2}",
    ),
    ("run as of that day or later first", "请先以那一天或以后为截止日期执行"),
    (
        (
            "is announced already, and the current run differs from it for {} household(s) "
            "({} lines more, {} less, {} points)"
        ),
        "已经公告，当前运行与其有 {0} 户不同（多 {1} 笔，少 {2} 笔，{3} 分）",
    ),
    (
        "it stays as it hangs: later announcements bring the differences as adjustments",
        "已公告的不变，差额在以后的公告中作为调整",
    ),
    ("the run has none of that id", "该次运行中没有这个编号"),
    ("name one that stands in its participation/", "请写 participation/ 中有的编号"),
    ("{} has no events as of {}", "截至 {1}，{0} 年没有事项"),
    ("give a scoring year up to {}", "请写 {0} 年及以前的积分年度"),
    ("is no name of such a file", "不是这种文件的名字"),
    ("let it end in {}", "请以 {0} 结尾"),
    ("is one of the inputs", "是输入数据之一"),
    ("name another file", "请另写一个文件"),
    ("what is published never changes", "已发布的内容不会改变"),
    ("name another folder", "请另写一个文件夹"),
    ("no such rule file or folder", "没有这个细则文件或文件夹"),
    ("--rules names no rule file", "--rules 没有写细则文件"),
    ("give a file or a folder of *.toml files", "请写文件，或放有 *.toml 的文件夹"),
    ("no *.toml file in this folder", "文件夹里没有 *.toml 文件"),
    ("it holds something already", "里面已有东西"),
    ("name a new or an empty folder", "请写新的或空的文件夹"),
    ("the pages are not built here", "这里还没有生成说明书"),
    (
        "run `make docs`, or install the wheel, which has them",
        "请执行 make docs，或安装带有说明书的安装包",
    ),
    ("scoring years lie between {} and {}", "积分年度在 {0} 至 {1} 之间"),
    ("ask for fewer", "请减少年数"),
    ("it already holds {}", "里面已有 {0}"),
    ("give --out another folder, or remove that first", "请把 --out 指到别的文件夹，或先删除"),
    # Faults of the program.
    ("lines were taken down that never hung", "撤下了从未公告过的记分"),
    ("nothing was announced: report this", "没有公告任何内容：请报告此问题"),
    ("nothing was published: report this", "没有发布任何结果：请报告此问题"),
    ("the sums break their own laws ({})", "合计不符合自身的规律（{0}）"),
    (
        "the result breaks its own laws ({}): report this",
        "结果不符合自身的规律（{0}）：请报告此问题",
    ),
    ("the result breaks its own laws ({})", "结果不符合自身的规律（{0}）"),
    ("the wallets break their own laws ({})", "积分账户不符合自身的规律（{0}）"),
    ("{} rows were written where {} were counted", "写了 {0} 行，而应为 {1} 行"),
    ("not all rows were written", "没有写全所有的行"),
    ("the keys do not add up to the statement", "对账键与报表合不上"),
    ("this is a fault of the program", "这是程序的错误"),
    ("a quarter is no such quarter", "季度不是这样的季度"),
    ("a run's id is no such id", "运行编号不是这样的编号"),
    ("the columns are not as declared", "各列与声明的不同"),
    ("{} is empty in places", "{0} 有空格"),
    ("this run is published already", "这次运行已经发布过"),
)
