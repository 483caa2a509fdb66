# The toolset kubernetes, by the real kubectl(1), against a stand-in for the API server.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
command -v kubectl >/dev/null || skip_all 'there is no kubectl(1) here'
toolsets_begin
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=api -addext subjectAltName=IP:127.0.0.1 \
	-keyout key.pem -out cert.pem 2>openssl.err || skip_all 'openssl(1) made no certificate'
serve kubernetes_api.py "$PWD/log" cert.pem key.pem
KUBECONFIG=$PWD/kubeconfig
export KUBECONFIG
kubeconfig() { # TOKEN
	cat >kubeconfig <<-END
		{"apiVersion": "v1", "kind": "Config", "current-context": "c", "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:$said",
		"certificate-authority": "$PWD/cert.pem"}}],
		"users": [{"name": "u", "user": {"token": "$1"}}], "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}]}
	END
}
kubeconfig t0ken
in='namespace=media'
log() {
	cat log
	: >log
}

reads kubectl.version
sees .data.serverVersion.gitVersion v1.32.4 'the cluster answers'
reads kubectl.pods $in selector=app=radarr
sees '[.data.items[] | .name + " " + (.containers[0].waiting // "runs")] | join(", ")' 'radarr-a runs, radarr-b CrashLoopBackOff' 'the pods'
is "$(grep -c do-not-show out)" 0 'without their environment'
reads kubectl.pods
sees .data.items '[]' 'none in another namespace'
reads kubectl.pods_not_ready
sees '[.data.items[] | .namespace + "/" + .name, (.containers[0] | .waiting, .ended, .exit_code, .restarts)] | @json' \
	'["media/radarr-b","CrashLoopBackOff","OOMKilled",137,7]' 'what is not ready and why'
reads kubectl.pod $in pod=radarr-a
sees '.data.containers[0] | [.name, .ready] | @json' '["radarr",true]' 'one pod'
fails kubectl.pod $in pod=none
like "$(jq -r .error out)" 'pods "none" not found' 'one that is not there is named'
refused kubectl.pod $in pod=-A
refused kubectl.pod $in pod=../secrets/x
reads kubectl.events
sees '.data.items[0] | [.kind, .name, .reason, .count, .message] | @json' \
	'["Pod","radarr-b","BackOff",5,"Back-off \"restarting\"\nfailed"]' 'a warning, whatever its message holds'
reads kubectl.workloads
sees '[.data.items[] | .name + " \(.ready)/\(.wanted)"] | sort | join(", ")' 'agent 1/1, radarr 2/2, stuck 0/1' 'what is wanted and what is ready'
reads kubectl.workload $in name=radarr
sees '.data | [.images[0], .available] | @json' '["radarr:2",2]' 'one of them'
reads kubectl.rollout_status $in deployment=radarr wait=5
like "$(jq -r .data.text out)" 'successfully rolled out' 'a rollout that is complete'
fails kubectl.rollout_status $in deployment=stuck wait=5
like "$(jq -r .error out)" 'exceeded its progress deadline' 'one that was given up'
reads kubectl.rollout_history $in deployment=radarr
sees '[.data.lines[] | select(test("^[0-9]"))] | length' 2 'its revisions'
reads kubectl.nodes
sees '.data.items[0] | [.name, .conditions.Ready, .unschedulable] | @json' '["n1","True",false]' 'a node'
reads kubectl.claims
sees '.data.items[0].phase' Pending 'a claim that waits'
reads kubectl.logs $in pod=radarr-a lines=5 since=1h
sees '.data.lines | join("|")' 'container=radarr limitBytes=1000000 sinceSeconds=3600 tailLines=5 timeout=15s|last line' 'no more than that'
reads kubectl.logs $in pod=radarr-a container=radarr previous=true
like "$(jq -r '.data.lines[0]' out)" 'container=radarr .*previous=true' 'of the container that ended'
reads kubectl.top_pods
like "$(jq -r '.data.lines[0]' out)" 'radarr-a .*12m .*345Mi' 'what a pod uses'
reads kubectl.top_nodes
reads kubectl.can_i verb=get resource=pods
sees '.data.text | rtrimstr("\n")' yes 'hl may'
fails kubectl.can_i verb=delete resource=nodes

acts kubectl.rollout_restart $in deployment=radarr
acts kubectl.set_image $in deployment=radarr container=radarr image=ghcr.io/x/radarr:3
acts kubectl.set_memory $in deployment=radarr container=radarr limit=2Gi request=1Gi
acts kubectl.rollout_undo $in deployment=radarr
acts kubectl.patch $in deployment=radarr 'patch={"spec": {"template": {"spec": {"containers": [{"name": "radarr", "image": "radarr:4"}]}}}}'
acts kubectl.rollout_undo $in deployment=radarr revision=1
acts kubectl.rollout_pause $in deployment=radarr
acts kubectl.rollout_resume $in deployment=radarr
is "$(log)" 'patch deployments/radarr strategic-merge-patch restartedAt=True
patch deployments/radarr strategic-merge-patch image=ghcr.io/x/radarr:3
patch deployments/radarr strategic-merge-patch memory=1Gi..2Gi
patch deployments/radarr json-patch image=radarr:1 memory=None..None restartedAt=False
patch deployments/radarr strategic-merge-patch image=radarr:4
patch deployments/radarr json-patch image=radarr:1
patch deployments/radarr strategic-merge-patch paused=True
patch deployments/radarr strategic-merge-patch paused=None' 'what the API server was told'
acts kubectl.scale $in deployment=radarr replicas=3 current=2
called '[]' kubectl.scale $in deployment=radarr replicas=5 current=2
sees .outcome.result failed 'not from another number'
undone kubectl.scale $in deployment=radarr replicas=0 current=3
is "$(log)" 'scale deployments/radarr 3
scale deployments/radarr 0
scale deployments/radarr 3' 'scaled, and scaled back'
undone kubectl.rollout_restart $in deployment=radarr
like "$(log)" 'json-patch .*restartedAt=False' 'a restart that did not help is taken back'
acts kubectl.restart_pod $in pod=alone
is "$(log)" '' 'a pod that nothing made stays'
acts kubectl.restart_pod $in pod=radarr-b
acts kubectl.delete_pod $in pod=alone
is "$(log)" 'delete pods/radarr-b
delete pods/alone' 'pods are deleted'
acts kubectl.cordon node=n1
acts kubectl.uncordon node=n1
acts kubectl.drain node=n1
is "$(log)" 'patch nodes/n1 strategic-merge-patch unschedulable=True
patch nodes/n1 strategic-merge-patch unschedulable=None
patch nodes/n1 strategic-merge-patch unschedulable=True
evict pods/radarr-a' 'the pods that a controller made again elsewhere go; those of a daemon set stay'
undone kubectl.drain node=n1
is "$(log)" 'patch nodes/n1 strategic-merge-patch unschedulable=None' 'and may come back'

# The names of infrastructure-mcp.
reads get.pods $in
sees '[.data.items[].name] | join(" ")' 'agent-x' 'what is left'
reads get.logs $in pod=agent-x lines=3
like "$(jq -r '.data.lines[0]' out)" 'tailLines=3' 'so many lines'
undone restart.deployment $in name=radarr
like "$(log)" 'restartedAt=True' 'restarted'

kubeconfig wrong
fails kubectl.nodes
like "$(jq -r .error out)" 'must be logged in' 'a token that is not right'
is "$(hl-tool list --json | jq -r 'select(.toolset == "kubernetes") | .run | join(" ") | select(test("secret"))')" '' 'no tool reads secrets'
covered kubernetes
done_testing
