# The EXAMPLES of every manual run: no usage error, no command that is not there. Each manual's examples run in
# turn in one place that has an ops repo, a payload and nobody at a terminal.
. "$HL_TOP/tests/tap.sh"

hl-init -q
mkdir -p "$HOME/.local/state"
ln -s "$HL_STATE" "$HOME/.local/state/hl"
cd "$HL_STATE/ops" || exit 1
cp "$HL_TOP/tests/samples/alertmanager/webhook-firing-single.json" payload.json
hl-gather --from payload.json >signals.jsonl 2>/dev/null
hl-triage <signals.jsonl >cases.jsonl 2>/dev/null
cp signals.jsonl records.jsonl
cp "$HL_TOP"/demo/runbooks/*.yaml .

for page in "$HL_TOP"/man/*.[157]; do
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE ALSO/s/^\.Dl \$ //p' "$page" | sed 's/\\e/\\/g; s/\\(aq/'"'"'/g; s/\\(dq/"/g; s/\\-/-/g; s/\\&//g' \
		>lines
	bad=
	while read -r line; do
		case $line in
		*'hl demo'* | *sudo* | *systemctl*) continue ;; # tested elsewhere, or not for a test
		esac
		timeout 60 sh -c "$line" </dev/null >out 2>err
		status=$?
		if [ $status -eq 64 ] || [ $status -eq 127 ] || [ $status -eq 124 ] || [ $status -ge 128 ] ||
			grep -qE "try 'hl|not found|rror: syntax|ompile error" err; then
			bad="$bad$line (status $status): $(head -n 2 err)
"
		fi
	done <lines
	is "$bad" '' "the $(wc -l <lines | tr -d ' ') examples of $(basename "$page") run"
done
done_testing
