# programs: nvidia-smi
# A stand-in for nvidia-smi(1): one GPU, index 0, whose power limit can be set and which can be reset.
#
#	nvidia_smi.py nvidia-smi FOLDER WORD...
import sys
import argv

FIGURES = {"index": "0", "uuid": "GPU-1", "name": "Stand-in GPU", "driver_version": "550.1", "temperature.gpu": "45",
           "temperature.memory": "[N/A]", "utilization.gpu": "7", "utilization.memory": "3", "memory.total": "24576",
           "memory.used": "1024", "memory.free": "23552", "power.draw": "60.21", "fan.speed": "[N/A]",
           "ecc.errors.uncorrected.volatile.total": "[N/A]", "pcie.link.gen.current": "4", "pcie.link.width.current": "16"}
call = argv.Call(sys.argv[3:])
state = argv.State(sys.argv[2], "nvidia", {"power.limit": "350.00"})
options, _ = call.options({"--query-gpu": str, "--query-compute-apps": str, "--format": ["csv,noheader,nounits"], "--id": str,
                           "-q": None, "--power-limit": int, "--gpu-reset": None})
figures = dict(FIGURES, **state.value)
if options.get("--id", "0") != "0":
    print("No devices were found")
    sys.exit(6)
if "--query-gpu" in options:
    for field in options["--query-gpu"].split(","):
        if field not in figures:
            print(f'Field "{field}" is not a valid field to query.')
            sys.exit(2)
    print(", ".join(figures[f] for f in options["--query-gpu"].split(",")))
elif "--query-compute-apps" in options:
    print("4242, /usr/bin/python3, 1000, GPU-1")
elif "-q" in options:
    print("==============NVSMI LOG==============\nGPU 00000000:01:00.0\n    Product Name : Stand-in GPU")
elif "--power-limit" in options:
    if not 100 <= options["--power-limit"] <= 400:
        call.fail("Provided power limit is not a valid power limit which should be between 100.00 W and 400.00 W", 2)
    state.value["power.limit"] = f"{options['--power-limit']}.00"
    state.log(f"power limit {options['--power-limit']}")
    state.save()
elif "--gpu-reset" in options:
    state.log("reset")
    print("GPU 00000000:01:00.0 was successfully reset.\nAll done.")
else:
    call.usage("nothing to do")
