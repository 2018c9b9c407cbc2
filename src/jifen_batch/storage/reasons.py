"""What the system says of a file or folder that it does not give, in both languages."""

from __future__ import annotations

import errno
import os

from jifen_batch.sentence import Sentence

CHINESE = {
    errno.EACCES: "没有权限",
    errno.EBUSY: "正被占用",
    errno.ECONNREFUSED: "那里没有程序在听",
    errno.ECONNRESET: "连接被对方断开",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EEXIST: "已经存在",
    errno.EFBIG: "文件过大",
    errno.EHOSTUNREACH: "到不了那台主机",
    errno.EIO: "读写出错",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ELOOP: "链接绕成了一圈",
    errno.EMFILE: "打开的文件过多",
    errno.ENAMETOOLONG: "名称过长",
    errno.ENFILE: "系统打开的文件过多",
    errno.ENETUNREACH: "到不了那个网络",
    errno.ENODEV: "没有这个设备",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOMEM: "内存不足",
    errno.ENOSPC: "磁盘空间已满",
    errno.ENOTDIR: "不是文件夹",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EPERM: "不允许这样操作",
    errno.EROFS: "文件系统只读",
    errno.ESTALE: "网络文件系统的句柄已失效",
    errno.ETIMEDOUT: "超时",
    errno.ETXTBSY: "正在执行中",
    errno.EXDEV: "不在同一文件系统上",
}


def cannot_be_read(error: OSError) -> Sentence:
    """What is wrong with a file that the system does not give."""
    why = reason(error.errno)
    return Sentence(f"cannot be read ({why.en})", f"无法读取（{why.zh}）")


def reason(number: int | None) -> Sentence:
    """The reason for an error of the system by its number; null = it gives none."""
    if number is None:
        return Sentence("no reason given", "系统未说明原因")
    code = errno.errorcode.get(number, str(number))
    return Sentence(os.strerror(number), CHINESE.get(number, f"系统错误 {code}"))
