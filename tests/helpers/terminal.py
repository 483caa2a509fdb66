#!/usr/bin/env python3
"""A person at a terminal, for tests: runs a shell command with a terminal of its own and types when asked.

	terminal.py COMMAND [PROMPT ANSWER]...

PROMPT is waited for (a text that appears after what was seen before), then ANSWER is typed, with a
return behind it. ^C, ^D and ^I stand for the keys; then no return is added but for ^I. What the
terminal showed goes to standard output, escape sequences and all; the exit status is the command's.
Nothing is waited for longer than 20 seconds in all: then the status is 99.
"""
import os
import pty
import select
import signal
import sys
import time

KEYS = {"^C": b"\x03", "^D": b"\x04"}


def main():
    command, talk = sys.argv[1], sys.argv[2:]
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp("sh", ["sh", "-c", command])
    seen, at, deadline = b"", 0, time.monotonic() + 20
    while True:
        while talk and (found := seen.find(talk[0].encode(), at)) >= 0:
            at = found + len(talk[0].encode())
            answer = talk[1]
            typed = KEYS.get(answer) or answer.replace("^I", "\t").encode() + b"\r"
            os.write(fd, typed)
            talk = talk[2:]
        ready, _, _ = select.select([fd], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            break
        try:
            data = os.read(fd, 65536)
        except OSError:  # the other side is closed
            data = b""
        if not data:
            break
        seen += data
    sys.stdout.buffer.write(seen)
    sys.stdout.flush()
    if time.monotonic() >= deadline:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        print("\nterminal.py: still waiting for: %s" % (talk[0] if talk else "the end"))
        return 99
    _, status = os.waitpid(pid, 0)
    if talk:
        print("\nterminal.py: never saw: %s" % talk[0])
        return 98
    return os.waitstatus_to_exitcode(status)


sys.exit(main())
