#include "flow/finding.h"

void finding_clear(struct finding *f)
{
	json_decref(f->model);
	json_decref(f->solutions);
	json_decref(f->concerns);
	json_decref(f->alternatives);
	json_decref(f->gaps);
	json_decref(f->placement);
	*f = (struct finding){.model = NULL};
}

const char *finding_model(const struct finding *f)
{
	return json_array_size(f->solutions)
		       ? json_string_value(json_object_get(f->model, "name"))
		       : NULL;
}

static void put_list(json_t *plan, const char *key, json_t *list)
{
	if (json_array_size(list))
		json_object_set(plan, key, list);
}

void finding_put(const struct finding *f, json_t *plan)
{
	if (f->model)
		json_object_set(plan, "model", f->model);
	put_list(plan, "concerns", f->concerns);
	put_list(plan, "alternatives", f->alternatives);
	put_list(plan, "gaps", f->gaps);
	if (f->placement)
		json_object_set(plan, "placement", f->placement);
}

/* What a second model says stands in the plan whole; here, only that there is a doubt. */
static const char *doubt(const struct finding *f)
{
	if (!f->doubted)
		return "";
	return json_object_get(json_object_get(f->model, "validator"), "failed")
		       ? "; a second model was to check that, and could not"
		       : "; a second model does not agree";
}

json_t *finding_why(const struct finding *f, const char *lead)
{
	const char *failed = json_string_value(json_object_get(f->model, "failed"));
	const char *error = json_string_value(json_object_get(f->model, "error"));
	const char *name = json_string_value(json_object_get(f->model, "name"));
	const char *cause = json_string_value(json_object_get(f->model, "cause"));

	if (failed)
		return json_sprintf("%s; no model could help (%s: \"%s\")", lead, failed, error);
	if (!cause || !*cause)
		return json_sprintf("%s%s; model '%s' does not say what is wrong", lead, doubt(f), name);
	return json_sprintf("%s%s; model '%s' thinks: \"%s\"", lead, doubt(f), name, cause);
}
