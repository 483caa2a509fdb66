/*
 * model: one model that may be asked: who serves it, where it runs, what it may cost; hl-models(5).
 *
 *	gemini-flash:
 *	  provider: gemini
 *	  model: gemini-2.0-flash
 *	  key: gemini_api_key              # a secret's name (secret.h), never the key
 *	  where: cloud                     # unless it says local, it is in the cloud
 *	  limits: {daily: {calls: 200, tokens: 1M, money: 1.00}, weekly: {calls: 1000}, alert_at: 0.7}
 *	  price: {input: 0.10, output: 0.40}
 *
 * Money is counted in millionths of a US dollar, and a price is dollars for a million tokens: so it
 * is also the millionths that one token costs.
 */
#ifndef HL_DOC_MODEL_H
#define HL_DOC_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "json/node.h"

enum model_period { MODEL_DAILY, MODEL_WEEKLY, MODEL_PERIODS };
extern const char *const model_period_names[]; /* daily, weekly; NULL at the end */

/* openai, anthropic, gemini, ollama, command; NULL at the end */
extern const char *const model_providers[];

#define MODEL_UNLIMITED (-1)
#define MODEL_MILLION   1000000 /* of the money below: a dollar */

struct model_limit {
	int64_t calls, tokens, money; /* each MODEL_UNLIMITED, or that many at most */
};

struct model {
	const char *name;     /* ours: in roles and fallbacks */
	const char *counted;  /* what its use is counted as: `name`, but for one of several of one name */
	const char *provider; /* one of model_providers */
	const char *id;       /* as the provider calls it; of a command: its name again */
	const char *url;      /* NULL: the provider's own; may be "{env.NAME}" until it is filled in */
	const char *key;      /* a secret's name; NULL: none is sent */
	const char *ca, *pin, *socket; /* as in http.h; each may be NULL */
	const json_t *run;             /* of a command: its argv; else NULL */
	json_t *fallback;              /* names of models to ask next; may be NULL */
	bool local;                    /* said so; whatever is not known to be is in the cloud */
	bool structured;               /* the provider is asked to hold answers to a schema */
	int64_t max_tokens;            /* of one answer: 4096 */
	int64_t context;               /* tokens that prompt and answer may have; 0: not known */
	int64_t timeout_ms;            /* of one request: 120 s */
	struct model_limit limits[MODEL_PERIODS];
	double alert_at;      /* 0 to 1, of a limit: told when it is passed: 0.8 */
	double input, output; /* price; negative: not known */
	char *fault;          /* why it cannot be asked, for a person; NULL: it can */
};

/* One model of our own form. Lends its texts from the tree. -1: ERR_CONFIG with the place. */
int model_load(struct model *m, const char *name, const struct node *n, struct err *e);

/* What each model has that says nothing else. */
void model_init(struct model *m, const char *name);
void model_clear(struct model *m);

/*
 * Says that what is asked does not leave the house. 0, or -1: it is the provider's own service,
 * which is elsewhere.
 */
int model_set_local(struct model *m);

/* The reason that counts is the first. */
void model_cannot(struct model *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* 10, "200k", "1M": 0, or -1 at the node. Absent: MODEL_UNLIMITED. */
int model_count(const struct node *owner, const char *key, int64_t *count, struct err *e);

/* Dollars as millionths; absent: MODEL_UNLIMITED. */
int model_money(const struct node *owner, const char *key, int64_t *money, struct err *e);

/* The lower of two limits, where MODEL_UNLIMITED is none. */
int64_t model_lower(int64_t a, int64_t b);

/* A fraction from 0 to 1. */
int model_fraction(const struct node *owner, const char *key, double *fraction, struct err *e);

/* A list of names, or absent. */
int model_names(json_t **names, const struct node *list, struct err *e);

/* Millionths of a dollar; -1: the price is not known. */
int64_t model_cost(const struct model *m, int64_t input, int64_t output);

#endif
