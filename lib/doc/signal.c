#include "doc/signal.h"

#define SHORT 32 /* no word for a severity is longer */

const char *const signal_members[SIGNAL_MEMBERS] = {
	[SIGNAL_LABELS] = "labels",
	[SIGNAL_ANNOTATIONS] = "annotations",
	[SIGNAL_NAME] = "name",
	[SIGNAL_SEVERITY] = "severity",
	[SIGNAL_SOURCE] = "source",
	[SIGNAL_URL] = "url",
	[SIGNAL_STATUS] = "status",
	[SIGNAL_STARTS] = "starts_at",
	[SIGNAL_ENDS] = "ends_at",
};

enum severity signal_severity(const struct signal *s, const struct labels *l)
{
	struct str text = STR_NONE;
	char word[SHORT] = "";

	scan_plain(s->member[SIGNAL_SEVERITY], &text);
	if (!text.n)
		text = labels_get(l, STR("severity"));
	if (text.n && text.n < sizeof word)
		memcpy(word, text.p, text.n);
	return severity_of(word);
}
