# programs: flux
# A stand-in for flux(1) 2: the kustomizations apps (not ready) and infra, the Helm release grafana, the git source
# flux-system.
#
#	flux.py flux FOLDER WORD...
import sys
import argv

call = argv.Call(sys.argv[3:], usage_status=1)
state = argv.State(sys.argv[2], "flux", {"suspended": []})
words = " ".join(call.words)
KNOWN = {"kustomization": ["apps", "infra"], "helmrelease": ["grafana"], "git": ["flux-system"], "oci": [], "helm": [], "bucket": []}
COMMON = {"--namespace": str, "--timeout": str}


def rows(kind):
    for name in KNOWN[kind]:
        ready = "False" if name == "apps" else "True"
        yield ready, f"flux-system\t{name}\tmain@sha1:abc\t{name in state.value['suspended']}\t{ready}\tApplied revision"


def found(kind, name, options):
    if options.get("--namespace") != "flux-system" or name not in KNOWN[kind]:
        call.fail(f'✗ {kind}s.toolkit.fluxcd.io "{name}" not found')


verb = call.verb(["check", "get", "logs", "reconcile", "suspend", "resume"])
if verb == "check":
    call.options(COMMON)
    print("► checking prerequisites\n✔ all checks passed", file=sys.stderr)
elif verb == "get":
    kind = call.verb(["all", "kustomizations", "helmreleases", "sources"])
    if kind == "sources":
        call.verb(["all"])
    options, _ = call.options(dict(COMMON, **{"--all-namespaces": None, "--status-selector": ["ready=false", "ready=true"], "--no-header": None}))
    for k in {"all": KNOWN, "sources": ["git"]}.get(kind, [kind[:-1]]):
        for ready, row in rows(k):
            if options.get("--status-selector", "ready=" + ready.lower()) == "ready=" + ready.lower():
                print(row)
elif verb == "logs":
    call.options(dict(COMMON, **{"--all-namespaces": None, "--level": ["debug", "info", "error"], "--since": str, "--tail": int}))
    print("2026-11-21T04:00:00Z error Kustomization/apps.flux-system - build failed")
elif verb == "reconcile":
    kind = call.verb(["source", "kustomization", "helmrelease"])
    if kind == "source":
        kind = call.verb(["git", "oci", "helm", "bucket"])
        options, (name,) = call.options(COMMON, (1, 1))
    else:
        options, (name,) = call.options(dict(COMMON, **{"--with-source": bool}), (1, 1))
    found(kind, name, options)
else:
    kind = call.verb(["kustomization", "helmrelease"])
    options, (name,) = call.options(COMMON, (1, 1))
    found(kind, name, options)
    kept = [n for n in state.value["suspended"] if n != name]
    state.value["suspended"] = kept + [name] if verb == "suspend" else kept
state.save()
if verb in ("reconcile", "suspend", "resume"):
    state.log(words)
