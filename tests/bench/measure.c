/*
 * Runs a command some times over and prints what it cost in all: seconds by the clock, seconds
 * of CPU (the command and the children it waited for), and the largest resident set in KiB.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "base/msg.h"
#include "base/prog.h"

static struct {
	long times;
	const char *in, *out;
} option = {1, "/dev/null", "/dev/null"};

static const struct opt options[] = {
	{'n', "times", "N", "how often to run the command (1)", OPT_COUNT, &option.times},
	{'i', "input", "FILE", "its standard input (/dev/null)", OPT_TEXT, &option.in},
	{'o', "output", "FILE", "its standard output (/dev/null)", OPT_TEXT, &option.out},
	OPT_END,
};

static const struct prog program = {.name = "measure",
	.purpose = "what running a command costs",
	.synopsis = "-- COMMAND [ARGUMENT ...]",
	.options = options};

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void become(char **argv)
{
	int in = open(option.in, O_RDONLY), out = open(option.out, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (in >= 0 && out >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1) {
		close(in);
		close(out);
		execvp(argv[0], argv);
	}
	_exit(127);
}

static int run(char **argv, struct rusage *used)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		become(argv);
	if (pid < 0 || wait4(pid, &status, 0, used) < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	double cpu = 0, start;
	long rss = 0;

	if (first >= argc)
		return prog_usage("no command");
	start = now();
	for (long i = 0; i < option.times; i++) {
		struct rusage used = {.ru_maxrss = 0};
		int status = run(argv + first, &used);

		if (status) {
			err_set(&e, ERR_UNAVAILABLE, "'%s' ended with status %d", argv[first], status);
			return prog_end(&e);
		}
		cpu += seconds(used.ru_utime) + seconds(used.ru_stime);
		rss = used.ru_maxrss > rss ? used.ru_maxrss : rss;
	}
	printf("%.6f %.6f %ld\n", now() - start, cpu, rss);
	return prog_end(&e);
}
