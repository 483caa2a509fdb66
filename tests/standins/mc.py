# programs: mc
# A stand-in for mc(1): the alias hl is what MC_HOST_hl says; the bucket media.
#
#	mc.py mc FOLDER WORD...
import json, os, sys
import argv

call = argv.Call(sys.argv[3:], usage_status=1)
state = argv.State(sys.argv[2], "mc", {"versioning": "Un-versioned"})
words = " ".join(call.words)


def fail(text):
    print(json.dumps({"status": "error", "error": {"message": text}}))
    sys.exit(1)


if os.environ.get("MC_HOST_hl") != "https://key:minio-secret@minio.lan:9000":
    fail("Unable to initialize new alias from the provided credentials: Access Denied.")
if call.words[:1] != ["--json"]:
    call.usage("mc --json")
del call.words[0]
verb = call.verb(["admin", "ls", "du", "version"])
if verb == "admin":
    verb = call.verb(["info", "service"])
    if verb == "service":
        verb = call.verb(["restart"])
what = call.verb(["info", "enable", "suspend"]) if verb == "version" else None
_, (target,) = call.options({}, (1, 1))
if target != "hl" and (verb not in ("du", "version") or target != "hl/media"):
    fail(f"Bucket `{target.partition('/')[2]}` does not exist.")
if verb == "info":
    print(json.dumps({"status": "success", "info": {"mode": "online", "servers": [{"state": "online", "drives": [{"state": "ok"}]}]}}))
elif verb == "ls":
    print(json.dumps({"status": "success", "type": "folder", "key": "media/"}))
elif verb == "du":
    print(json.dumps({"status": "success", "prefix": "media", "size": 1234, "objects": 5, "isVersions": False}))
elif verb == "restart":
    print(json.dumps({"status": "success", "serverURL": "https://minio.lan:9000"}))
    state.log(words)
elif what == "info":
    print(json.dumps({"Op": "info", "status": "success", "versioning": {"status": state.value["versioning"]}}))
else:
    state.value["versioning"] = {"enable": "Enabled", "suspend": "Suspended"}[what]
    print(json.dumps({"Op": what, "status": "success", "url": target}))
    state.log(words)
state.save()
