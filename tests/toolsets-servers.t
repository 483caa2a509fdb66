# The five MCP servers of the first design are toolsets that hl-mcp offers: with their tools, where they were written out.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
serve home_assistant.py log
HA_URL=http://127.0.0.1:$said
export HA_URL
secret ha_token token-0815

# What hl-mcp answers to one request.
asked() { # METHOD PARAMS OPTION...
	method=$1 params=$2
	shift 2
	printf '%s\n' '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}' \
		'{"jsonrpc":"2.0","method":"notifications/initialized"}' \
		"{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"$method\",\"params\":$params}" |
		hl-mcp -q "$@" 2>err | jq -c 'select(.id == 2).result' >out
}
offers() { # SERVER TOOL... -- OPTION...
	server=$1 wanted=
	shift
	while [ "$1" != -- ]; do
		wanted="$wanted $1"
		shift
	done
	shift
	asked tools/list '{}' "$@"
	jq -r '.tools[].name' out >names
	is "$(for name in $wanted; do grep -qx "$name" names || echo "$name"; done)" '' "$server has$wanted"
}
offers home-assistant-mcp list_lights turn_on_light turn_off_light run_automation -- --toolset home-assistant
is "$(grep -c sonarr names)" 0 'and what is another server'\''s is not offered'
offers arr-suite-mcp sonarr_search sonarr_add sonarr_queue sonarr_status radarr_search radarr_add radarr_queue prowlarr_search \
	-- --toolset arr
offers infrastructure-mcp get_pods get_logs restart_deployment -- --toolset kubernetes
offers plex-mcp plex_libraries plex_sessions tautulli_stats -- --toolset plex
offers network-mcp opnsense_rules opnsense_dns cloudflare_tunnels cloudflare_dns -- --toolset opnsense --toolset cloudflare

asked tools/call '{"name":"list_lights","arguments":{}}' --toolset home-assistant
is "$(jq -r '[.. | objects | select(has("entity_id")).entity_id] | unique | join(" ")' out)" 'light.hall light.kitchen' \
	'what looks is run at once'
asked tools/call '{"name":"turn_on_light","arguments":{"entity_id":"light.kitchen","brightness":120}}' --toolset home-assistant
is "$(grep -c 'POST /api/services' log)" 0 'what acts is not'
like "$(cat out)" 'hl-ask\|hl ask\|approve' 'but waits for a person'
done_testing
