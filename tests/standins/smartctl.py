# programs: smartctl
# A stand-in for smartctl(8) 7.4: /dev/sda is well, /dev/sdb is failing (its status is 8 + 16 + 64), /dev/sdz is not
# there (2); answers shaped as captured ones, the status in them and as the exit status.
#
#	smartctl.py smartctl FOLDER WORD...
import json, sys
import argv

call = argv.Call(sys.argv[3:], usage_status=1)
state = argv.State(sys.argv[2], "smartctl", {})
options, names = call.options({
    "--json": ["c", "i", "o", "s", "v"], "--scan-open": None, "--device": str, "-d": str, "--nocheck": ["never", "sleep", "standby", "standby,0", "idle"],
    "-i": None, "-H": None, "-A": None, "-x": None, "-a": None, "-l": ["error", "selftest"], "--test": ["short", "long", "conveyance"],
    "--abort": None}, (0, 1))


def answer(status, **more):
    print(json.dumps({"json_format_version": [1, 0], "smartctl": {"version": [7, 4], "exit_status": status}, **more}))
    sys.exit(status)


if "--scan-open" in options:
    if names:
        call.usage("no device goes with --scan-open")
    answer(0, devices=[{"name": d, "info_name": d, "type": "sat", "protocol": "ATA"} for d in ("/dev/sda", "/dev/sdb")])
if len(names) != 1:
    call.usage("one device")
if options.get("--device", "auto") not in ("auto", "ata", "sat", "nvme", "scsi"):
    print(json.dumps({"smartctl": {"exit_status": 1, "messages": [{"string": "Unknown device type", "severity": "error"}]}}))
    sys.exit(1)
if names[0] not in ("/dev/sda", "/dev/sdb"):
    print(json.dumps({"smartctl": {"exit_status": 2, "messages": [
        {"string": f"Smartctl open device: {names[0]} failed: No such device", "severity": "error"}]}}))
    sys.exit(2)
if "--test" in options or "--abort" in options:
    state.log(f"{options.get('--test', 'abort')} {names[0]}")
    answer(0)
bad = names[0] == "/dev/sdb"
answer(8 + 16 + 64 if bad else 0, device={"name": names[0], "type": "sat", "protocol": "ATA"}, smart_status={"passed": not bad},
       temperature={"current": 34}, power_on_time={"hours": 1234}, model_name="STANDIN 4000",
       ata_smart_attributes={"table": [{"id": 5, "name": "Reallocated_Sector_Ct", "value": 1 if bad else 100, "worst": 1, "thresh": 10,
                                        "when_failed": "now" if bad else "", "raw": {"value": 900, "string": "900"}}]})
