# The toolset plex, against a stand-in for Plex and Tautulli.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
serve plex.py log
PLEX_URL=http://127.0.0.1:$said TAUTULLI_URL=http://127.0.0.1:$said/tautulli
HL_SECRET_PLEX_TOKEN=plex-0815 HL_SECRET_TAUTULLI_KEY=tautulli-0815
export PLEX_URL TAUTULLI_URL HL_SECRET_PLEX_TOKEN HL_SECRET_TAUTULLI_KEY

reads plex.identity
sees .data.version 1.41.0 'the version'
reads plex.sessions
sees '.data.Metadata[0].User.title' alice 'who watches'
reads plex.libraries
sees '.data.Directory[0].title' Films 'the library'
reads plex.recent section=1 count=5
like "$(tail -n 1 log)" 'X-Plex-Container-Size=5' 'as many as were asked for'
reads plex.search 'query=a&b'
sees '.data.Hub[0].Metadata[0].title' 'a&b' 'what is looked for is one parameter'
reads plex.activities
sees '.data.Activity[0].progress' 40 'what it is busy with'
reads tautulli.status
sees .data.connected true 'Tautulli is connected'
reads tautulli.activity
sees '.data.sessions[0].session_id' abc-1 'a session'
reads tautulli.history count=3
sees '.data.data[0].asked' 3 'the history'
reads tautulli.libraries
sees '.data.items[0].section_name' Films 'the libraries'
reads tautulli.stats days=7
sees '.data.items[0].days' 7 'the statistics'

acts plex.scan section=1
undone plex.scan section=1
like "$(grep refresh log | tail -n 1)" '^DELETE' 'a scan is taken back by stopping it'
acts plex.scan_cancel section=1
called '[]' plex.scan section=9
like "$(jq -r '.outcome.steps[0].error' out)" 404 'a section that is not there'
called '[]' tautulli.stop_session session=nobody reason='the server restarts'
like "$(jq -r '.outcome.steps[0].error' out)" 'Invalid session_id' 'a failure that is answered with 200 is one'
acts tautulli.stop_session session=abc-1 reason='the server restarts'
reads plex.sessions
sees .data.Metadata null 'nobody watches'
called '[]' plex.stop_session session=abc-1 reason='the server restarts'
sees .outcome.result failed 'what has ended cannot be ended'
serve plex.py log2
PLEX_URL=http://127.0.0.1:$said
acts plex.stop_session session=abc-1 reason='the server restarts'
like "$(cat log2)" 'reason=the%20server%20restarts' 'and why is said'

HL_SECRET_TAUTULLI_KEY=wrong-4711
fails tautulli.status
like "$(jq -r .error out)" 'Invalid apikey' 'a key that is not good'
TAUTULLI_URL=http://127.0.0.1:1
run hl-tool run --deadline 1s tautulli.status
is_status 1 'no server at all'
HL_SECRET_PLEX_TOKEN=wrong-4711
fails plex.sessions
is "$(grep -rlE '(token|key|secret|plex|tautulli|wrong)-(0815|4711)|uk1_0815' out err planned approved state ops)" '' 'the keys are nowhere, not even with a URL'
covered plex
done_testing
