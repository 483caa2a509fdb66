# The toolset home-assistant, against a stand-in for its REST API. It has all that the seeds' home-assistant-mcp had.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
serve home_assistant.py log
HA_URL=http://127.0.0.1:$said/ HL_SECRET_HA_TOKEN=token-0815
export HA_URL HL_SECRET_HA_TOKEN

reads ha.ping
sees .data.message 'API running.' 'the API answers'
reads ha.config
sees .data.version 2026.11.1 'its version'
reads ha.states
sees '.data.items | length' 6 'all entities'
reads ha.state entity_id=light.hall
sees .data.state on 'one entity'
fails ha.state entity_id=light.nowhere
like "$(jq -r .error out)" 'Entity not found' 'one that does not exist is told in its words'
refused ha.state entity_id=light/../hall
reads ha.list domain=climate
sees '.data.items[] | [.entity_id, .state, .name] | join(",")' 'climate.living,heat,Living room' 'those of a domain'
refused ha.list "domain=light %}{{ x }}{% if y"
reads ha.template "template={{ states('light.hall') }}"
sees .data.text on 'a template of one'\''s own'
fails ha.template 'template={{ states('
like "$(jq -r .error out)" 'TemplateSyntaxError' 'what is wrong with a template'
reads ha.services
sees '[.data.items[].domain] | length' 5 'what can be called'
reads ha.history entity_id=light.hall start=2026-11-20T00:00:00+00:00
sees '.data.items[0].entity_id' light.hall 'the history of one entity'
like "$(tail -n 1 log)" '^GET /api/history/period/2026-11-20T00%3A00%3A00%2B00%3A00?' 'a time is one part of the path'
unlike "$(tail -n 1 log)" end_time 'what is not given is not sent'
reads ha.history entity_id=light.hall start=2026-11-20T00:00:00Z end=2026-11-21T00:00:00Z
like "$(tail -n 1 log)" 'end_time=2026-11-21T00%3A00%3A00Z' 'what is given is'
reads ha.logbook entity_id=light.hall start=2026-11-20T00:00:00Z
sees '.data.items[0].entity_id' light.hall 'the logbook'
reads ha.error_log
like "$(jq -r .data.text out)" 'no answer' 'the log of errors'
reads ha.check_config
sees .data.result valid 'the configuration'

# What the seeds' server offered, under its names and with its arguments.
for name in list_lights turn_on_light turn_off_light run_automation; do
	run hl-tool describe $name
	is_status 0 "there is a $name"
done
reads list.lights
sees '[.data.items[] | .entity_id + " " + .state] | join(", ")' 'light.kitchen off, light.hall on' 'the lights'
acts turn_on.light entity_id=light.kitchen brightness=120
reads ha.state entity_id=light.kitchen
sees '.data | [.state, .attributes.brightness] | @json' '["on",120]' 'it is on, as bright as was said'
acts turn_off.light entity_id=light.kitchen
acts turn_on.light entity_id=light.kitchen
like "$(grep 'POST.*light/turn_on' log | tail -n 1)" '{"entity_id": *"light.kitchen"}$' 'no brightness, when none was given'
undone turn_off.light entity_id=light.kitchen
reads ha.state entity_id=light.kitchen
sees .data.state on 'what was turned off is on again'
acts run.automation automation_id=automation.night
reads ha.state entity_id=automation.night
sees .data.attributes.last_triggered 2026-11-21T04:00:00+00:00 'it ran'

acts ha.turn_off entity_id=switch.pump
acts ha.turn_on entity_id=switch.pump
undone ha.turn_off entity_id=switch.pump
called '[]' ha.turn_on entity_id=light.nowhere
sees .outcome.result failed 'what does not exist cannot be turned on, although the service says 200'
like "$(jq -r '.outcome.steps[0].error' out)" 'Entity not found' 'and that is said'
acts ha.set_temperature entity_id=climate.living temperature=21.5 previous=20
reads ha.state entity_id=climate.living
sees .data.attributes.temperature 21.5 'as warm as was said'
undone ha.set_temperature entity_id=climate.living temperature=19 previous=21.5
reads ha.state entity_id=climate.living
sees .data.attributes.temperature 21.5 'and as warm as before'
acts ha.reload
acts ha.call domain=switch service=toggle entity_id=switch.pump
called '[]' ha.call domain=switch service=nonsense entity_id=switch.pump
like "$(jq -r '.outcome.steps[0].error' out)" 'Service switch.nonsense not found' 'a service that does not exist'

HL_SECRET_HA_TOKEN=wrong-4711
fails ha.ping
like "$(jq -r .error out)" 401 'a token that is not good'
is "$(grep -rlE '(token|key|secret|plex|tautulli|wrong)-(0815|4711)|uk1_0815' out err planned approved state ops)" '' 'the token is nowhere'
covered home-assistant
done_testing
