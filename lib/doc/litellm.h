/*
 * litellm: the models of a LiteLLM proxy's configuration, as it stands.
 *
 *	model_list:
 *	  - model_name: gemini-flash
 *	    litellm_params: {model: gemini/gemini-2.0-flash, api_key: os.environ/GEMINI_API_KEY}
 *	    model_info: {max_budget: 25.00, where: local}
 *
 * What stands before '/' in `model` names the provider: gemini, anthropic, ollama, ollama_chat,
 * openai; none is openai (of claude-*: anthropic). Any other is taken for a server that speaks as
 * OpenAI does, if it has an api_base. os.environ/NAME as the key is the secret of that name in lower
 * case; as the api_base it is that variable. A key that stands in the file itself is not used.
 *
 * The second model of one name is NAME/2, and is asked when the first fails. A model that cannot be
 * asked from here (an embedding, a cloud that needs signed requests) says why, and is in nobody's
 * way. What is not of use here is passed over: rpm, tpm, routing, general_settings.
 *
 * Src: BerriAI/litellm, docs/my-website/docs/proxy: configs.md, reliability.md,
 * provider_budget_routing.md.
 */
#ifndef HL_DOC_LITELLM_H
#define HL_DOC_LITELLM_H

#include "doc/models.h"

/* Adds the models of `model_list`; absent is fine. -1: ERR_CONFIG with the place. */
int litellm_load(struct models *m, const struct node *root, struct err *e);

/* `fallbacks` of router_settings and litellm_settings, [{NAME: [NAME, ...]}]; default_fallbacks. */
int litellm_fallbacks(struct models *m, const struct node *root, struct err *e);

/* max_budget and budget_duration of an object, as a limit of the day or of the week. */
int litellm_budget(struct model *m, const struct node *n, struct err *e);

#endif
