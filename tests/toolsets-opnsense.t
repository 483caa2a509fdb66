# The toolset opnsense, against a stand-in for its API, which says 200 also to what it did not do.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
serve opnsense.py log
OPNSENSE_URL=http://127.0.0.1:$said HL_SECRET_OPNSENSE_KEY=key-0815 HL_SECRET_OPNSENSE_SECRET=secret-0815
export OPNSENSE_URL HL_SECRET_OPNSENSE_KEY HL_SECRET_OPNSENSE_SECRET
rule=3f2a1b4c-0000-4000-8000-00000000000a
none=00000000-0000-4000-8000-000000000000

reads opnsense.status
reads opnsense.information
sees .data.name fw.lab.example 'its name'
reads opnsense.resources
reads opnsense.disk
sees '.data.devices[0].used_pct' 12 'the disk'
reads opnsense.temperature
sees '.data.items[0].temperature' 41 'a sensor'
reads opnsense.firmware
sees .data.status update 'there are updates'
reads opnsense.gateways
sees '.data.items[0].status' none 'a gateway that is online'
reads opnsense.arp
sees '.data.items[0].hostname' nas 'who is there'
reads opnsense.interfaces
reads opnsense.services
sees '.data.items[0].name' unbound 'a service'
reads opnsense.rules
sees '.data.items[0].uuid' $rule 'a rule'
reads opnsense.rule uuid=$rule
sees .data.enabled 1 'one rule'
fails opnsense.rule uuid=$none
reads opnsense.aliases
sees '.data.items[0].name' blocked 'an alias'
reads opnsense.dns
sees '.data.items[0].hostname' nas 'a name'
like "$(grep 'POST.*search_host_override' log)" '{"current": *1, *"rowCount": *-1}$' 'a request with all rows'

addresses() {
	hl-tool run opnsense.alias alias=blocked | jq -rc '[.data.items[].ip] | join(" ")'
}
reads opnsense.alias alias=blocked
acts opnsense.alias_add alias=blocked address=203.0.113.9
is "$(addresses)" '198.51.100.7 203.0.113.9' 'the address is blocked'
acts opnsense.alias_delete alias=blocked address=203.0.113.9
undone opnsense.alias_add alias=blocked address=203.0.113.8
is "$(addresses)" 198.51.100.7 'what was added is taken out again'
called '[]' opnsense.alias_add alias=nowhere address=203.0.113.9
sees .outcome.result failed 'an alias that does not exist, although the answer is 200'
like "$(jq -r '.outcome.steps[0].error' out)" 'nonexistent alias nowhere' 'in the words of the firewall'
called '[]' opnsense.alias_add alias=blocked address=::1
like "$(jq -r '.outcome.steps[0].error' out)" 'not_an_address' 'what is no address'

enforced() {
	hl-tool run opnsense.rule uuid=$rule | jq -rc '.data | .enabled + " " + .in_force'
}
acts opnsense.rule_off uuid=$rule
is "$(enforced)" '0 1' 'turned off, and still in force'
acts opnsense.apply
is "$(enforced)" '0 0' 'applied, and no longer in force'
acts opnsense.rule_on uuid=$rule
undone opnsense.rule_off uuid=$rule
is "$(enforced)" '1 0' 'on again'
called '[]' opnsense.rule_off uuid=$none
sees .outcome.result failed 'a rule that does not exist, although the answer is 200'
acts opnsense.service_restart service=unbound
like "$(grep 'service/restart' log)" '{}$' 'a command has an empty object for a body'
is "$(grep -c '^GET /api/core/service/search' log)" 2 'and is looked at until it runs'

HL_SECRET_OPNSENSE_SECRET=wrong-4711
fails opnsense.status
like "$(jq -r .error out)" 'Authentication Failed' 'a secret that is not good'
is "$(grep -rlE '(token|key|secret|plex|tautulli|wrong)-(0815|4711)|uk1_0815' out err planned approved state ops)" '' 'the secrets are nowhere'
covered opnsense
done_testing
