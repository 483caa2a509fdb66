# The toolsets podman, nix, nvidia and truenas, against stand-ins that check the command line as the manuals have it.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
for program in podman nix nixos-rebuild nix-collect-garbage readlink nvidia-smi midclt; do standin $program "$PWD/kept"; done
log() { # what changed something since the last look
	cat kept/log
	: >kept/log
}

# ---- podman
reads podman.version
reads podman.containers
sees '[.data.items[].Names[0]] | join(" ")' 'web db old' 'all containers'
reads podman.unhealthy
sees '[.data.items[].Names[0]] | join(" ")' db 'those that fail their health check'
reads podman.stopped
sees '[.data.items[].Names[0]] | join(" ")' old 'those that have ended'
reads podman.container name=old
sees '[.data.State.ExitCode, .data.State.OOMKilled] | @json' '[137,true]' 'why one ended'
fails podman.container name=nowhere
like "$(jq -r .error out)" nowhere 'one that is not there is named'
refused podman.container name=--all
reads podman.health name=web
reads podman.health name=db
sees '.data.text | rtrimstr("\n")' unhealthy 'a check that fails is an answer'
fails podman.health name=old
reads podman.logs name=web
sees '.data.lines | length' 2 'both streams'
reads podman.stats
reads podman.df
sees '.data.items | length' 3 'what takes up space'
reads podman.images
reads podman.volumes
reads podman.updates
acts podman.stop name=web
acts podman.start name=web
acts podman.restart name=web grace=3
acts podman.pause name=web
acts podman.unpause name=web
undone podman.stop name=web
undone podman.pause name=web
acts podman.auto_update
acts podman.prune_images
acts podman.remove name=old
is "$(log)" 'stop --time=10 -- web
start -- web
restart --time=3 -- web
pause -- web
unpause -- web
stop --time=10 -- web
start -- web
pause -- web
unpause -- web
auto-update --rollback
image prune --force --filter=until=24h
rm -- old' 'what podman was told'
covered podman

# ---- nix
nas='flake=/etc/nixos host=nas'
reads nix.in_force $nas
sees '.data | [.in_force, .current, .wanted] | join(" ")' 'no /nix/store/aaa-nixos /nix/store/bbb-nixos' 'there is something to switch to'
reads nix.current
sees '.data.text | rtrimstr("\n")' /nix/store/aaa-nixos 'the system that runs'
reads nix.generations
sees '.data.items | length' 1 'the generations'
reads nix.inputs flake=/etc/nixos
sees .data.locks.nodes.nixpkgs.locked.rev abc 'what the flake is locked to'
reads nix.check flake=/etc/nixos
reads nix.changes from=1 to=2
fails nix.in_force flake=/etc/nixos host=other
refused nix.in_force flake=github:evil/flake host=nas
refused nix.in_force flake=/etc/nixos 'host=nas"; touch pwned; "'
acts nix.build $nas
acts nix.dry_activate $nas
acts nix.switch $nas
reads nix.in_force $nas
sees .data.in_force yes 'what was switched to runs'
reads nix.booted
sees '.data.text | rtrimstr("\n")' /nix/store/aaa-nixos 'another was booted'
acts nix.rollback
undone nix.switch $nas
reads nix.current
sees '.data.text | rtrimstr("\n")' /nix/store/aaa-nixos 'a switch that did not help is rolled back'
undone nix.boot $nas
acts nix.boot $nas
acts nix.boot_rollback
acts nix.gc
acts nix.delete_generations older_than=14
like "$(log)" 'nix-collect-garbage --delete-older-than 14d' 'days'

# The manual's example: a switch that succeeds and changes nothing is found out.
jq -c '.stuck = true' kept/nix.json >stuck && mv stuck kept/nix.json
called '[{"title": "what the flake asks for runs", "tool": "nix.in_force", "args": {"flake": "/etc/nixos", "host": "nas"},
	"expect": {"/in_force": "yes"}}]' nix.switch $nas
sees '.outcome.steps[0].ok' true 'nixos-rebuild says that it went well'
like "$(jq -r .outcome.why out)" 'what the flake asks for runs' 'but nothing changed, and the check says so'
covered nix

# ---- nvidia
: >kept/log
reads nvidia.gpus
sees '.data.lines[0] | split(", ") | length' 14 'a line of figures'
reads nvidia.metric metric=temperature.gpu
sees '.data.text | rtrimstr("\n")' 45 'one figure'
refused nvidia.metric metric=serial
fails nvidia.metric gpu=3 metric=fan.speed
reads nvidia.processes
reads nvidia.details
undone nvidia.power_limit gpu=0 watts=200 before=350
acts nvidia.power_limit gpu=0 watts=250 before=350
acts nvidia.reset gpu=0
called '[]' nvidia.power_limit gpu=0 watts=20 before=250
sees .outcome.result failed 'a limit that the GPU does not take'
is "$(log)" 'power limit 200
power limit 350
power limit 250
reset' 'what the driver was told'
covered nvidia

# ---- truenas
fails truenas.ping
like "$(jq -r .error out)" TRUENAS_URI 'what has to be set is named'
echo 1-secretkey >key
TRUENAS_URI=wss://nas.example/api/current TRUENAS_KEY_FILE=$PWD/key
export TRUENAS_URI TRUENAS_KEY_FILE
reads truenas.ping
reads truenas.info
sees .data.version 25.10.0 'the version'
reads truenas.alerts
sees .data.items[0].level WARNING 'an alert'
reads truenas.pools
sees '.data.items[0] | [.status, .healthy] | @json' '["ONLINE",true]' 'a pool'
reads truenas.pool pool=tank
sees .data.name tank 'one pool'
fails truenas.pool pool=other
refused truenas.pool 'pool=a"],["x'
reads truenas.disks
is "$(grep -c never out)" 0 'no password of a disk'
reads truenas.services
reads truenas.apps
sees .data.items[0].upgrade_available true 'an app'
reads truenas.jobs
sees .data.items[0].state FAILED 'a job that failed'
: >kept/log
acts truenas.scrub pool=tank
acts truenas.scrub_stop pool=tank
undone truenas.scrub pool=tank
acts truenas.dismiss_alert uuid=u-1
undone truenas.snapshot dataset=tank/media name=gone
acts truenas.snapshot dataset=tank/media name=kept
is "$(log | grep -c never)" 0 'told'
reads truenas.snapshots dataset=tank/media
sees '[.data.items[].id] | join(" ")' 'tank/media@kept' 'one was taken, the other is gone again'
acts truenas.delete_snapshot dataset=tank/media name=kept
acts truenas.app_stop app=jellyfin
acts truenas.app_start app=jellyfin
undone truenas.app_stop app=jellyfin
acts truenas.app_redeploy app=jellyfin
covered truenas
done_testing
