# A catalogue of 2,000 tools in 40 files: finding one in it, with the cache and without, and reading the
# files for the first time against the least that libyaml can do with them.
. "$HL_TOP/tests/bench/lib.sh"

top=$bench_data/catalogue
if [ ! -d "$top/toolsets" ]; then
	mkdir -p "$top/toolsets"
	awk -v dir="$top/toolsets" 'BEGIN {
		for (s = 0; s < 40; s++) {
			file = sprintf("%s/set%02d.yaml", dir, s)
			printf "toolset: set%02d\ndescription: What the device number %d can do\ntools:\n", s, s > file
			for (t = 0; t < 50; t++) {
				read = t % 3
				printf "  - name: set%02d.tool%02d\n    description: Look at or change thing %d of device %d\n" \
					"    effect: %s\n", s, t, t, s, read ? "read" : "change" > file
				if (!read) printf "    blast_radius: single_service\n" > file
				printf "    args:\n      unit: {type: string, pattern: \"^[a-z0-9@.-]+$\", description: the unit}\n" \
					"      lines: {type: integer, default: 100, min: 1, max: 10000}\n" \
					"    run: [program, --json, \"{unit}\", --lines, \"{lines}\"]\n    timeout: 30s\n    output: json\n" > file
			}
			close(file)
		}
	}'
fi
HL_DATA=$top HL_STATE=$top/state
export HL_DATA HL_STATE
unset HL_REPO
mkdir -p "$HL_STATE"
find="hl-tool describe set17.tool23"

figure 'tools' "$(hl-tool list | wc -l)" tools '==' 2000
figure 'finding one, from the cache, instructions a tool' \
	"$(($(instructions /dev/null $find) / 2000))" instructions '<=' 9000
start=$(measure -n 50 -- hl-tool --version | cut -d' ' -f2)
all=$(measure -n 50 -- $find | cut -d' ' -f2)
figure 'loading it from the cache' "$(awk "BEGIN {print ($all - $start) * 20}")" 'ms of CPU' '<=' 5
compare 'finding one, with the cache and without' cpu '>=' 5 "$find" "rm -rf $HL_STATE/cache; $find"
# libyaml's events are what hl reads the files with, so 1 is the floor, not the aim: what is above it builds the trees
# and checks every declaration.
HL_STATE=$top/none
compare 'reading all, and libyaml drawing its events' cpu '<=' 3.5 "$find" "events $top/toolsets/*"
bench_end
