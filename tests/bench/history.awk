# Writes a history for git fast-import: `count` commits with a decision each, 100 a day, by 50
# runbooks; the ops repo's other files in the first one. With `from`, the commits after that many go on
# from the branch. Every run gives the same bytes.
#	awk -v count=100000 -f history.awk | git fast-import
function blob(path, text) {
	printf "M 100644 inline %s\ndata %d\n%s\n", path, length(text), text
}
function commit(at, message) {
	printf "commit refs/heads/main\ncommitter hl <hl@localhost> %d +0000\ndata %d\n%s\n", at, length(message), message
	if (from && !begun++)
		print "from refs/heads/main^0"
}
function day(n,   y, m, d) { # since 2024-01-01, months of 28 days: only the order matters
	return sprintf("%04d/%02d/%02d", 2024 + int(n / 336), int(n % 336 / 28) + 1, n % 28 + 1)
}
BEGIN {
	start = 1704067200
	steps = "1111111111111111111111111111111111111111111111111111111111111111"
	if (!from) {
		commit(start, "begin")
		blob("policy.yaml", "mode: selective\n")
		for (r = 0; r < 50; r++)
			blob(sprintf("runbooks/r%03d.yaml", r), sprintf("id: r%03d\ntrigger: {alert: Alert%03d}\n" \
				"solutions:\n  - id: restart\n    action: systemd.restart\n    args: {unit: nginx.service}\n", r, r))
	}
	for (i = from + 0; i < from + count; i++) {
		r = (i * 7919) % 50
		ymd = day(int(i / 100))
		compact = ymd
		gsub("/", "", compact)
		clock = sprintf("%02d%02d%02d", int(i % 100 * 14 / 60), i % 100 * 14 % 60, i % 60)
		id = sprintf("%sT%sZ-%08x%08x", compact, clock, i % 5003, r)
		at = ymd "T" substr(clock, 1, 2) ":" substr(clock, 3, 2) ":" substr(clock, 5, 2) "Z"
		gsub("/", "-", at)
		result = i % 97 ? "fixed" : "failed"
		commit(start + i * 600, sprintf("Alert%03d: restart, %s\n\nCase: %s\nRunbook: r%03d\nSolution: restart\nApproved-by: alice\nOutcome: %s", r, result, id, r, result))
		blob("decisions/" ymd "/" id ".json", sprintf("{\n  \"kind\": \"case\",\n  \"id\": \"%s\",\n  \"opened_at\": \"%s\",\n" \
			"  \"title\": \"Alert%03d on node-%d.lab.example:9100\",\n  \"severity\": \"warning\",\n  \"signals\": [\n    {\n" \
			"      \"kind\": \"signal\", \"source\": \"alertmanager\", \"status\": \"firing\", \"name\": \"Alert%03d\",\n" \
			"      \"labels\": {\"alertname\": \"Alert%03d\", \"instance\": \"node-%d.lab.example:9100\", \"job\": \"node\"},\n" \
			"      \"annotations\": {\"summary\": \"the service does not answer\"},\n      \"starts_at\": \"%s\"\n    }\n  ],\n" \
			"  \"triage\": {\"verdict\": \"problem\", \"why\": \"1 alert\", \"at\": \"%s\", \"runbooks\": [\"r%03d\"], \"signals\": 1},\n" \
			"  \"plan\": {\n    \"runbook\": {\"id\": \"r%03d\", \"path\": \"runbooks/r%03d.yaml\", \"level\": \"ask_human\", \"steps_digest\": \"%s\"},\n" \
			"    \"solutions\": [{\"n\": 1, \"id\": \"restart\", \"title\": \"Restart\", \"effect\": \"change\", \"blast_radius\": \"single_service\"}],\n" \
			"    \"recommended\": 1\n  },\n  \"approval\": {\"decision\": \"approved\", \"by\": \"alice\", \"via\": \"terminal\", \"at\": \"%s\", \"solution\": 1, \"agreed\": true},\n" \
			"  \"outcome\": {\"result\": \"%s\", \"at\": \"%s\", \"took_ms\": 812, \"steps\": [{\"id\": \"1\", \"tool\": \"systemd.restart\", \"ok\": true}]}\n}\n", \
			id, at, r, i % 311, r, r, i % 311, at, at, r, r, r, steps, at, result, at))
	}
}
