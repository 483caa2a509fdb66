# The toolset unifi, against a stand-in for the network application behind a console.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
serve unifi.py log
UNIFI_URL=http://127.0.0.1:$said/proxy/network HL_SECRET_UNIFI_KEY=key-0815
export UNIFI_URL HL_SECRET_UNIFI_KEY
phone=aa:bb:cc:00:00:01 switch=aa:bb:cc:00:00:99

reads unifi.health
sees '.data.items[0].status' ok 'the WAN'
reads unifi.devices
sees '.data.items[0].name' switch 'a device'
reads unifi.devices_brief
reads unifi.system
sees '.data.items[0].version' 9.5.21 'the version'
reads unifi.alarms
sees '.data.items[0].msg' 'switch lost' 'what it complained of'
reads unifi.clients
fails unifi.clients site=nowhere
like "$(jq -r .error out)" 'NoSiteContext' 'a site that is not there'
refused unifi.clients site=../x

blocked() {
	hl-tool run unifi.clients | jq -c '.data.items[0].blocked'
}
acts unifi.block mac=$phone
is "$(blocked)" true 'it is blocked'
acts unifi.unblock mac=$phone
undone unifi.block mac=$phone
is "$(blocked)" false 'what was blocked is let in again'
acts unifi.reconnect mac=$phone
called '[]' unifi.block mac=aa:bb:cc:00:00:02
sees .outcome.result failed 'a failure that is answered with 200 is one'
like "$(jq -r '.outcome.steps[0].error' out)" 'UnknownStation' 'in the words of UniFi'
acts unifi.restart mac=$switch
acts unifi.power_cycle mac=$switch port=4
called '[]' unifi.power_cycle mac=$switch port=90
like "$(jq -r '.outcome.steps[0].error' out)" 'InvalidTarget' 'a port that is not there'

HL_SECRET_UNIFI_KEY=wrong-4711
fails unifi.health
like "$(jq -r .error out)" 'LoginRequired' 'a key that is not good'
is "$(grep -rlE '(token|key|secret|plex|tautulli|wrong)-(0815|4711)|uk1_0815' out err planned approved state ops)" '' 'the key is nowhere'
covered unifi
done_testing
