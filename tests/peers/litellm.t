# hl-llm before a real LiteLLM proxy, which speaks three of the four interfaces and judges what we send by its own reading of them.
# Behind it is standins/llm.py, so that what is asked comes through two translations, ours and LiteLLM's.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/llm.sh"
. "$HL_TOP/tests/peers/venv.sh"
venv litellm 'litellm[proxy]==1.108.7'
unset HL_NOW # budgets and rests of both go by the real clock
start_llm
trap 'kill $servers $llm_pid 2>/dev/null; wait' EXIT

port=$(free_port)
proxy=http://127.0.0.1:$port
mkdir -p "$HL_STATE/secrets" && chmod 700 "$HL_STATE" "$HL_STATE/secrets"
printf 'sk-of-the-lab' >"$HL_STATE/secrets/proxy"
printf 'good-key-of-nobody' >"$HL_STATE/secrets/lab_key"
printf 'sk-of-nobody' >"$HL_STATE/secrets/bad"
chmod 600 "$HL_STATE"/secrets/*

# What the proxy is run with; hl-llm gets the same file below.
cat >config.yaml <<END
model_list:
  - {model_name: fixed, litellm_params: {model: openai/fixed, api_key: none, mock_response: "It is 42."}}
  - {model_name: busy, litellm_params: {model: openai/fixed, api_key: none, mock_response: litellm.RateLimitError}}
  - {model_name: broken, litellm_params: {model: openai/fixed, api_key: none, mock_response: litellm.InternalServerError}}
  - {model_name: long, litellm_params: {model: openai/fixed, api_key: none, mock_response: litellm.ContextWindowExceededError}}
  - {model_name: by-openai, litellm_params: {model: openai/m1, api_key: os.environ/LAB_KEY, api_base: "$url/v1"}}
  - {model_name: by-anthropic, litellm_params: {model: anthropic/m2, api_key: os.environ/LAB_KEY, api_base: "$url"}}
  - {model_name: by-gemini, litellm_params: {model: gemini/m3, api_key: os.environ/LAB_KEY, api_base: "$url/v1beta"}}
  - {model_name: by-ollama, litellm_params: {model: ollama_chat/m4, api_base: "$url"}}
router_settings: {disable_cooldowns: true, num_retries: 0}
litellm_settings: {num_retries: 0, telemetry: false, use_chat_completions_url_for_anthropic_messages: true}
general_settings: {master_key: os.environ/PROXY_KEY}
quota_config:
  by_openai: {daily_limit: 2, weekly_limit: 20, alert_at: 0.9}
  fallback_chain: [by-anthropic]
END
serve /health/liveliness env HOME="$PWD" LITELLM_LOCAL_MODEL_COST_MAP=True LAB_KEY=good-key-of-nobody PROXY_KEY=sk-of-the-lab \
	"${python%/*}/litellm" --config config.yaml --host 127.0.0.1 --port "$port"

{
	echo models:
	for api in openai anthropic gemini; do
		for m in fixed busy broken long by-openai by-anthropic by-gemini by-ollama nowhere; do
			echo "  $api/$m: {provider: $api, model: $m, url: \"$proxy\", key: proxy, fallback: [spare]}"
		done
	done
	echo "  stranger: {provider: openai, model: fixed, url: \"$proxy\", key: bad}"
	echo "  spare: {provider: ollama, model: m4, url: \"$url\"}"
	echo 'roles: {default: spare}'
} >models.yaml
sed 's/, fallback: .*}/}/' models.yaml >alone.yaml
llm() { run hl-llm --models alone.yaml "$@"; }
afresh() { rm -f "$HL_STATE"/hl.db*; } # nobody rests

# --- what it answers by itself ---
echo 'What is it?' >prompt
for api in openai anthropic gemini; do
	for how in --usage --stream; do
		llm -m $api/fixed $how <prompt
		is "$status $(cat out)" '0 It is 42.' "$api $how"
	done
	like "$(llm -m $api/fixed --usage <prompt; cat err)" "^hl-llm: $api/fixed (cloud): [1-9][0-9]* tokens in, [1-9]" "$api: with its use"
done

# --- what it asks others ---
make_ops
commit_ops tools
cp -r "$HL_TOP/scrub" "$HL_TOP/routes" data/
echo '{"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}, "required": ["n"], "additionalProperties": false}' >schema.json
echo 'Is 192.0.2.7 well?' >prompt
for api in openai anthropic gemini; do
	for m in by-openai by-anthropic by-gemini by-ollama; do
		afresh
		echo '{"text": "<IP_1> is well.", "usage": [7, 2]}' | answers
		for how in --quiet --stream; do
			llm -m $api/$m $how <prompt
			is "$status $(cat out)" '0 192.0.2.7 is well.' "$api to the proxy, and on $m, $how"
		done
		unlike "$(cat log)" '192\.0\.2\.7' 'an address does not leave'
		echo '{"text": "{\"n\": 2}", "usage": [7, 2]}' | answers
		llm -m $api/$m --schema schema.json <prompt
		is "$status $(cat out)" '0 {"n":2}' 'held to a schema'
		printf '%s\n' '{"calls": [{"name": "box_has", "args": {"path": "/"}}], "usage": [7, 2]}' '{"text": "It is there.", "usage": [9, 2]}' | answers
		llm -m $api/$m --tools box.has <prompt
		is "$status $(cat out) $(asked)" '0 It is there. 2' 'looks with a tool, and answers'
	done
done

# --- what goes wrong ---
fault() { # MODEL LIKE NAME: said by the model; another one answers
	afresh
	echo '{"text": "saved"}' | answers
	for api in openai anthropic; do
		run hl-llm --models models.yaml -m "$api/$1" --time 20s <prompt
		is "$status $(cat out)" '0 saved' "$api: $3"
		llm -m "$api/$1" --time 1s <prompt
		like "$(cat err)" "$2" 'it says so'
	done
}
echo hi >prompt
fault busy 'busy' 'a rate limit'
fault broken 'status 500' 'an error of the server'
fault long 'status 400' 'a prompt that is too long'
fault nowhere 'nowhere' 'no such model'
afresh
llm -m stranger <prompt
like "$status $(cat err)" "stranger" 'a key that is none'
unlike "$(cat out err)" 'sk-of-nobody' 'is not said'

# --- its configuration is ours ---
afresh
echo '{"text": "directly", "usage": [7, 2]}' | answers
for i in 1 2 3; do
	run hl-llm --models config.yaml -m by-openai <prompt
	is "$status $(cat out)" '0 directly' "the same file, without the proxy: call $i"
done
is "$(jq -r .api log | tr '\n' ' ')" 'openai openai anthropic ' 'its daily limit holds, and its chain follows'
done_testing
