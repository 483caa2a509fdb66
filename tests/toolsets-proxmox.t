# The toolset proxmox, against a stand-in for its API: what acts is a task that is waited for.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
serve proxmox.py log
PROXMOX_URL=http://127.0.0.1:$said HL_SECRET_PROXMOX_TOKEN='hl@pve!ops=token-0815'
export PROXMOX_URL HL_SECRET_PROXMOX_TOKEN
vm='node=pve1 vmid=100'
names() { # the snapshots of the virtual machine
	run hl-tool run proxmox.snapshots $vm
	jq -rc '[.data.items[].name] | join(" ")' out
}

reads proxmox.version
sees .data.version 8.4.1 'the version'
reads proxmox.nodes
sees '[.data.items[].node] | join(" ")' 'pve1 pve2' 'the nodes'
reads proxmox.cluster
sees '.data.items[0].quorate' 1 'the quorum'
reads proxmox.resources
sees '[.data.items[] | "\(.vmid) \(.node)"] | join(", ")' '100 pve1, 101 pve1, 200 pve1' 'where each guest is'
reads proxmox.guests node=pve1 kind=lxc
sees '[.data.items[].vmid]' '[200]' 'the containers of a node'
reads proxmox.guest $vm
sees .data.status running 'a virtual machine'
reads proxmox.guest node=pve1 vmid=200 kind=lxc
sees .data.name dns 'a container'
fails proxmox.guest node=pve1 vmid=999
like "$(jq -r .error out)" '999.conf. does not exist' 'one that is not there is told in its words'
refused proxmox.guest node=../pve1 vmid=100
refused proxmox.guest node=pve1 vmid=1
reads proxmox.guest_config $vm
sees .data.memory 4096 'what it is made of'

acts proxmox.snapshot $vm name=before-update
is "$(names)" 'before-update current' 'the snapshot is there when the tool has ended'
reads proxmox.snapshots $vm
like "$(grep 'POST.*snapshot' log)" 'snapname=before-update' 'it has its name'
unlike "$(grep 'POST.*snapshot' log)" vmstate 'what is not given is not sent: a container would not take it'
acts proxmox.snapshot node=pve1 vmid=200 kind=lxc name=hl-K7Q
reads proxmox.tasks
sees '.data.items | length' 2 'the tasks'
upid=$(jq -r '.data.items[0].upid' out)
reads proxmox.task node=pve1 "upid=$upid"
sees .data.exitstatus OK 'how a task ended'
reads proxmox.task_log node=pve1 "upid=$upid"
sees '.data.items[-1].t' 'TASK OK' 'what a task said'
like "$(grep tasks/UPID log | head -n 1)" 'UPID%3Apve1' 'its colons are encoded'

called '[]' proxmox.snapshot node=pve1 vmid=101 name=x1
sees .outcome.result failed 'a task that fails is a failure, although its start was answered with 200'
like "$(jq -r '.outcome.steps[0].error' out)" 'snapshot feature is not available' 'in the words of the task'
called '[]' proxmox.snapshot $vm name=before-update
like "$(jq -r '.outcome.steps[0].error' out)" 'already used' 'a name that is taken'

called '[]' proxmox.snapshot node=pve1 vmid=200 kind=lxc name=x2 vmstate=1
like "$(jq -r '.outcome.steps[0].error' out)" 'not defined in schema' 'a parameter that is not taken, in the words of the list of errors'

# What is changed about a guest is guarded: a snapshot before it, which is gone back to when it did not help.
echo proxmox.configure >>ran
called '[]' proxmox.configure $vm memory=8192
sees '[.plan.solutions[0].steps[].tool] | join(" ")' 'proxmox.snapshot proxmox.configure' 'the plan has a snapshot first'
sees '.outcome | [.result, (.steps[] | .ok)] | join(" ")' 'unverified true true' 'it is taken, then the change is made'
guard=$(jq -r '.plan.solutions[0].steps[0].args.name' out)
is "$(names)" "before-update $guard current" 'the snapshot stays'
acts proxmox.snapshot_delete $vm name="$guard"
never='[{"tool": "never.holds", "args": {}, "expect": {"/text": "yes"}}]'
called "$never" proxmox.configure $vm memory=16384
sees .outcome.result rolled_back 'a change that does not help'
like "$(grep '^POST.*rollback' log)" "snapshot/$guard/rollback" 'is taken back by going back to the snapshot'
reads proxmox.guest_config $vm
sees .data.memory 8192 'so the memory is what it was'

reads proxmox.guest_config $vm
sees '.data | [.memory, .cores] | @json' '["8192",2]' 'the memory is another, the cores are the same'
acts proxmox.rollback $vm name=before-update
reads proxmox.guest_config $vm
sees .data.memory 4096 'a rollback brings back what was'
undone proxmox.snapshot $vm name=for-a-while
like "$(grep '^POST.*rollback' log | tail -n 1)" 'snapshot/for-a-while/rollback' 'a snapshot is taken back by a rollback'
acts proxmox.snapshot_delete $vm name=for-a-while
unlike "$(names)" for-a-while 'it is gone'
called '[]' proxmox.rollback $vm name=never-made
like "$(jq -r '.outcome.steps[0].error' out)" 'does not exist' 'a snapshot that is not there'

acts proxmox.shutdown $vm
like "$(grep status/shutdown log)" 'timeout=180' 'it is given three minutes'
acts proxmox.start $vm
called '[]' proxmox.start $vm
like "$(jq -r '.outcome.steps[0].error' out)" 'already running' 'started twice'
acts proxmox.reboot $vm patience=30
acts proxmox.suspend $vm
acts proxmox.resume $vm
acts proxmox.stop $vm
acts proxmox.start $vm
undone proxmox.shutdown $vm
reads proxmox.guest $vm
sees .data.status running 'what was shut down runs again'
undone proxmox.suspend $vm
acts proxmox.backup $vm storage=backups
called '[]' proxmox.backup $vm storage=nowhere
like "$(jq -r '.outcome.steps[0].error' out)" 'could not get storage information' 'a backup that failed'
undone proxmox.migrate $vm target=pve2
reads proxmox.guest $vm
sees .data.status running 'it is back where it was'
acts proxmox.migrate $vm target=pve2

# The runbook of hl-toolsets(7), as it stands there, and with a check that does not hold.
acts proxmox.migrate node=pve2 vmid=100 target=pve1
sed -n '/^id: docker-out-of-memory/,/^\.Ed/p' "$HL_TOP/man/hl-toolsets.7" | sed '$d' >manual.yaml
from_manual() { # ID SED-SCRIPT
	sed "$2" manual.yaml >ops/runbooks/manual.yaml
	commit_ops "manual $1"
	triaged "$1" '"docker-out-of-memory"' | jq -c '.signals[0].labels += {alertname: "GuestOutOfMemory", node: "pve1", vmid: "100"}' |
		hl-plan >planned
	approve 1 <planned >approved
	run hl-apply -q <approved
}
from_manual aaaaaaaa00000001 's/memory: 8192/memory: 6144/; s/status: running/status: paused/; s/, within: 2m//'
sees '[.plan.solutions[0].steps[].tool | sub("proxmox."; "")] | join(" ")' 'shutdown snapshot configure start' \
	'the snapshot is taken when the guest is down'
sees .outcome.result rolled_back 'when it did not help'
is "$(grep '^POST.*/qemu/100/' log | tail -n 3 | sed 's,.*/qemu/100/,,; s/ .*//')" 'status/shutdown
snapshot/hl-20261121t035900z-aaaaaaaa/rollback
status/start' 'the guest is shut down, rolled back and started'
reads proxmox.guest_config $vm
sees .data.memory 4096 'with the memory that it had'
from_manual bbbbbbbb00000001 ''
sees .outcome.result fixed 'and when it helped, it is done'

HL_SECRET_PROXMOX_TOKEN='hl@pve!ops=wrong-4711'
fails proxmox.version
like "$(jq -r .error out)" 'no such token' 'a token that is not good'
is "$(grep -rlE '(token|key|secret|plex|tautulli|wrong)-(0815|4711)|uk1_0815' out err planned approved state ops)" '' 'the token is nowhere'
covered proxmox
done_testing
