# The toolset docker, by the real docker(1), against a stand-in for the engine on a Unix socket.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
command -v docker >/dev/null || skip_all 'there is no docker(1) here'
toolsets_begin
serve docker_engine.py "$PWD/docker.sock" "$PWD/log"
DOCKER_HOST=unix://$PWD/docker.sock
export DOCKER_HOST

reads docker.version
sees .data.Server.Version 24.0.7 'the engine answers'
reads docker.containers
sees '[.data.items[] | .Names + " " + .State] | sort | join(", ")' 'db running, old exited, web running' 'all containers'
reads docker.unhealthy
sees '[.data.items[].Names]' '["db"]' 'those that fail their health check'
reads docker.stopped
sees '[.data.items[].Names]' '["old"]' 'those that do not run'
reads docker.container name=old
sees '.data | [.State.ExitCode, .State.OOMKilled, .RestartPolicy.Name, .Memory] | @json' \
	'[137,true,"unless-stopped",268435456]' 'why it stopped'
is "$(grep -c do-not-show out)" 0 'and not its environment'
fails docker.container name=nowhere
like "$(jq -r .error out)" 'nowhere' 'one that is not there is named'
refused docker.container name=-a
refused docker.container name=../x
reads docker.logs name=web lines=5
sees '[.data.lines[] | sub("^[^t]*"; "")] | sort | join(", ")' 'to standard error, to standard output' 'both streams'
fails docker.logs name=nowhere
reads docker.stats
sees '[.data.items[].Name] | sort | join(" ")' 'db web' 'those that run'
reads docker.df
sees '[.data.items[].Type] | join(", ")' 'Images, Containers, Local Volumes, Build Cache' 'what takes up space'
reads docker.images
sees '.data.items[0] | .Repository + ":" + .Tag' nginx:1.27 'an image'
reads docker.volumes
sees '[.data.items[].Name]' '["data"]' 'a volume'
reads docker.unused_volumes
sees .data.items '[]' 'none is unused'

acts docker.stop name=web grace=3
acts docker.start name=web
acts docker.restart name=web
acts docker.pause name=web
acts docker.unpause name=web
acts docker.memory name=web limit=512m
acts docker.prune_cache
acts docker.prune_images
acts docker.remove name=old
is "$(cat log)" 'stop web t=3
start web
restart web t=10
pause web
unpause web
update web 536870912 536870912
POST /build/prune
POST /images/prune {"dangling":{"true":true},"until":{"24h":true}}
remove old' 'what the engine was told'
: >log
undone docker.stop name=web
undone docker.pause name=web
is "$(cat log)" 'stop web t=10
start web
pause web
unpause web' 'what is stopped is started again, what is frozen goes on'
called '[]' docker.remove name=db
sees .outcome.result failed 'a container that runs is not removed'
covered docker
done_testing
