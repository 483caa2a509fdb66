# Writes `count` signals of about 700 bytes, JSON Lines, with `distinct` different sets of labels.
# Every run gives the same bytes. Use: awk -v count=200000 -v distinct=10000 -f alerts.awk
BEGIN {
	split("DiskFull NodeDown PodCrashLooping HighMemory CertExpiry SlowQueries", name, " ")
	split("critical warning info", severity, " ")
	for (i = 0; i < count; i++) {
		k = (i * 7919) % distinct
		host = "node-" k % 211 ".lab.example:9100"
		printf "{\"kind\":\"%s\",\"id\":\"%08x%08x-20261121T%02d%02d%02dZ\",", kind ? kind : "signal", k * 2654435761 % 4294967296, k, i / 3600 % 24, i / 60 % 60, i % 60
		printf "\"source\":\"alertmanager\",\"status\":\"%s\",", i % 5 ? "firing" : "resolved"
		printf "\"name\":\"%s\",\"severity\":\"%s\",", name[k % 6 + 1], severity[k % 3 + 1]
		printf "\"labels\":{\"alertname\":\"%s\",\"instance\":\"%s\",\"job\":\"node\",", name[k % 6 + 1], host
		printf "\"namespace\":\"media-%d\",\"severity\":\"%s\",\"device\":\"/dev/sd%c\",\"id\":\"%d\"},", k % 37, severity[k % 3 + 1], 97 + k % 26, k
		printf "\"annotations\":{\"summary\":\"%s on %s\",", name[k % 6 + 1], host
		printf "\"description\":\"The value is %d.%d, which is above its limit of 90.\\nLook at the \\\"overview\\\" dashboard – Übersicht.\"},", k % 100, i % 10
		printf "\"starts_at\":\"2026-11-21T%02d:%02d:%02d.123Z\",\"value\":%d.%d,", i / 3600 % 24, i / 60 % 60, i % 60, k % 100, i % 10
		printf "\"url\":\"http://prometheus.lab.example:9090/graph?g0.expr=node_filesystem_avail_bytes%%7Bjob%%3D%%22node%%22%%7D\",\"fingerprint\":\"%08x%08x\"}\n", k * 2654435761 % 4294967296, k
	}
}
