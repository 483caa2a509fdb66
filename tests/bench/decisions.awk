# Writes `count` cases of about 1.7 KB that were approved and carried out, JSON Lines, `day` of them a day. Every
# run gives the same bytes. Use: awk -v count=10000 -v day=200 -v from=0 -f decisions.awk
function hex(i, n,   s) { # n digits that look like any
	for (s = ""; length(s) < n; i += 7)
		s = s sprintf("%08x", (i * 2654435761 + 40503 * length(s)) % 4294967296)
	return substr(s, 1, n)
}
BEGIN {
	split("DemoDown DiskFull HighMemory CertExpiry", name, " ")
	split("demo-down disk-full high-memory cert-expiry", book, " ")
	day = day ? day : 200
	for (i = from; i < from + count; i++) {
		d = int(i / day)
		at = sprintf("%02d%02d%02d", i % day / 60 % 24, i % 60, i * 7 % 60)
		date = sprintf("2026%02d%02d", 1 + d / 28 % 12, 1 + d % 28)
		iso = sprintf("2026-%02d-%02dT%s:%s:%sZ", 1 + d / 28 % 12, 1 + d % 28, substr(at, 1, 2), substr(at, 3, 2), substr(at, 5))
		host = "node-" i * 7919 % 211 ".lab.example:9100"
		k = i * 31 % 4 + 1
		print_fp = hex(i + 1, 16)
		printf "{\"kind\":\"case\",\"id\":\"%sT%sZ-%s\",\"opened_at\":\"%s\",", date, at, print_fp, iso
		printf "\"title\":\"%s on %s: %d %%\",\"severity\":\"warning\",", name[k], host, 80 + i % 20
		printf "\"signals\":[{\"kind\":\"signal\",\"id\":\"%s-%sT%sZ\",\"source\":\"alertmanager\",\"status\":\"firing\",", print_fp, date, at
		printf "\"name\":\"%s\",\"severity\":\"warning\",\"labels\":{\"alertname\":\"%s\",\"instance\":\"%s\",\"job\":\"node\"},", name[k], name[k], host
		printf "\"annotations\":{\"summary\":\"%s at %d %%\"},\"starts_at\":\"%s\",\"fingerprint\":\"%s\"}],\"context\":[],", host, 80 + i % 20, iso, print_fp
		printf "\"basis\":\"%s\",\"triage\":{\"verdict\":\"problem\",\"why\":\"a runbook matches\",\"at\":\"%s\",\"runbooks\":[\"%s\"],\"signals\":1,\"count\":%d,\"flapping\":false,\"seen\":{}},", hex(d, 40), iso, book[k], 1 + i % 3
		printf "\"plan\":{\"at\":\"%s\",\"basis\":\"%s\",\"runbook\":{\"id\":\"%s\",\"path\":\"runbooks/%s.yaml\",\"level\":\"ask_human\"},", iso, hex(d, 40), book[k], book[k]
		printf "\"solutions\":[{\"n\":1,\"id\":\"restart\",\"title\":\"Restart the service\",\"impact\":\"a second without service\",\"risk\":\"low\",\"reversible\":true,"
		printf "\"steps\":[{\"id\":\"s1\",\"tool\":\"systemd.restart\",\"args\":{\"unit\":\"app-%d\"},\"needs\":[]}]}],\"recommended\":1,", i % 17
		printf "\"autonomy\":{\"level\":\"ask_human\",\"why\":[\"mode verbose caps at ask_human\"],\"seen\":{}},\"expires_at\":\"%s\",\"digest\":\"%s\"},", iso, hex(i * 3, 64)
		printf "\"approval\":{\"decision\":\"approved\",\"by\":\"%s\",\"via\":\"terminal\",\"at\":\"%s\",\"digest\":\"%s\",\"solution\":1,\"agreed\":true},", i % 3 ? "alice" : "bob", iso, hex(i * 3, 64)
		printf "\"outcome\":{\"result\":\"fixed\",\"why\":\"it answers again\",\"at\":\"%s\",\"took_ms\":%d,\"solution\":1,", iso, 900 + i * 7919 % 4000
		printf "\"steps\":[{\"id\":\"s1\",\"tool\":\"systemd.restart\",\"ok\":true,\"took_ms\":%d}],\"preflight\":[],", 700 + i * 7919 % 4000
		printf "\"verify\":[{\"title\":\"the service answers\",\"holds\":true,\"why\":\"200\"}],\"invariants\":[],\"undo\":[]}}\n"
	}
}
