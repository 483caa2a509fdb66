# The graphs of resources that homelab documents draw: they load as they stand, what a type means is asked for,
# all at once, and with a table of types they run to the end.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

make_ops
mkdir -p ops/workflows data/workflows
cp "$HL_TOP"/tests/samples/workflows/*.yaml ops/workflows/
cp "$HL_TOP/workflows/types.yaml" data/workflows/
commit_ops one
at() { # TIME: now
	HL_NOW=$1
	export HL_NOW
}

# ---- without a table
run hl-plan --workflow storage-expansion-workflow
is_status 78 'types that mean nothing are an error'
is "$(grep -c '; say what it does in' err)" 5 'all of them at once, but for those that are installed and what waits for a person'
like "$(cat err)" "workflows/storage-expansion-workflow.yaml:9:7: .*type 'ai-task' of 'capacity-analysis'" 'with line and column'
like "$(cat err)" "workflows/types.yaml, under 'types:', such as 'ai-task: human'" 'and what to do'
like "$(cat err)" "5 resources are of a type that means nothing yet" 'how many'
unlike "$(cat err)" "'external-task'" 'a person is there without a table'
run hl-plan --workflow homelab-service-template service_name=nextcloud
is_status 78 'the other one, too'
is "$(grep -c '; say what it does in' err)" 10 'all its types'
run hl-plan --check-workflow ops/workflows/storage-expansion-workflow.yaml
is_status 78 'a file can be checked before it is committed'
is "$(grep -c '; say what it does in' err)" 5 'with the same words'

# ---- with tools that stand in
cat >ops/tools/lab.yaml <<END
toolset: lab
description: stand-ins
tools:
  - name: lab.note
    description: write down that something was done
    effect: change
    blast_radius: single_service
    args: {file: {type: string, pattern: "^[a-z0-9-]+\$"}, what: {type: string, max_length: 400, dash: true}}
    run: [/bin/sh, $PWD/note.sh, "$PWD/box/{file}", "{what}"]
    undo: {tool: lab.forget, args: {file: "{file}"}}
  - name: lab.forget
    description: take that back
    effect: change
    blast_radius: single_service
    args: {file: {type: string, pattern: "^[a-z0-9-]+\$"}}
    run: [rm, "$PWD/box/{file}"]
END
printf '#!/bin/sh\nprintf "%%s\\n" "$2" >"$1"\n' >note.sh
cat >ops/workflows/types.yaml <<END
types:
  ai-task: {tool: lab.note, args: {file: "{resource.name}", what: "{resource.analysis_output}"}}
  system-check: {check: {tool: box.has, args: {path: "$PWD/box/disk"}, within: 1s, title: the disk is there}}
  proxmox-task: {tool: lab.note, args: {file: "{resource.name}", what: proxmox}}
  kubernetes-task: {tool: lab.note, args: {file: "{resource.name}", what: kubernetes}}
  ai-validation: {check: {tool: box.has, args: {path: "$PWD/box/zfs-pool-expansion"}}}
  github-integration: {tool: lab.note, args: {file: "{resource.name}", what: open}}
  github-integration/github-close: {tool: lab.note, args: {file: "{resource.name}", what: close}}
  ai-analysis: {tool: lab.note, args: {file: "{resource.name}", what: x}}
  opnsense-dns: {tool: lab.note, args: {file: "{resource.name}", what: "{resource.pattern}"}}
  kubernetes-deployment: {tool: lab.note, args: {file: "{resource.name}", what: x}}
  ingress-route: {tool: lab.note, args: {file: "{resource.name}", what: x}}
  monitoring-config: {tool: lab.note, args: {file: "{resource.name}", what: x}}
  backup-monitoring: {check: {tool: box.has, args: {path: "$PWD/box/grafana-alerts"}}}
  ai-configuration: {tool: lab.note, args: {file: "{resource.name}", what: "{resource.prompt}"}}
  auto-documentation: {write: {path: "docs/services/{service_name}.md", text: "# {service_name}\n"}}
END
commit_ops two
run hl-plan --check-workflow ops/workflows/storage-expansion-workflow.yaml
is_status 0 'now the file is good'

asked() { # WORKFLOW [KEY=VALUE ...]
	hl-plan --workflow "$@" >planned && hl-ask --by alice --answer approve <planned | hl-apply -q >out 2>err
}
at 2026-11-21T04:00:00Z
asked storage-expansion-workflow
is "$(jq -r '.outcome | .result, .waiting.step' out | tr '\n' ' ')" 'waiting hardware-procurement ' 'the person is asked to buy'
is "$(jq -r .outcome.waiting.details.procurement_details.recommended_part out)" 'Samsung 980 PRO 2TB NVMe SSD' 'and told what'
like "$(cat box/capacity-analysis)" 'Recommend 2TB NVMe SSD' 'the analysis was made'
touch box/disk
at 2026-11-29T04:00:00Z
hl-ask --parked --by bob --answer 'done' 2>err | hl-apply -q | hl-record -q >out
is "$(jq -r .outcome.result out)" fixed 'eight days later it is done'
is "$(jq -r '[.outcome.steps[].id] | join(" ")' out)" \
	'capacity-analysis hardware-procurement disk-detection zfs-pool-expansion k3s-storage-update capacity-validation documentation-update' 'all of it'
is "$(jq -r '.record.path != null' out)" true 'and recorded'
like "$(git -C ops show HEAD:docs/infrastructure/storage.md)" 'Updated by the step documentation-update' 'the documents are updated'
like "$(git -C ops show HEAD:INFRASTRUCTURE.md)" 'Updated by the step' 'both'

asked homelab-service-template service_name=nextcloud
is "$(jq -r .outcome.result out)" fixed 'the service is deployed'
is "$(cat box/dns-entry)" 'nextcloud.homelab → LoadBalancer IP' 'the argument is in its place'
is "$(cat box/github-issue box/github-close | tr '\n' ' ')" 'open close ' 'one type, two resources, two things to do'
is "$(git -C ops show HEAD:docs/services/nextcloud.md)" '# nextcloud' 'and documented'
run hl-plan --workflow homelab-service-template
like "$(cat err)" "argument 'service_name'" 'it cannot do without its argument'
run hl-plan --workflow homelab-service-template 'service_name={{.service_name}}{resource.prompt}'
like "$(cat err)" "'docs/services/{{.service_name}}{resource.prompt}.md' is not below docs/" 'braces in an argument are braces'
run hl-plan --workflow homelab-service-template service_name=../../tools/x
like "$(cat err)" "'docs/services/../../tools/x.md' is not below docs/" 'an argument leads nowhere else'

# ---- what is wrong with a graph
wrong() { # SED-SCRIPT WANTED
	sed "$1" ops/workflows/storage-expansion-workflow.yaml >wrong.yaml
	run hl-plan --check-workflow wrong.yaml
	is_status 78 "$1"
	like "$(cat err)" "$2" "$2"
}
wrong 's/v1alpha1/v1/' 'is not kro.run/v1alpha1'
wrong 's/ResourceGraphDefinition/Deployment/' 'is not ResourceGraphDefinition'
wrong 's/dependencies: .disk-detection./dependencies: [disk-detektion]/' "did you mean 'disk-detection'"
wrong 's/dependencies: ..$/dependencies: [documentation-update]/' 'in a circle'
wrong 's/type: system-check/type: system-chek/' "did you mean 'system-check'"
wrong 's/name: disk-detection/name: ..\/x/' 'is not a name'
wrong 's/"lsblk"/"{{.a | b}}"/' 'only a name as in'
wrong 's/type: proxmox-task/template: {}/' 'for the operator in a cluster'
done_testing
