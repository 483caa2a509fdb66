#include "doc/signal.h"

#define SHORT 32 /* no word for a severity is longer */

void signal_read(struct signal *s, struct scan_value whole)
{
	const struct {
		struct str key;
		struct scan_value *value;
	} members[] = {
		{STR("labels"), &s->labels},
		{STR("annotations"), &s->annotations},
		{STR("name"), &s->name},
		{STR("severity"), &s->severity},
		{STR("source"), &s->source},
		{STR("url"), &s->url},
	};
	struct scan_value key, value;
	struct str name;

	*s = (struct signal){.whole = whole};
	for (struct scan_iter it = scan_open(whole); scan_next(&it, &key, &value);) {
		bool plain = scan_plain(key, &name);

		for (size_t i = 0; i < sizeof members / sizeof *members; i++)
			if (plain ? str_eq(name, members[i].key) : scan_is(key, members[i].key))
				*members[i].value = value;
	}
}

enum severity signal_severity(const struct signal *s, const struct labels *l)
{
	struct str text = STR_NONE;
	char word[SHORT] = "";

	scan_plain(s->severity, &text);
	if (!text.n)
		text = labels_get(l, STR("severity"));
	if (text.n && text.n < sizeof word)
		memcpy(word, text.p, text.n);
	return severity_of(word);
}
