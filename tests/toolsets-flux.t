# The toolset flux, against a stand-in that checks the command line as flux(1) documents it.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
standin flux "$PWD/kept"

reads flux.check
sees '.data.lines[-1]' '✔ all checks passed' 'the controllers are well'
reads flux.not_ready
sees '[.data.lines[] | split("\t")[1]] | @json' '["apps"]' 'what is not ready'
reads flux.kustomizations
sees '.data.lines | length' 2 'the kustomizations'
reads flux.helmreleases
reads flux.sources
reads flux.logs since=2h
refused flux.logs since=yesterday

acts flux.reconcile name=apps
acts flux.reconcile kind=helmrelease name=grafana with_source=false
acts flux.reconcile_source name=flux-system
acts flux.suspend name=apps
acts flux.resume name=apps
undone flux.suspend name=infra
called '[]' flux.reconcile name=none
sees .outcome.result failed 'what is not there cannot be reconciled'
called '[]' flux.reconcile name=apps namespace=default
sees .outcome.result failed 'nor in another namespace'
is "$(cat kept/log)" 'reconcile kustomization --namespace=flux-system --with-source=true --timeout=10m -- apps
reconcile helmrelease --namespace=flux-system --with-source=false --timeout=10m -- grafana
reconcile source git --namespace=flux-system --timeout=5m -- flux-system
suspend kustomization --namespace=flux-system --timeout=1m -- apps
resume kustomization --namespace=flux-system --timeout=10m -- apps
suspend kustomization --namespace=flux-system --timeout=1m -- infra
resume kustomization --namespace=flux-system --timeout=10m -- infra' 'what flux was told'
covered flux
done_testing
