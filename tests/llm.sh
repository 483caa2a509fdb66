# A service of models for shell tests: standins/llm.py, which speaks all four interfaces. Source it after tap.sh.
#
#	start_llm                   # its port is in $llm_port; ./script has its answers, ./log what it was asked
#	echo '{"text": ".."}' | answers
#	asked                       # how many requests it got since
#	body 1                      # what was sent with the first
start_llm() {
	: >log
	echo '{}' >script
	python3 "$HL_TOP/tests/standins/llm.py" llm.port script log 2>llm.err &
	llm_pid=$!
	trap 'kill $llm_pid 2>/dev/null' EXIT
	i=0; while [ ! -e llm.port ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
	llm_port=$(cat llm.port)
	url="http://127.0.0.1:$llm_port"
}

# A line of JSON for each request to come, the last one for all that follow; what was asked before is forgotten.
answers() { cat >script; : >log; }
asked() { wc -l <log | tr -d ' '; }
body() { sed -n "${1}p" log | jq -r .body; }

# One answer of a model whose text is the JSON on standard input.
value() { jq -c '{text: tojson, usage: [100, 20]}'; }
