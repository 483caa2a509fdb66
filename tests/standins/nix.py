# programs: nix nixos-rebuild nix-collect-garbage readlink
# A stand-in for NixOS: a machine whose flake /etc/nixos asks host nas for the system in nix.json's `wanted`. A switch makes
# it current, unless `stuck` is set: then it says that all went well, and changes nothing.
#
#	nix.py PROGRAM FOLDER WORD...
import json, sys
import argv

call = argv.Call(sys.argv[3:], usage_status=2)
state = argv.State(sys.argv[2], "nix", {"generations": ["/nix/store/aaa-nixos"], "wanted": "/nix/store/bbb-nixos", "stuck": False})
program, generations, wanted = sys.argv[1], state.value["generations"], state.value["wanted"]
words = " ".join(call.words)


def known(flake, suffix=""):
    if flake != "/etc/nixos#" + suffix:
        call.fail(f"error: flake '{flake}' does not provide attribute 'nixosConfigurations'")


def nix():
    if call.words[:1] != ["--extra-experimental-features"]:
        call.fail("error: experimental Nix feature 'nix-command' is disabled; add '--extra-experimental-features nix-command' to enable it")
    features = call.words[1].split()
    del call.words[:2]
    verb = call.verb(["eval", "build", "flake", "store"])
    if verb != "store" and "flakes" not in features:
        call.fail("error: experimental Nix feature 'flakes' is disabled")
    if verb == "store":
        what = call.verb(["diff-closures", "gc"])
        _, paths = call.options({}, (2, 2) if what == "diff-closures" else (0, 0))
        print("linux: 6.6.1 → 6.6.2, +12.3 KiB" if what == "diff-closures" else "3 store paths deleted, 12.00 MiB freed")
    elif verb == "flake":
        what = call.verb(["metadata", "check"])
        options, (flake,) = call.options({"--json": None} if what == "metadata" else {"--no-build": None}, (1, 1))
        known(flake + "#")
        if what == "metadata":
            print(json.dumps({"url": "git+file:///etc/nixos", "locks": {"nodes": {"nixpkgs": {"locked": {"rev": "abc"}}}}}))
    else:
        options, (what,) = call.options({"--raw": None} if verb == "eval" else {"--no-link": None, "--print-out-paths": None}, (1, 1))
        known(what, "nixosConfigurations.nas.config.system.build.toplevel" + (".outPath" if verb == "eval" else ""))
        sys.stdout.write(wanted if verb == "eval" else wanted + "\n")


def rebuild():
    verb = call.verb(["switch", "boot", "dry-activate", "list-generations"])
    options, _ = call.options({"--json": None} if verb == "list-generations" else {"--flake": str, "--rollback": None})
    if verb == "list-generations":
        print(json.dumps([{"generation": i + 1, "current": i + 1 == len(generations)} for i in range(len(generations))]))
        return
    if "--rollback" in options:
        if len(generations) < 2:
            call.fail("error: no generation older than the current (1) exists")
        generations.pop()
        return
    known(options["--flake"], "nas")
    print("building the system configuration...", file=sys.stderr)
    if verb == "dry-activate":
        print("would restart the following units: nginx.service", file=sys.stderr)
    elif not state.value["stuck"]:
        generations.append(wanted)


def readlink():
    options, (path,) = call.options({"-f": None}, (1, 1))
    if path not in ("/run/current-system", "/run/booted-system"):
        call.fail("")
    print(generations[-1 if path == "/run/current-system" else 0])


def garbage():
    options, _ = call.options({"--delete-older-than": str})
    print("0 store paths deleted, 0.00 MiB freed")


{"nix": nix, "nixos-rebuild": rebuild, "readlink": readlink, "nix-collect-garbage": garbage}[program]()
state.save()
state.log(f"{program} {words}")
