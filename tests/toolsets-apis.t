# The toolsets argocd, nomad, consul, minio and maas, against stand-ins for their APIs over real sockets.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
log() { # what changed something since the last look
	cat log
	: >log
}
leaks() { # WORD: none of what was printed has it
	grep -q -e "$1" out err
	is $? 1 "nothing shows $1"
}

# ---- argocd
serve argocd_api.py log
ARGOCD_URL=http://127.0.0.1:$said
export ARGOCD_URL
fails argocd.version
like "$(jq -r .error out)" argocd_token 'the secret that is not there is named'
secret argocd_token wrong
fails argocd.version
like "$(jq -r .error out)" 'invalid session' "the server's own words"
leaks wrong
secret argocd_token argo-token
reads argocd.version
sees .data.Version v3.1.0 'the version'
reads argocd.apps
sees '[.data.items[] | .metadata.name + " " + .status.health.status] | join(", ")' 'radarr Healthy, broken Healthy, busy Healthy' 'the applications'
leaks do-not-show
reads argocd.app app=radarr
sees '.data | [.sync.status, .health.status, (.history | length)] | @json' '["OutOfSync","Healthy",2]' 'one of them'
leaks do-not-show
fails argocd.app app=none
like "$(jq -r .error out)" '"none" not found' 'one that is not there is told from one that is not allowed'
refused argocd.app app=../../session
reads argocd.refresh app=radarr refresh=hard
reads argocd.events app=radarr
: >log
acts argocd.sync app=radarr prune=true
reads argocd.app app=radarr
sites='[.sync.status, .operationState.message] | @json'
sees ".data | $sites" '["Synced","this one"]' 'it waited for this operation, and not for the one before'
called '[]' argocd.sync app=broken
sees .outcome.result failed 'an operation that fails is a failure'
called '[]' argocd.sync app=busy
like "$(jq -r .outcome.why out)" 'another operation is already in progress' 'one that runs already is no success'
acts argocd.rollback app=radarr id=1
acts argocd.terminate app=busy
is "$(log)" 'POST /api/v1/applications/radarr/sync {"dryRun": false, "project": "default", "prune": true}
POST /api/v1/applications/broken/sync {"dryRun": false, "project": "default", "prune": false}
POST /api/v1/applications/busy/sync {"dryRun": false, "project": "default", "prune": false}
POST /api/v1/applications/radarr/rollback {"dryRun": false, "id": 1, "project": "default", "prune": false}
DELETE /api/v1/applications/busy/operation?project=default' 'what Argo CD was told'
covered argocd

# ---- nomad
serve nomad_api.py log
standin nomad "$PWD/kept"
NOMAD_ADDR=http://127.0.0.1:$said
export NOMAD_ADDR
secret nomad_token nomad-token
allocation=allocation=11111111-2222-3333-4444-555555555555 node=node=aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeee0
reads nomad.leader
sees .data.value 10.0.0.1:4647 'the leader'
reads nomad.agent
sees '.data.server | [.ok, .message] | @json' '[false,"No cluster leader"]' 'an agent that is not well is an answer'
reads nomad.autopilot
sees .data.Healthy false 'so is a cluster'
reads nomad.nodes
sees '[.data.items[].Name] | join(" ")' 'n0 n1 n2' 'all pages of the nodes'
reads nomad.jobs
sees '.data.items | length' 5 'and of the jobs'
reads nomad.job job=web
sees '.data.Summary.web | [.Running, .Failed] | @json' '[1,2]' 'how a job does'
fails nomad.job job=none
like "$(jq -r .error out)" 'job not found' 'a plain text is the reason'
refused nomad.job job=a/b
reads nomad.allocations job=web
sees .data.items[0].TaskStates.web.Restarts 4 'an allocation'
reads nomad.failed
sees .data.items[0].ClientStatus failed 'those that failed'
reads nomad.evaluations job=web
sees .data.items[0].Status blocked 'there is no room'
reads nomad.deployment job=web
reads nomad.logs $allocation task=web bytes=500
sees '.data.text | rtrimstr("\n")' 'web stderr 500' 'the end of a log'
reads nomad.plan file=/jobs/web.hcl
like "$(jq -r .data.text out)" 'Job Modify Index: 42' 'a plan that would change something is no failure'
reads nomad.plan file=/jobs/same.hcl
fails nomad.plan file=/jobs/none.hcl
: >log
acts nomad.run file=/jobs/web.hcl index=42
called '[]' nomad.run file=/jobs/web.hcl index=41
like "$(jq -r .outcome.why out)" 'conflicting job modify index' 'a job that was changed since is not run'
is "$(cat kept/log)" 'run web.hcl' 'once'
acts nomad.restart_allocation $allocation
acts nomad.stop_allocation $allocation
acts nomad.reschedule job=web
acts nomad.revert job=web version=2 current=3
acts nomad.scale job=web group=web count=3 current=1
acts nomad.stop_job job=web version=3
acts nomad.run_periodic job=web
acts nomad.drain $node
acts nomad.drain_stop $node
acts nomad.ineligible $node
acts nomad.eligible $node
acts nomad.gc
A=11111111-2222-3333-4444-555555555555 N=aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeee0
is "$(log)" "PUT /v1/client/allocation/$A/restart {\"AllTasks\": true}
PUT /v1/allocation/$A/stop
PUT /v1/job/web/evaluate?namespace=default {\"EvalOptions\": {\"ForceReschedule\": true}, \"JobID\": \"web\", \"Namespace\": \"default\"}
PUT /v1/job/web/revert?namespace=default {\"JobID\": \"web\", \"JobVersion\": 2}
PUT /v1/job/web/scale?namespace=default {\"Count\": 3, \"Message\": \"scaled by hl\", \"Target\": {\"Group\": \"web\"}}
DELETE /v1/job/web?namespace=default&purge=false
PUT /v1/job/web/periodic/force?namespace=default
PUT /v1/node/$N/drain {\"DrainSpec\": {\"Deadline\": 3600000000000, \"IgnoreSystemJobs\": true}}
PUT /v1/node/$N/drain {\"DrainSpec\": null, \"MarkEligible\": true}
PUT /v1/node/$N/eligibility {\"Eligibility\": \"ineligible\"}
PUT /v1/node/$N/eligibility {\"Eligibility\": \"eligible\"}
PUT /v1/system/gc" 'what Nomad was told'
undone nomad.scale job=web group=web count=3 current=1
undone nomad.revert job=web version=2 current=3
undone nomad.stop_job job=web version=3
undone nomad.drain $node
undone nomad.ineligible $node
is "$(log | sed 's/?namespace=default//' | cut -d' ' -f2- | sed -n '2p;4p;6p;8p;10p')" "/v1/job/web/scale {\"Count\": 1, \"Message\": \"scaled by hl\", \"Target\": {\"Group\": \"web\"}}
/v1/job/web/revert {\"JobID\": \"web\", \"JobVersion\": 3}
/v1/job/web/revert {\"JobID\": \"web\", \"JobVersion\": 3}
/v1/node/$N/drain {\"DrainSpec\": null, \"MarkEligible\": true}
/v1/node/$N/eligibility {\"Eligibility\": \"eligible\"}" 'each is taken back'
called '[]' nomad.revert job=web version=77 current=3
like "$(jq -r .outcome.why out)" 'job version 77 not found' 'a version that is not there'
covered nomad

# ---- consul
serve consul_api.py log
CONSUL_URL=http://127.0.0.1:$said
export CONSUL_URL
secret consul_token consul-token
reads consul.leader
sees .data.value 10.1.10.12:8300 'the leader'
reads consul.peers
sees '.data.items | length' 2 'who votes'
reads consul.autopilot
sees '.data | [.Healthy, .FailureTolerance] | @json' '[false,0]' '429 is the answer of a cluster that is not well'
reads consul.members
sees '[.data.items[] | select(.Status == 4) | .Name] | join(" ")' b 'a member that failed'
reads consul.raft
reads consul.checks
sees .data.items[0].ServiceName web 'a check that fails'
reads consul.checks state=warning
sees .data.items '[]' 'none in another state'
reads consul.services
sees '.data | keys | join(" ")' 'consul web' 'the services'
reads consul.service service=web
sees '.data.items | length' 2 'where one runs'
reads consul.service service=web passing=true
sees '[.data.items[].Node.Node] | join(" ")' a 'where it is well'
reads consul.node node=b
: >log
acts consul.maintenance 'reason=new disk'
acts consul.maintenance_end
undone consul.maintenance
acts consul.service_maintenance service=web-1
acts consul.service_maintenance_end service=web-1
called '[]' consul.service_maintenance service=web
like "$(jq -r .outcome.why out)" 'Unknown service ID' 'a name is no id'
acts consul.force_leave node=b
is "$(log)" 'PUT /v1/agent/maintenance?enable=true&reason=new+disk
PUT /v1/agent/maintenance?enable=false
PUT /v1/agent/maintenance?enable=true&reason=maintenance+by+hl
PUT /v1/agent/maintenance?enable=false
PUT /v1/agent/service/maintenance/web-1?enable=true&reason=maintenance+by+hl
PUT /v1/agent/service/maintenance/web-1?enable=false
PUT /v1/agent/service/maintenance/web?enable=true&reason=maintenance+by+hl
PUT /v1/agent/force-leave/b' 'what Consul was told'
secret consul_token other
fails consul.leader
like "$(jq -r .error out)" 'Permission denied' 'a token that may not'
covered consul

# ---- minio
serve minio_api.py log
standin mc "$PWD/kept"
MINIO_URL=http://127.0.0.1:$said
export MINIO_URL
: >kept/log
reads minio.live
reads minio.writable
fails minio.readable
echo minio.readable >>ran
like "$(jq -r .error out)" 503 'too few drives to read'
fails minio.may_stop
echo minio.may_stop >>ran
like "$(jq -r .error out)" 412 'the server is needed'
secret minio https://key:minio-secret@minio.lan:9000
reads minio.info
sees '.data.info.servers[0].drives[0].state' ok 'a drive'
reads minio.buckets
sees .data.items[0].key media/ 'a bucket'
reads minio.usage bucket=media
sees '.data | [.size, .objects] | @json' '[1234,5]' 'what it holds'
fails minio.usage bucket=none
refused minio.usage bucket=../x
acts minio.keep_versions bucket=media
reads minio.versioning bucket=media
sees .data.versioning.status Enabled 'versions are kept'
acts minio.suspend_versions bucket=media
undone minio.keep_versions bucket=media
acts minio.restart
is "$(cat kept/log)" '--json version enable hl/media
--json version suspend hl/media
--json version enable hl/media
--json version suspend hl/media
--json admin service restart hl' 'what MinIO was told, and no key in it'
covered minio

# ---- maas
serve maas_api.py log
MAAS_URL=http://127.0.0.1:$said/MAAS
export MAAS_URL
secret maas_consumer consumer
secret maas_token token
secret maas_secret not-it
fails maas.version
like "$(jq -r .error out)" 'Invalid API key' 'a key that is not right'
leaks not-it
secret maas_secret secret
reads maas.version
sees .data.version 3.5.0 'the version'
reads maas.machines
sees .data.items[0].hostname node1 'the machines'
reads maas.machine machine=abc123
sees .data.status_name Deployed 'one of them'
fails maas.machine machine=zzz
reads maas.power machine=abc123
sees .data.state on 'it is on'
: >log
acts maas.power_off machine=abc123 how=hard
reads maas.power machine=abc123
sees .data.state off 'it was turned off'
acts maas.power_on machine=abc123
undone maas.power_off machine=abc123
acts maas.lock machine=abc123
acts maas.unlock machine=abc123
acts maas.deploy machine=abc123 series=ubuntu/noble
acts maas.release machine=abc123
called '[]' maas.power_on machine=abc123 comment=refuse
like "$(jq -r .outcome.why out)" 'Machine is on already' 'the wrong state'
is "$(log | sed 1,3d | sed 's/.*op=//')" 'power_on {"comment": "by hl"}
lock {"comment": "by hl"}
unlock {"comment": "by hl"}
deploy {"comment": "by hl", "distro_series": "ubuntu/noble"}
release {"comment": "by hl"}
power_on {"comment": "refuse"}' 'what MAAS was told'
covered maas
done_testing
