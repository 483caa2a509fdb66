# 1,000 calls of a tool of MCP servers, through hl-mcp and the runner: half of them start a server of their own, half
# ask one over HTTP. Whether they leave a descriptor, a child or a server behind.
. "$HL_TOP/tests/bench/lib.sh"
[ -x "$HL_BIN/hl-mcp-call" ] || skip_bench 'hl-mcp-call is not built'
work=$(mktemp -d "${TMPDIR:-/tmp}/hl-bench.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1
. "$HL_TOP/tests/storm.sh"
unset HL_REPO
HL_STATE=$work/state
export HL_STATE
storm 1000 >figures
[ -s figures ] || { echo 'MISSED the storm broke off'; exit 1; }
read -r fds children servers rate <figures
figure 'descriptors left after 1,000 calls' "$fds" descriptors '<=' 0
figure 'children left' "$children" processes '<=' 0
figure 'servers left' "$servers" processes '<=' 0
figure 'calls a second' "$rate" calls '>=' 1
bench_end
