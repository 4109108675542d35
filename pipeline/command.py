"""What all commands do alike: ``--help``, and one clear line for what goes wrong."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.settings import SETTINGS, InvalidSetting

FAILED = 1
USAGE = 2
BUSY = 4  # another command is at work in the same place
INTERRUPTED = 130


class Refused(Exception):
    """What was asked for cannot be done; says why and what to do instead."""

    code = USAGE


class _Help(argparse.RawDescriptionHelpFormatter):
    """The help in Chinese, its settings one a line."""

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, prefix or "用法：")


def parser(
    name: str, description: str, *settings: str, more: str = ""
) -> argparse.ArgumentParser:
    """The arguments of a command: ``--help`` tells the ``settings`` that it heeds."""
    room = max(map(len, settings), default=0)
    listed = "\n".join(
        f"  {setting.ljust(room)}  {SETTINGS[setting]}" for setting in settings
    )
    made = argparse.ArgumentParser(
        prog=name,
        description=description,
        epilog=f"设置（环境变量，或写在 make 之后）：\n{listed}\n{more}".rstrip(),
        formatter_class=_Help,
        add_help=False,
    )
    made._positionals.title = "参数"
    made._optionals.title = "选项"
    made.add_argument("-h", "--help", action="help", help="显示本说明")
    return made


def run(command: Callable[[], int]) -> int:
    """Run a command; what goes wrong is told on the error stream, without a traceback."""
    try:
        with interruptible():
            return command()
    except InvalidSetting as error:
        return fail(f"设置无效：{error}", USAGE)
    except Refused as error:
        return fail(str(error), error.code)
    except KeyboardInterrupt:
        return fail("已中断。", INTERRUPTED)
    except BrokenPipeError:
        # Who reads has seen enough (`| head`). Python would complain once more when
        # it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return fail(reason(error), FAILED)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        return fail(
            "数据库缺少本版本需要的表或列：它由另一个版本建立，或不是本项目的数据库。"
            f"请重新运行 make build。（{first_line(error)}）",
            USAGE,
        )
    except duckdb.OutOfMemoryException as error:
        return fail(
            f"内存不足：请缩小查询的范围，或关闭其他程序。（{first_line(error)}）",
            FAILED,
        )


@contextmanager
def interruptible() -> Iterator[None]:
    """Have Ctrl-C be Ctrl-C, also where the engine was busy and makes an error of it."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise


def fail(message: str, code: int) -> int:
    """Tell what went wrong; gives the exit code."""
    print(message, file=sys.stderr)
    return code


def reason(error: OSError) -> str:
    """Why a file or folder cannot be used, and what to do."""
    name = error.filename2 or error.filename
    where = f"：{Path(os.fsdecode(name))}" if name else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"磁盘空间不足{where}。请清理空间，或把输出设到别的磁盘，再运行一次。"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"没有权限{where}。请检查文件和文件夹的权限，或换一个位置。"
    if error.errno == errno.EROFS:
        return f"文件系统只读{where}。请换一个位置。"
    if error.errno == errno.ENOENT:
        return f"文件或文件夹不存在{where}。请检查路径。"
    if error.errno == errno.EISDIR:
        return f"这是文件夹，不是文件{where}。请写出文件名。"
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return f"路径中有一段不是文件夹{where}。请检查路径。"
    return f"{error.strerror or error}{where}"


def first_line(error: Exception) -> str:
    """The first line of what the engine says."""
    return str(error).strip().split("\n", 1)[0]
