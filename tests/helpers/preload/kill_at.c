/*
 * kill_at: the process dies (SIGKILL) right before its Nth call that changes a file.
 *
 *	LD_PRELOAD=$HL_HELPERS/kill_at.so HL_COUNT_TO=$PWD/count hl-record <cases     # how many are there?
 *	n=1; while [ $n -le $(cat count) ]; do
 *		LD_PRELOAD=$HL_HELPERS/kill_at.so HL_KILL_AT=$n hl-record <cases     # status 137
 *		... look at what is left, run again without it, look at the result
 *
 * HL_KILL_AT=N    die before the Nth call, from 1; unset: only count
 * HL_KILL_HALF=1  where that call is a write, half of the bytes are written first
 * HL_COUNT_TO=F   at exit the number of calls goes to the file F (an absolute name: programs move)
 *
 * Death before call N is death after call N - 1: all states between two calls are seen. Which
 * calls are counted: calls.h. Set LD_PRELOAD for the one command (env LD_PRELOAD=... hl-x), not for
 * the shell. A program built with ASan does not take a preload: skip the test when $HL_SANITIZE is set.
 */
#include "calls.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>

static atomic_long count;

static int before(const char *call, int fd, const void *bytes, size_t n)
{
	long mine = atomic_fetch_add(&count, 1) + 1;

	(void)call;
	if (mine != number_from("HL_KILL_AT"))
		return 0;
	if (bytes && n > 1 && getenv("HL_KILL_HALF"))
		syscall(SYS_write, fd, bytes, n / 2);
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

__attribute__((destructor)) static void at_exit(void)
{
	write_count(atomic_load(&count));
}
