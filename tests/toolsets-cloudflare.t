# The toolset cloudflare, against a stand-in for its API. The toolset's base, which is Cloudflare's own, is
# the only thing that is changed for it.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
serve cloudflare.py log
sed "s,^  base: https://api.cloudflare.com/,  base: http://127.0.0.1:$said/," "$HL_TOP/toolsets/cloudflare.yaml" >ops/tools/cloudflare.yaml
grep -q 127.0.0.1 ops/tools/cloudflare.yaml
ok $? 'the base leads to the stand-in'
commit_ops base
HL_SECRET_CLOUDFLARE_TOKEN=token-0815
export HL_SECRET_CLOUDFLARE_TOKEN
zone=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa account=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
tunnel=c0ffee00-0000-4000-8000-000000000001 record=00000000000000000000000000000001
none=ffffffffffffffffffffffffffffffff

reads cloudflare.token
sees .data.status active 'the token is good'
reads cloudflare.zones
sees '.data.items[0].name' example.com 'a zone'
reads cloudflare.zones name=other.example
sees '.data.items | length' 0 'none of that name'
reads cloudflare.dns zone=$zone
sees '.data.items | length' 150 'all records, of two pages'
is "$(grep -c 'dns_records?' log)" 2 'in two requests'
reads cloudflare.dns zone=$zone name=h7.example.com type=A
sees '[.data.items[].content]' '["192.0.2.7"]' 'those of one name'
like "$(tail -n 1 log)" 'name.exact=h7.example.com' 'which Cloudflare looks for'
fails cloudflare.dns zone=$account
like "$(jq -r .error out)" 'Could not route' 'a zone that is not there'
refused cloudflare.dns zone=../accounts
reads cloudflare.dns_record zone=$zone record=$record
sees .data.content 192.0.2.1 'one record'
reads cloudflare.dns_export zone=$zone
like "$(jq -r .data.text out)" 'h150.example.com' 'the zone as text'
reads cloudflare.tunnels account=$account
sees '.data.items[0].status' healthy 'a tunnel'
reads cloudflare.tunnel_connections account=$account tunnel=$tunnel
sees '.data.items[0].conns[0].colo_name' fra03 'from where it is connected'
reads cloudflare.tunnel_config account=$account tunnel=$tunnel
sees '.data.config.ingress | length' 2 'where it leads'

acts cloudflare.dns_create zone=$zone type=A name=new.example.com content=192.0.2.99
reads cloudflare.dns zone=$zone name=new.example.com
sees '.data.items[0] | [.content, .ttl, .proxied, .comment] | @json' '["192.0.2.99",1,false,"made by hl"]' 'it is there'
new=$(jq -r '.data.items[0].id' out)
called '[]' cloudflare.dns_create zone=$zone type=A name=new.example.com content=192.0.2.99
like "$(jq -r '.outcome.steps[0].error' out)" 'identical record already exists' 'made twice'
undone cloudflare.dns_set zone=$zone record=$record content=192.0.2.200 previous=192.0.2.1
reads cloudflare.dns_record zone=$zone record=$record
sees .data.content 192.0.2.1 'it says what it said before'
acts cloudflare.dns_set zone=$zone record=$record content=192.0.2.200 previous=192.0.2.1
called '[]' cloudflare.dns_set zone=$zone record=$record content=not-an-address previous=192.0.2.200
sees .outcome.result failed 'a failure that is answered with 200 is one'
like "$(jq -r '.outcome.steps[0].error' out)" 'valid IPv4 address' 'in the words of Cloudflare'
acts cloudflare.proxy_on zone=$zone record=$record
acts cloudflare.proxy_off zone=$zone record=$record
undone cloudflare.proxy_on zone=$zone record=$record
reads cloudflare.dns_record zone=$zone record=$record
sees '.data | [.content, .proxied] | @json' '["192.0.2.200",false]' 'not proxied, as before'
acts cloudflare.dns_delete zone=$zone record=$new
called '[]' cloudflare.dns_delete zone=$zone record=$none
like "$(jq -r '.outcome.steps[0].error' out)" 'Record does not exist' 'a record that is not there'
acts cloudflare.purge_cache zone=$zone

HL_SECRET_CLOUDFLARE_TOKEN=wrong-4711
fails cloudflare.token
like "$(jq -r .error out)" 'Invalid access token' 'a token that is not good'
is "$(grep -rlE '(token|key|secret|plex|tautulli|wrong)-(0815|4711)|uk1_0815' out err planned approved state)" '' 'the token is nowhere'
covered cloudflare
done_testing
