# programs: nomad
# A stand-in for nomad(1): job plan and job run of a file. The file same.hcl would change nothing (0), web.hcl would (1), any
# other is not there (255). Nomad is at index 42.
#
#	nomad.py nomad FOLDER WORD...
import os, sys
import argv

call = argv.Call(sys.argv[3:], usage_status=255)
state = argv.State(sys.argv[2], "nomad", {})
if os.environ.get("NOMAD_TOKEN") != "nomad-token" or not os.environ.get("NOMAD_ADDR", "").startswith("http"):
    call.fail("Error submitting job: Unexpected response code: 403 (Permission denied)", 255)
call.verb(["job"])
verb = call.verb(["plan", "run"])
options, (path,) = call.options({"-no-color": None} if verb == "plan" else {"-no-color": None, "-check-index": int}, (1, 1), dashes=False)
name = os.path.basename(path)
if name not in ("same.hcl", "web.hcl"):
    call.fail(f"Error getting job struct: Failed to read file {path}: no such file or directory", 255 if verb == "plan" else 1)
if verb == "plan":
    print("+/- Job: \"web\"\nJob Modify Index: 42" if name == "web.hcl" else "Job: \"web\"\nJob Modify Index: 42")
    sys.exit(name == "web.hcl")
if options["-check-index"] != 42:
    call.fail("Error submitting job: Unexpected response code: 500 (Enforcing job modify index: job exists with conflicting job modify index: 42)")
state.log(f"run {name}")
