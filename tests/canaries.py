"""Canaries: private texts that are found again wherever they come out, and however they are written there.

  canaries.py plant LIST <TEMPLATE     {{KIND}} and {{KIND:ENCODING}} become canaries, each another, noted in LIST
  canaries.py names COUNT              the names that policy and the inventory have to know
  canaries.py look LIST FILE...        says which canaries are in the files, as they are or encoded; exit 1 if any is
"""
import base64, json, re, string, sys, urllib.parse

WORD = "kanarie"


def luhn(n):
    digits = [int(c) for c in "4%014d" % n]
    total = sum(d if i % 2 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


def iban(n):
    bban = "37040044%010d" % n
    return "DE%02d%s" % (98 - int(bban + "131400") % 97, bban)


def filler(n, length):
    """Letters and digits that nobody else has."""
    alphabet = string.ascii_letters + string.digits
    return "".join(alphabet[(n * 7 + i * 13 + i * i) % 62] for i in range(length))


KINDS = {
    "token": lambda n: "gh" + "p_" + (WORD + "%04d" % n + filler(n, 36))[:36],
    "word": lambda n: "Zx9-" + WORD + "%04d" % n,  # beside a telling name
    "phrase": lambda n: "four words of " + WORD + "%04d" % n,
    "email": lambda n: WORD + "%04d@example.org" % n,
    "host": lambda n: WORD + "%04d.lan" % n,
    "user": lambda n: "/home/" + WORD + "%04d/x" % n,
    "ip": lambda n: "10.77.%d.%d" % (n // 200 + 1, n % 200 + 2),
    "ip6": lambda n: "2001:db8:77::%x" % (n + 0x1000),
    "mac": lambda n: "52:54:77:%02x:%02x:9e" % (n // 256, n % 256),
    "phone": lambda n: "+49 170 77%05d" % n,
    "card": lambda n: luhn(770000 + n),
    "iban": lambda n: iban(7700000 + n),
    "known": lambda n: WORD + "%04d" % n,  # a host of the inventory
    "person": lambda n: "Ada Kanarie%04d" % n,
    "badge": lambda n: "BDG-77%04d" % n,  # of a pattern in policy
}
ENCODINGS = {
    "": lambda s: s,
    "base64": lambda s: base64.b64encode(("it says " + s + " here").encode()).decode(),
    "url": lambda s: urllib.parse.quote(s, safe="").replace("a", "%61"),
    "u": lambda s: "".join("\\u%04x" % ord(c) for c in s),
    "json": lambda s: json.dumps(json.dumps({"name": "DB_PASS" + "WORD", "value": s}))[1:-1],
}


def plant(path):
    planted = []
    try:
        planted = [line.rstrip("\n") for line in open(path)]
    except FileNotFoundError:
        pass

    def one(m):
        said = KINDS[m[1]](len(planted))
        planted.append(said)
        return ENCODINGS[m[2] or ""](said)

    sys.stdout.write(re.sub(r"\{\{(\w+)(?::(\w+))?\}\}", one, sys.stdin.read()))
    with open(path, "w") as f:
        f.write("".join(p + "\n" for p in planted))


def values(v):
    if isinstance(v, dict):
        for k, one in v.items():
            yield k
            yield from values(one)
    elif isinstance(v, list):
        for one in v:
            yield from values(one)
    elif v is not None:
        yield str(v)


def readings(text, depth=4):
    """All that a text says to somebody who tries."""
    yield text
    if not depth:
        return
    for line in [text] + text.splitlines():
        try:
            tree = json.loads(line)
        except ValueError:
            continue
        if isinstance(tree, (dict, list)):
            for one in values(tree):
                yield from readings(one, depth - 1)
            break
    plain = urllib.parse.unquote(text)
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), plain)
    plain = re.sub(r'\\(["/\\])', r"\1", plain)
    if plain != text:
        yield from readings(plain, depth - 1)
    for run in re.findall(r"[A-Za-z0-9+/_-]{16,}", text):
        for skip in range(4):
            part = run[skip:].replace("-", "+").replace("_", "/")
            yield base64.b64decode(part[:len(part) // 4 * 4]).decode("latin-1")


# What the canaries of each kind have in common; of numbers, without what stands between their digits.
MARKS = [WORD, "words of", "10.77.", "2001:db8:77", "52:54:77", "bdg-77"]
NUMBERS = ["4917077", "4000000007", "370400440007"]


def mark_in(text):
    low = text.lower()
    digits = re.sub(r"[ ().-]", "", low)
    for mark, where in [(m, low) for m in MARKS] + [(m, digits) for m in NUMBERS]:
        if mark in where:
            at = where.index(mark)
            return where[max(0, at - 40):at + 60]
    return None


def look(path, files):
    planted, seen, found = len(open(path).readlines()), set(), set()
    for name in files:
        for line in open(name, errors="replace"):
            for text in readings(line.rstrip("\n")):
                hit = None if text in seen else mark_in(text)
                seen.add(text)
                if hit:
                    found.add("%s: ...%s..." % (name, hit))
    for one in sorted(found):
        print(one)
    print("%d planted, %d found" % (planted, len(found)))
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1] == "plant":
        plant(sys.argv[2])
    elif sys.argv[1] == "names":
        for i in range(int(sys.argv[2])):
            print(KINDS["known"](i))
    else:
        sys.exit(look(sys.argv[2], sys.argv[3:]))
