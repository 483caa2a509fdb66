#include "doc/ladder.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

const char *const level_names[] = {"observe", "ask_human", "suggest", "auto_notify", "auto", NULL};
const char *const mode_names[] = {"verbose", "learning", "selective", "mature", NULL};
const char *const effect_names[] = {"read", "change", "destroy", NULL};
const char *const blast_names[] = {
	"none", "single_pod", "single_service", "single_node", "cluster", NULL};
const char *const severity_names[] = {"info", "warning", "critical", NULL};
const char *const risk_names[] = {"none", "low", "medium", "high", NULL};

int ladder_find(const char *const *names, const char *word)
{
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return -1;
}

enum level mode_cap(enum mode m)
{
	switch (m) {
	case MODE_VERBOSE:
		return LEVEL_ASK_HUMAN;
	case MODE_LEARNING:
		return LEVEL_SUGGEST;
	case MODE_SELECTIVE:
		return LEVEL_AUTO_NOTIFY;
	case MODE_MATURE:
		return LEVEL_AUTO;
	}
	return LEVEL_OBSERVE;
}

/* All words are of lower-case letters. */
static int among(const char *const *words, const char *word)
{
	char first = (char)(*word | ('a' - 'A'));

	for (; *words; words++)
		if (**words == first && strcasecmp(*words, word) == 0)
			return 1;
	return 0;
}

enum severity severity_of(const char *word)
{
	static const char *const critical[] = {"critical", "crit", "page", "error", "err", "fatal",
		"emergency", "emerg", "alert", "disaster", "high", "major", NULL};
	static const char *const info[] = {"info", "information", "informational", "notice",
		"debug", "none", "ok", "low", NULL};

	if (word && among(critical, word))
		return SEVERITY_CRITICAL;
	if (word && among(info, word))
		return SEVERITY_INFO;
	return SEVERITY_WARNING;
}
