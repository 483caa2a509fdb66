# What is left of each model: hl-llm --status, the tool hl.models, and what the health check says of it.
. "$HL_TOP/tests/tap.sh"
HL_NOW=2026-11-23T10:00:00Z # a Monday
export HL_NOW

# --- nothing is configured ---
run hl-llm --status
is_status 0 'without models, --status works'
like "$(cat out)" 'no model is configured: write .*/.config/hl/models.yaml' 'and says which file to write'
run hl-llm --status --json
is "$(cat out)" '{"models":[],"roles":{}}' 'for a program, too'
ok "$([ ! -e "$HL_STATE/hl.db" ]; echo $?)" 'and makes no database'

# --- a file of one's own ---
mkdir -p "$HOME/.config/hl"
printf 'models: {qwen: {provider: ollama, model: q, where: local}}\n' >"$HOME/.config/hl/models.yaml"
run hl-llm --status
like "$(cat out)" '^ok *qwen: q by ollama, local$' 'a file of a person is read'
printf 'models: {qwen: {provider: olama, model: q}}\n' >"$HOME/.config/hl/models.yaml"
run hl-llm --status
is_status 78 'a wrong one is an error'
like "$(cat err)" "models.yaml:1:17: models.qwen.provider: 'olama' is not one of .*did you mean 'ollama'" 'with its place'

# --- the ops repo: as committed; and a proxy's configuration ---
hl-init -q >/dev/null
ops=$HL_STATE/ops
commit() { git -C "$ops" add -A && git -C "$ops" -c user.name=t -c user.email=t@localhost commit -qm x; }
run hl-llm --status --json
is "$(jq -c .models out)" '[]' "with an ops repo a person's file is not read"
mkdir "$ops/models"
cat >"$ops/models/proxy.yaml" <<-END
	model_list:
	  - model_name: gemini-flash
	    litellm_params: {model: gemini/gemini-2.0-flash, api_key: os.environ/GEMINI_API_KEY}
	  - model_name: claude-opus
	    litellm_params: {model: anthropic/claude-opus-4-20250514, api_key: os.environ/ANTHROPIC_API_KEY}
	    model_info: {max_budget: 50.00}
	router_settings: {routing_strategy: simple-shuffle}
END
cat >"$ops/models/quota.yaml" <<-END
	quota_config:
	  claude_opus: {daily_limit: 5, weekly_limit: 20, alert_at: 0.5}
	  fallback_chain: [gemini-flash]
END
run hl-llm --status --json
is "$(jq -c .models out)" '[]' 'what is not committed is not there'
commit
run hl-llm --status --json
is "$(jq -c '[.models[] | [.name, .where, .state, .priced]]' out)" \
	'[["gemini-flash","cloud","ok",true],["claude-opus","cloud","ok",true]]' "a proxy's models are there as they stand"
is "$(jq -c '.models[1] | [.daily.calls, (.weekly.money | map_values(. + 0 | floor)), .daily.ends, .weekly.ends]' out)" \
	'[{"used":0,"limit":5,"left":5},{"used":0,"limit":50,"left":50},"2026-11-24T00:00:00Z","2026-11-30T00:00:00Z"]' \
	'with their limits, and when the day and the week end'
is "$(jq -r '[.roles.triage, .roles.architecture, .roles.complex, .roles.validator] | join(" ")' out)" \
	'gemini-flash claude-opus gemini-flash ' 'and their roles by the table that comes with hl'
printf 'models: {roles: {default: claude-opus, triage: gemini-flush}}\n' >"$ops/policy.yaml"
commit
run hl-llm --status
is_status 78 'a role of a model that is not there is an error'
like "$(cat err)" "policy.yaml: models.roles.triage: no model 'gemini-flush': did you mean 'gemini-flash'" 'and named'
printf 'models: {roles: {default: claude-opus}, local: [gemini-flash]}\n' >"$ops/policy.yaml"
commit
run hl-llm --status
is_status 78 "a provider's own service cannot be said to be local"
printf 'models: {roles: {default: claude-opus}}\n' >"$ops/policy.yaml"
commit
is "$(hl-llm --status --json | jq -r .roles.complex)" claude-opus "policy's roles come first"

# --- what the health check says ---
db() { python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()' "$HL_STATE/hl.db" "$1"; }
day=20780 # of HL_NOW, counted from 1970
signals() {
	hl-gather --goal health-check 2>err >out
	jq -r 'select(.kind == "signal" and .labels.model) | "\(.severity) \(.annotations.summary)"' out
}
is "$(signals)" '' 'nothing while there is enough of all'
db "INSERT INTO usage VALUES('claude-opus', $day, 3, 900, 0)"
is "$(signals)" 'info most of a limit of the model claude-opus is used' 'alert_at of a limit'
db "UPDATE usage SET calls = 5"
is "$(signals)" 'info the model claude-opus is not asked until 2026-11-24T00:00:00Z: 5 of 5 calls of the day are used' 'its end'
db "DELETE FROM usage"
at=$((day * 86400000 + 10 * 3600000 + 30000))
db "INSERT INTO rests VALUES('gemini-flash', $at, 1, 'HTTP 503')"
is "$(signals)" '' 'one failure is nothing to say'
db "UPDATE rests SET failures = 3"
is "$(signals)" 'warning the model gemini-flash failed 3 times and rests until 2026-11-23T10:00:30Z: HTTP 503' 'three are'
is "$(jq -c 'select(.tool == "hl.models") | .ok' out)" true 'the tool works'
HL_REPO=$ops
. "$HL_TOP/tests/toolsets.sh"
calls=0
: >ran
hl-tool run hl.models >out && echo hl.models >>ran
like "$(cat out)" '"roles"' 'and runs by itself'
covered hl
done_testing
