# The toolsets zfs and smart, against stand-ins that check the command line as the manuals have it.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
for program in zpool zfs smartctl; do standin $program "$PWD/kept"; done

reads zfs.pools
sees '.data.lines[0]' 'tank	1000	780	220	78	12	ONLINE' 'a pool is a line'
reads zfs.health pool=old
sees '.data.text | rtrimstr("\n")' DEGRADED 'a word that a check can compare'
reads zfs.capacity pool=tank
sees '.data.text | rtrimstr("\n")' 78 'a number, too'
reads zfs.trouble
like "$(jq -r .data.text out)" 'pool: old' 'what is wrong'
reads zfs.status pool=old
sees '[.data.lines[] | select(test("sdd"))] | length' 1 'with its devices'
reads zfs.status_json pool=tank
sees '.data.pools.tank.state' ONLINE 'as JSON'
fails zfs.health pool=none
like "$(jq -r .error out)" "cannot open 'none': no such pool" 'what is not there is named'
reads zfs.datasets dataset=tank
sees '[.data.lines[] | split("\t")[0]] | join(" ")' 'tank tank/media tank/home' 'the datasets below'
for bad in '../tank' 'tank@x' 'tank/../x@y' '-r' 'tank#b' 'tank%x'; do refused zfs.snapshots "dataset=$bad"; done

acts zfs.scrub pool=tank
acts zfs.scrub_pause pool=tank
acts zfs.scrub pool=tank
acts zfs.scrub_stop pool=tank
undone zfs.scrub pool=tank
acts zfs.clear pool=old
undone zfs.offline pool=tank device=sdb
acts zfs.offline pool=tank device=sdb
acts zfs.online pool=tank device=sdb
acts zfs.snapshot dataset=tank/media name=before
undone zfs.snapshot dataset=tank/media name=gone
reads zfs.snapshots dataset=tank/media
sees '[.data.lines[] | split("\t")[0]] | @json' '["tank/media@before"]' 'one was taken, the other is gone again'
acts zfs.rollback dataset=tank/media name=before
acts zfs.destroy_snapshot dataset=tank/media name=before
called '[]' zfs.rollback dataset=tank/media name=before
sees .outcome.result failed 'there is nothing to go back to'
is "$(cat kept/log)" 'zpool scrub -- tank
zpool scrub -p -- tank
zpool scrub -- tank
zpool scrub -s -- tank
zpool scrub -- tank
zpool scrub -s -- tank
zpool clear -- old
zpool offline -- tank sdb
zpool online -- tank sdb
zpool offline -- tank sdb
zpool online -- tank sdb
zfs snapshot -- tank/media@before
zfs snapshot -- tank/media@gone
zfs destroy -- tank/media@gone
zfs rollback -- tank/media@before
zfs destroy -- tank/media@before' 'all that was done'
covered zfs

: >kept/log
reads smart.devices
sees '[.data.devices[].name] | join(" ")' '/dev/sda /dev/sdb' 'the disks'
reads smart.health device=/dev/sda
sees '[.data.smart_status.passed, .data.temperature.current, .data.smartctl.exit_status] | @json' '[true,34,0]' 'a disk that is well'
reads smart.health device=/dev/sdb type=sat
sees '[.data.smart_status.passed, .data.smartctl.exit_status] | @json' '[false,88]' 'one that fails is read all the same, with the mask'
reads smart.all device=/dev/sdb
fails smart.health device=/dev/sdz
sees '.error | contains("status 2")' true 'one that is not there was not read'
for bad in /etc/passwd /dev/../etc/passwd sda '/dev/sda b' -a; do refused smart.health "device=$bad"; done
refused smart.health device=/dev/sda type=test
acts smart.selftest device=/dev/sda test=long
undone smart.selftest device=/dev/sda
acts smart.selftest_abort device=/dev/sda
is "$(cat kept/log)" 'long /dev/sda
short /dev/sda
abort /dev/sda
abort /dev/sda' 'self-tests'
covered smart
done_testing
