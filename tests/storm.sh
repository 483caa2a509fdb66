# A storm of calls of tools of MCP servers, through hl-mcp and the runner; see standins/mcp_storm.py for what it
# prints. Half of the calls start a server, half ask one over HTTP.
storm() { # CALLS
	mkdir -p storm.d/toolsets storm.d/goals
	python3 "$HL_TOP/tests/standins/mcp_server.py" --http >storm.d/port &
	storm_pid=$!
	until [ -s storm.d/port ] || ! kill -0 $storm_pid 2>/dev/null; do sleep 0.05; done
	cat >storm.d/toolsets/m.yaml <<-END
		toolset: m
		servers:
		  here: {run: [python3, $HL_TOP/tests/standins/mcp_server.py, --log, $PWD/storm.d/log]}
		  there: {url: "http://127.0.0.1:$(cat storm.d/port)/mcp"}
		tools:
		  - {name: m.add, effect: read, args: {a: {type: integer}, b: {type: integer}}, mcp: {server: here, tool: add}}
		  - {name: m.sum, effect: read, args: {a: {type: integer}, b: {type: integer}}, mcp: {server: there, tool: add}}
	END
	HL_DATA=$PWD/storm.d python3 "$HL_TOP/tests/standins/mcp_storm.py" "$1" "$PWD/storm.d/log" m_add m_sum
	kill $storm_pid
	wait $storm_pid 2>/dev/null
}
