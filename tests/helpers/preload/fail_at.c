/*
 * fail_at: the Nth call that changes a file fails, as on a full or a broken disk.
 *
 *	LD_PRELOAD=$HL_HELPERS/fail_at.so HL_COUNT_TO=$PWD/count hl-record <cases
 *	LD_PRELOAD=$HL_HELPERS/fail_at.so HL_FAIL_AT=3 hl-record <cases          # once
 *	LD_PRELOAD=$HL_HELPERS/fail_at.so HL_FAIL_FROM=3 hl-record <cases        # from then on
 *
 * HL_FAIL_AT=N    the Nth call fails, from 1, and those after it work again
 * HL_FAIL_FROM=N  the Nth and all after it fail, but for unlink, unlinkat and rmdir: a full disk
 *                 lets files go
 * HL_FAIL_WITH=E  ENOSPC (unless said), EIO, EDQUOT, EROFS or EACCES
 * HL_COUNT_TO=F   at exit the number of calls goes to the file F (an absolute name: programs move)
 *
 * Which calls are counted: calls.h. See kill_at.c for how to use a preload in a test.
 */
#include "calls.h"

#include <stdatomic.h>

static atomic_long count;

static int reason(void)
{
	static const struct {
		const char *name;
		int number;
	} reasons[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EDQUOT", EDQUOT}, {"EROFS", EROFS},
		{"EACCES", EACCES}};
	const char *with = getenv("HL_FAIL_WITH");

	for (size_t i = 0; with && i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(with, reasons[i].name) == 0)
			return reasons[i].number;
	return ENOSPC;
}

static int before(const char *call, int fd, const void *bytes, size_t n)
{
	long mine = atomic_fetch_add(&count, 1) + 1;
	long from = number_from("HL_FAIL_FROM");

	(void)fd, (void)bytes, (void)n;
	if (mine == number_from("HL_FAIL_AT"))
		return reason();
	if (from > 0 && mine >= from && strncmp(call, "unlink", 6) != 0 && strcmp(call, "rmdir") != 0)
		return reason();
	return 0;
}

__attribute__((destructor)) static void at_exit(void)
{
	write_count(atomic_load(&count));
}
