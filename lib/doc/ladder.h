/*
 * ladder: the words that order how far hl may go, and how much an act can break. Their texts are
 * the ones in policy, runbooks, plans and messages.
 */
#ifndef HL_DOC_LADDER_H
#define HL_DOC_LADDER_H

enum level { LEVEL_OBSERVE, LEVEL_ASK_HUMAN, LEVEL_SUGGEST, LEVEL_AUTO_NOTIFY, LEVEL_AUTO };
enum mode { MODE_VERBOSE, MODE_LEARNING, MODE_SELECTIVE, MODE_MATURE };
enum effect { EFFECT_READ, EFFECT_CHANGE, EFFECT_DESTROY };
enum blast {
	BLAST_NONE,
	BLAST_SINGLE_POD,
	BLAST_SINGLE_SERVICE,
	BLAST_SINGLE_NODE,
	BLAST_CLUSTER,
	BLAST_COUNT
};
enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_CRITICAL };

/* NULL-terminated, in the order of the enums, for node_choice and messages. */
extern const char *const level_names[],
	*const mode_names[], *const effect_names[],
				     *const blast_names[],
					     *const severity_names[],
						     *const risk_names[] /* none low medium high */;

/* The index of `word` in such a list, or -1. */
int ladder_find(const char *const *names, const char *word);

/* verbose ask_human, learning suggest, selective auto_notify, mature auto */
enum level mode_cap(enum mode m);

/* Any severity an alert may carry: critical/page/error/..., warning, info; unknown is warning. */
enum severity severity_of(const char *word);

#endif
