/*
 * hl-demo-service: the small service that hl-demo breaks and mends: a process of its own that
 * answers HTTP on a port of the loopback interface. It ends by itself ten minutes after its start.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <jansson.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/prog.h"

#define LIFETIME_S 600

static const struct opt options[] = {OPT_END};

static const struct prog program = {
	.name = "hl-demo-service",
	.purpose = "the service that hl demo breaks and mends",
	.synopsis = "start|stop|restart|break|probe DIR",
	.options = options,
	.verbs = "start stop restart break probe",
	.see = "hl-demo(1)",
};

/* A number kept in a file of the service's directory; 0 when there is none. */
static long load_number(const char *dir, const char *name)
{
	struct buf text = BUF_INIT(32);
	struct err none = ERR_INIT;
	char *path = path_join(dir, name);
	long n = 0;

	if (file_read(path, &text, &none) == 0)
		n = strtol(buf_text(&text), NULL, 10);
	free(path);
	buf_clear(&text);
	return n;
}

static int save_number(const char *dir, const char *name, long n, struct err *e)
{
	struct buf text = BUF_INIT(32);
	char *path = path_join(dir, name);
	int rc;

	buf_putf(&text, "%ld\n", n);
	rc = file_replace(path, buf_str(&text), e);
	free(path);
	buf_clear(&text);
	return rc;
}

static struct sockaddr_in loopback(long port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return at;
}

/* Listens on the port of last time, or on a free one the first time. */
static int listen_on(const char *dir, struct err *e)
{
	struct sockaddr_in at = loopback(load_number(dir, "port"));
	socklen_t size = sizeof at;
	int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return err_sys(e, ERR_UNAVAILABLE, "cannot make a socket");
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
		bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 16) ||
		getsockname(fd, (struct sockaddr *)&at, &size)) {
		err_sys(e, ERR_UNAVAILABLE, "cannot listen on port %d", ntohs(at.sin_port));
		close(fd);
		return -1;
	}
	if (save_number(dir, "port", ntohs(at.sin_port), e)) {
		close(fd);
		return -1;
	}
	return fd;
}

static void serve(int listener)
{
	static const char answer[] = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello\n";
	char request[2048];

	alarm(LIFETIME_S);
	for (;;) {
		struct err ignored = ERR_INIT;
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		if (read(fd, request, sizeof request) > 0)
			(void)file_write_all(fd, STR(answer), "socket", &ignored);
		close(fd);
	}
}

/* The child leaves the caller's session and descriptors, so that it outlives the tool call that
 * made it. */
static int start(const char *dir, struct err *e)
{
	int listener = listen_on(dir, e), null;
	pid_t pid;

	if (listener < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		setsid();
		null = open("/dev/null", O_RDWR);
		for (int fd = 0; fd <= 2; fd++)
			dup2(null, fd);
		serve(listener);
	}
	close(listener);
	if (pid < 0)
		return err_sys(e, ERR_UNAVAILABLE, "cannot start the service");
	return save_number(dir, "pid", pid, e);
}

/* Writes a request and reads the status line: 0 when the service answered 200. */
static int ask(long port, char why[128])
{
	static const char request[] = "GET / HTTP/1.0\r\n\r\n";
	struct sockaddr_in at = loopback(port);
	struct timeval patience = {.tv_sec = 2};
	struct err ignored = ERR_INIT;
	char answer[64] = "";
	int fd = socket(AF_INET, SOCK_STREAM, 0), rc = -1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&at, sizeof at) ||
		file_write_all(fd, STR(request), "socket", &ignored) ||
		read(fd, answer, sizeof answer - 1) < 0)
		snprintf(why, 128, "%s", strerror(errno));
	else if (strncmp(answer, "HTTP/1.0 200", 12) != 0)
		snprintf(why, 128, "the answer was not 200");
	else
		rc = 0;
	close(fd);
	return rc;
}

/* Ends the process and waits until its port is free; it is not our child, so ask the port. */
static void stop(const char *dir, int with)
{
	long pid = load_number(dir, "pid"), port = load_number(dir, "port");
	char why[128];

	if (pid > 1)
		kill((pid_t)pid, with);
	for (int i = 0; pid > 1 && i < 200 && ask(port, why) == 0; i++)
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

static void probe(const char *dir)
{
	char why[128] = "";
	long port = load_number(dir, "port");
	bool up = ask(port, why) == 0;
	json_t *report = json_pack("{s:b, s:I, s:I}", "up", up, "port", (json_int_t)port, "pid",
		(json_int_t)load_number(dir, "pid"));

	if (!up)
		json_object_set_new(report, "error", json_string(why));
	json_dumpf(report, stdout, 0);
	putchar('\n');
	json_decref(report);
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	const char *verb, *dir;

	if (argc - first != 2)
		return prog_usage("what to do, and in which directory?");
	verb = argv[first];
	dir = argv[first + 1];
	signal(SIGPIPE, SIG_IGN);
	if (strcmp(verb, "stop") == 0)
		stop(dir, SIGTERM);
	else if (strcmp(verb, "break") == 0)
		stop(dir, SIGKILL);
	else if (strcmp(verb, "probe") != 0) {
		if (strcmp(verb, "restart") == 0)
			stop(dir, SIGTERM);
		else if (strcmp(verb, "start") != 0)
			return prog_usage(
				"'%s' is not one of start, stop, restart, break, probe", verb);
		start(dir, &e);
	}
	if (e.kind == ERR_NONE && (strcmp(verb, "probe") == 0 || strcmp(verb, "restart") == 0))
		probe(dir);
	return prog_end(&e);
}
