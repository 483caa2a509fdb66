# The command line of a stand-in, checked strictly: an option or an operand that the real program does not
# document, or one too many, is a usage error with a status of its own, and the test fails.
#
#	call = argv.Call(sys.argv[3:], usage_status=2)
#	options, names = call.options({"-H": None, "-o": str, "--tail": int}, operands=(0, 1))
import json, os, sys


class Call:
    """What was called, and the state that is kept between calls in one JSON file."""

    def __init__(self, words, usage_status=2):
        self.words, self.usage_status = list(words), usage_status

    def fail(self, text, status=1):
        print(text, file=sys.stderr)
        sys.exit(status)

    def usage(self, text):
        self.fail(f"usage: {text}", self.usage_status)

    def verb(self, known):
        """Takes a word off the front that is one of those known."""
        if not self.words or self.words[0] not in known:
            self.usage(f"not one of {', '.join(known)}: {self.words[:1]}")
        return self.words.pop(0)

    def options(self, known, operands=(0, 0), dashes=True):
        """Options anywhere before a "--", in the forms -o V, -oV, -Hp, --opt V, --opt=V; the operands."""
        found, names, words = {}, [], list(self.words)
        while words:
            word = words.pop(0)
            if word == "--" and dashes:
                names += words
                break
            if not word.startswith("-") or word == "-":
                names.append(word)
                continue
            name, equals, value = word.partition("=")
            if name not in known and not word.startswith("--") and word[:2] in known:  # a cluster, or a value glued on
                name, equals, value = word[:2], "", word[2:]
                if value and known[name] is None:
                    words.insert(0, "-" + value)
                    value = ""
                elif value:
                    equals = "="
            if name not in known:
                self.usage(f"unknown option {word}")
            if known[name] is None:
                if equals:
                    self.usage(f"{name} takes no value")
                found[name] = True
                continue
            if not equals:
                if not words:
                    self.usage(f"{name} needs a value")
                value = words.pop(0)
            try:
                found[name] = self.value(known[name], value)
            except ValueError:
                self.usage(f"{name}: wrong value {value!r}")
        if not operands[0] <= len(names) <= operands[1]:
            self.usage(f"{operands[0]} to {operands[1]} operands, not {names}")
        return found, names

    @staticmethod
    def value(kind, text):
        if isinstance(kind, (list, tuple, set)):
            if text not in kind:
                raise ValueError
            return text
        if kind is bool:
            return {"true": True, "false": False}[text] if text in ("true", "false") else int("x")
        return kind(text)


class State:
    """A JSON object in a file; made with the defaults at first."""

    def __init__(self, folder, name, default):
        os.makedirs(folder, exist_ok=True)
        self.path = os.path.join(folder, name + ".json")
        self.log_path = os.path.join(folder, "log")
        self.value = json.load(open(self.path)) if os.path.exists(self.path) else default

    def save(self):
        with open(self.path, "w") as f:
            json.dump(self.value, f)

    def log(self, text):
        with open(self.log_path, "a") as f:
            f.write(text + "\n")
