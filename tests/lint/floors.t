# Each file includes only floors below its own, a third-party header stands in one file, and every
# header compiles alone.
. "$HL_TOP/tests/tap.sh"
cd "$HL_TOP" || exit 1

below() {
	case $1 in
	lib/base) echo base ;;
	lib/json) echo 'base json' ;;
	lib/doc) echo 'base json doc' ;;
	lib/edge) echo 'base json edge' ;;
	lib/wire) echo 'base json doc wire' ;;
	lib/flow) echo 'base json doc edge wire flow' ;;
	cmd) echo 'base json doc edge wire flow' ;;
	esac
}

for floor in lib/base lib/json lib/doc lib/edge lib/wire lib/flow cmd; do
	allowed=$(below $floor)
	wrong=$(grep -Hno '#include "[a-z]*/' $floor/*.[ch] 2>/dev/null | while IFS=: read -r file line what; do
		into=${what#*\"}
		case " $allowed " in
		*" ${into%/} "*) ;;
		*) echo "$file:$line includes ${into%/}" ;;
		esac
	done)
	is "$wrong" '' "$floor includes only floors below it"
done

# The handle that two files of one floor share stands in a header of its own.
for header in curl/curl.h readline/readline.h yaml.h sqlite3.h microhttpd.h zlib.h; do
	is "$(grep -ls "#include <$header>" lib/*/*.[ch] cmd/*.c | wc -l | sed 's/^ *0$/1/;s/ //g')" 1 "<$header> in one file at most"
done
is "$(grep -ls '#include <pcre2.h>' lib/*/*.[ch] cmd/*.c | wc -l | tr -d ' ')" 1 '<pcre2.h> in one file'
is "$(grep -ls '#include <git2.h>' lib/*/*.[ch] cmd/*.c | wc -l | tr -d ' ')" 1 '<git2.h> in one file'
is "$(grep -ls '#include <jansson.h>' lib/base/*.[ch] | wc -l | tr -d ' ')" 0 'base knows no jansson'

alone=$(for h in lib/*/*.h; do
	${CC:-cc} -std=c11 -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE -Ilib -include lib/base/banned.h -fsyntax-only -x c "$h" \
		2>&1 | grep -v 'pragma once' | grep error
done)
is "$alone" '' 'every header compiles alone'

is "$(grep -nE '(^|[^a-z_>.])(printf|puts|putchar|exit|abort) ?\(' lib/json/*.c lib/doc/*.c lib/edge/*.c lib/wire/*.c lib/flow/*.c \
	| grep -vE '//|/\*')" '' 'nothing in lib/ prints to standard output or exits'
done_testing
