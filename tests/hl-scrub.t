# hl-scrub: what is hidden, what stays, and that all of it comes back.
. "$HL_TOP/tests/tap.sh"

scrub() { hl-scrub "$@"; }
hides() { # TEXT EXPECTED NAME
	is "$(printf '%s' "$1" | hl-scrub)" "$2" "$3"
}
a36=$(printf 'a1B2c3D4e5F6%s' G7h8I9j0K1l2M3n4O5p6Q7r8)

hides 'from 10.0.0.5 and 10.0.0.6, again 10.0.0.5' 'from <IP_1> and <IP_2>, again <IP_1>' 'the same address, the same placeholder'
hides "key ghp_$a36." 'key <SECRET_1>.' 'a token by its shape'
hides "xghp_$a36" "xghp_$a36" 'not inside a word'
hides 'DB_PASSWORD=hunter2x' 'DB_PASSWORD=<SECRET_1>' 'a value beside a name'
hides 'DB_PASSWORD=$SECRET max_tokens: 4096 key_id=abc123' 'DB_PASSWORD=$SECRET max_tokens: 4096 key_id=abc123' 'what only looks so stays'
hides 'Authorization: Bearer abcdefgh1' 'Authorization: Bearer <SECRET_1>' 'a header'
hides 'postgres://app:pw12@db/x' 'postgres://app:<SECRET_1>@db/x' 'a password in a URL'
hides "https://ghp_$a36:x12@git.example/" 'https://<SECRET_1>@git.example/' 'and a user that is a token'
hides 'x://<SECRET_1>@:pw12@h' 'x://<SECRET_1>@h' 'nothing is passed over'
hides 'aa:bb:cc:11:22:33 at 12:34:56' '<MAC_1> at 12:34:56' 'a MAC address, not a time'
hides '2001:db8::5 ::1 127.0.0.1' '<IP_1> ::1 127.0.0.1' 'IPv6, and loopback stays'
hides 'jane.doe@example.org foo@bar.service git@host.example:x' '<EMAIL_1> foo@bar.service git@host.example:x' 'mail, not units'
hides '4111 1111 1111 1111 4111111111111112 1700000000000000' '<CARD_1> 4111111111111112 1700000000000000' 'cards by their sum'
hides 'DE89 3704 0044 0532 0130 00 DE88370400440532013000' '<IBAN_1> DE88370400440532013000' 'account numbers by theirs'
hides '+49 170 1234567' '<PHONE_1>' 'a phone'
hides '+49 170 1234567 10.0.0.5, +49 170 1234567 52:54:00:11:22:33, +49 170 1234567:8' '<PHONE_1> <IP_1>, <PHONE_1> <MAC_1>, <PHONE_1>:8' 'and not what comes behind'
hides '+49 (0)170.123-4567 +1234567890123456 +4917 +49 170 1234567x' '<PHONE_1> +1234567890123456 +4917 +49 170 1234567x' 'in any form, and no longer'
hides 'nas.lan:8080 /home/jane/x' '<HOST_1>:8080 /home/<USER_1>/x' 'a host in a domain of ours, a home'
hides 'v1.2.3.4 version 1.2.3.4 1.2.3.4.5 1.2.3.4-rc1' 'v1.2.3.4 version 1.2.3.4 1.2.3.4.5 1.2.3.4-rc1' 'versions stay'
digest=9c2e51d0a7b3f6449c2e51d0a7b3f6449c2e51d0
hides "$digest sha256:$digest 6ba7b810-9dad-11d1-80b4-00c04fd430c8" "$digest sha256:$digest 6ba7b810-9dad-11d1-80b4-00c04fd430c8" 'digests and UUIDs stay'
hides '<IP_1> 10.0.0.5' '<LITERAL_1> <IP_1>' 'what looks like a placeholder is hidden itself'
hides "-----BEGIN RSA PRIVATE"" KEY-----
abc" '<SECRET_1>' 'a key that is cut off'
hides '{"password": "correct horse", "n": 1.50, "env": [{"name":"API_KEY","value":"abcd1234efgh5678"}]}' \
	'{"password": "<SECRET_1>", "n": 1.50, "env": [{"name":"API_KEY","value":"<SECRET_2>"}]}' 'JSON: by the name; the rest stays'
hides '{"a":"\u0031\u0030.0.0.5"}' '{"a":"<IP_1>"}' 'JSON: behind escapes'

printf 'Jane Doe\n# no\nö\n' >names; printf 'nas\n' >hosts
is "$(echo 'jane doe rang nas, nastier Jane' | scrub --names names --hosts hosts)" '<PERSON_1> rang <HOST_1>, nastier Jane' 'names and hosts by list'
printf 'shapes: [{what: ours, begins: [acme_], of: hex, least: 4, exact: true}]\nallow: [10.0.0.9]\n' >own.yaml
is "$(echo 'acme_beef acme_beefe 10.0.0.9' | scrub --rules own.yaml)" '<SECRET_1> acme_beefe 10.0.0.9' "rules of one's own"
printf "patterns: [{name: badge, pattern: 'B-[0-9]+', kind: person}, {name: hard, pattern: '(z+)+[qx]'}]\n" >patterns.yaml
is "$(printf 'B-17 b-17\n{"a":"B-\\u0031 10.0.0.5"}\n' | scrub --rules patterns.yaml)" '<PERSON_1> b-17
{"a":"<PERSON_2> <IP_1>"}' "patterns of one's own"
zs=$(printf '%0400d' 0 | tr 0 z)
is "$(printf 'fine\nsee %s here\nfine' "$zs" | scrub --rules patterns.yaml)" 'fine
<SECRET_1>
fine' 'what a pattern cannot tell in time is hidden'
is "$(echo B-17 | scrub --rules patterns.yaml --kinds secret)" B-17 'and they have kinds'
mkdir -p ops/inventory; printf 'hosts: {vault7: {}}\ndomain: corp.example\n' >ops/inventory/all.yaml
printf "privacy: {names: [Ada Example], rules: [{name: badge, pattern: 'B-[0-9]+', kind: person}], allow: [10.0.0.9]}\n" >ops/policy.yaml
git init -q ops && git -C ops add . && git -C ops -c user.name=t -c user.email=t@localhost commit -qm all
is "$(echo 'Ada Example B-17 vault7 x.corp.example 10.0.0.9' | scrub --repo ops)" '<PERSON_1> <PERSON_2> <HOST_1> <HOST_2> 10.0.0.9' 'what policy and the inventory say'
is "$(echo 'vault7' | HL_REPO=$PWD/ops scrub)" '<HOST_1>' 'wherever the ops repo is found'
printf 'privacy: {nmes: []}\n' >ops/policy.yaml; git -C ops -c user.name=t -c user.email=t@localhost commit -qam wrong
scrub --repo ops <names >none 2>err
is "$?:$(wc -c <none)" '78:0' 'a policy that does not load lets nothing through'
is "$(echo '10.0.0.5 a@b.org' | scrub --kinds email)" '10.0.0.5 <EMAIL_1>' 'only some kinds'
is "$(echo '10.0.0.5' | scrub --count 2>&1 >/dev/null)" 'hl-scrub: IP: 1' 'a count, never the text'

# Back, byte for byte: any bytes, over pieces and over runs that share a map.
{ printf 'a\0b 10.0.0.5 \377\n{"x":"\\u00e9 10.0.0.5 <IP_1>","password":"p\\u0061ss wd"}\nDB_PASSWORD=q"\\x4\n'
	head -c 300000 "$HL_BIN/hl-scrub"; i=0
	while [ $i -lt 20000 ]; do echo "line $i from 10.1.$((i % 200)).7 and host$i.lan took 1.5s, nothing else to be seen here"; i=$((i + 1)); done
	printf 'no newline 10.0.0.77'; } >in
scrub --map m <in >out && scrub --restore m <out >back
cmp in back
ok $? 'what was hidden comes back'
! grep -aq '10\.1\.7\.7\|host777\.lan\|10\.0\.0\.77' out
ok $? 'and was hidden, in every piece'
is "$(stat -c %a m)" 600 'nobody else reads the map'
is "$(echo '10.0.0.5 10.9.9.9' | scrub --map m | cut -c1-7)" '<IP_1> ' 'a map goes on'
is "$(echo '{"t":"restart <USER_1>"}' | { printf '{"<USER_1>":"a\\"b"}' >m2; scrub --restore m2; })" '{"t":"restart a\"b"}' 'in JSON it comes back as JSON'

# Closed.
HL_DATA=/nonexistent scrub <in >none 2>err
is "$?:$(wc -c <none)" '78:0' 'without rules nothing is printed'
grep -q 'installed rules' err
ok $? 'and it says what is missing'
echo 'shapes: [{what: x, begins: [q], of: hex, least: 4}]' >bad.yaml
scrub --rules bad.yaml <in >none 2>err
is "$?:$(wc -c <none):$(grep -c 'shapes\[0\].begins\[0\]' err)" '78:0:1' 'a wrong rule names its place'
echo '{"<X_1>":"a"}' >m3
scrub --restore m3 </dev/null 2>err
is "$?:$(grep -c 'is no placeholder' err)" '65:1' 'a map that is none'
scrub --kinds nonsense </dev/null 2>/dev/null
is $? 64 'an unknown kind'
scrub --wrong </dev/null 2>/dev/null
is $? 64 'an unknown option'
scrub --help | grep -q '^usage: hl-scrub'
ok $? '--help'
is "$(scrub </dev/null)" '' 'nothing gives nothing'
if [ -c /dev/full ]; then
	scrub <in >/dev/full 2>/dev/null
	is $? 74 'output lost'
fi
# The bar is generous: it is there to catch a square, not to measure.
for piece in a 1.1. ey- : @ = '://' '-----BEGIN ' 'token=' 'cookie:' '<IP_' '+1 ' 'a@' '1-'; do
	yes -- "$piece" | tr -d '\n' | head -c 2000000 >hostile
	timeout 20 hl-scrub <hostile >/dev/null
	ok $? "two megabytes of '$piece'"
done
done_testing
