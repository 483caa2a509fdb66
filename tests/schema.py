#!/usr/bin/env python3
"""Holds JSON Lines against a JSON Schema (draft 2020-12).

    schema.py SCHEMA.json <records      exit 0 when every line is valid; else the faults, exit 1
    schema.py --check SCHEMA.json ...   whether the schemas use only what is understood here

Knows the keywords that hl's schemas use and refuses all others, so that none is ignored in silence.
Stricter than JSON in what it reads: no member name twice, no NaN.
"""
import json
import os
import re
import sys

ANNOTATIONS = {"$schema", "$comment", "title", "description", "format", "$defs", "examples", "default"}


class Schema:
    def __init__(self, path):
        self.files = {}
        self.path = os.path.abspath(path)

    def load(self, path):
        if path not in self.files:
            with open(path, encoding="utf-8") as f:
                self.files[path] = json.load(f, object_pairs_hook=no_twins)
        return self.files[path]

    def resolve(self, ref, base):
        """The schema that ref names, and the file it is in."""
        name, _, pointer = ref.partition("#")
        path = os.path.join(os.path.dirname(base), name) if name else base
        found = self.load(path)
        for token in pointer.split("/")[1:]:
            found = found[token.replace("~1", "/").replace("~0", "~")]
        return found, path

    def faults(self, value, schema=None, base=None, at=""):
        """Yields "place: what is wrong"."""
        base = base or self.path
        schema = self.load(base) if schema is None else schema
        if schema is False:
            yield f"{at or '/'}: may not be there"
        if isinstance(schema, bool):
            return
        for keyword, argument in schema.items():
            if keyword in ANNOTATIONS or keyword in ("then", "else"):
                continue
            rule = RULES.get(keyword)
            if not rule:
                raise SystemExit(f"schema.py: {base}: keyword '{keyword}' is not known")
            yield from rule(self, value, argument, schema, base, at)

    def holds(self, value, schema, base, at):
        return not any(True for _ in self.faults(value, schema, base, at))


def no_twins(pairs):
    keys = [k for k, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a name twice in {keys}")
    return dict(pairs)


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def is_type(value, name):
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return {
        "null": value is None,
        "boolean": isinstance(value, bool),
        "string": isinstance(value, str),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
        "number": number,
        "integer": number and value == int(value) if number else False,
    }[name]


def same(a, b):
    """Equal as JSON: true is not 1."""
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def rule_type(s, value, names, schema, base, at):
    names = [names] if isinstance(names, str) else names
    if not any(is_type(value, n) for n in names):
        yield f"{at or '/'}: not {' or '.join(names)}"


def rule_enum(s, value, values, schema, base, at):
    if not any(same(value, v) for v in values):
        yield f"{at or '/'}: {json.dumps(value)} is not one of {json.dumps(values)}"


def rule_const(s, value, wanted, schema, base, at):
    yield from rule_enum(s, value, [wanted], schema, base, at)


def rule_required(s, value, names, schema, base, at):
    if isinstance(value, dict):
        for name in names:
            if name not in value:
                yield f"{at or '/'}: without '{name}'"


def rule_properties(s, value, members, schema, base, at):
    if isinstance(value, dict):
        for name, sub in members.items():
            if name in value:
                yield from s.faults(value[name], sub, base, f"{at}/{name}")


def rule_additional(s, value, sub, schema, base, at):
    if isinstance(value, dict):
        for name in value.keys() - schema.get("properties", {}).keys():
            yield from s.faults(value[name], sub, base, f"{at}/{name}")


def rule_items(s, value, sub, schema, base, at):
    if isinstance(value, list):
        for i, one in enumerate(value):
            yield from s.faults(one, sub, base, f"{at}/{i}")


def rule_pattern(s, value, pattern, schema, base, at):
    # In ECMA 262 a $ is the end of the text; in Python it may stand before a last newline.
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield f"{at or '/'}: {json.dumps(value)} does not match {pattern}"


def rule_minimum(s, value, least, schema, base, at):
    if is_type(value, "number") and value < least:
        yield f"{at or '/'}: {value} is less than {least}"


def sized(kind, length, too):
    def rule(s, value, limit, schema, base, at):
        if isinstance(value, kind) and too(len(value), limit):
            yield f"{at or '/'}: has {len(value)} {length}, the limit is {limit}"

    return rule


def rule_ref(s, value, ref, schema, base, at):
    sub, path = s.resolve(ref, base)
    yield from s.faults(value, sub, path, at)


def rule_any(s, value, subs, schema, base, at):
    if not any(s.holds(value, sub, base, at) for sub in subs):
        yield f"{at or '/'}: fits none of the {len(subs)} forms"


def rule_all(s, value, subs, schema, base, at):
    for sub in subs:
        yield from s.faults(value, sub, base, at)


def rule_if(s, value, condition, schema, base, at):
    branch = schema.get("then" if s.holds(value, condition, base, at) else "else", True)
    yield from s.faults(value, branch, base, at)


def less(a, b):
    return a < b


def more(a, b):
    return a > b


RULES = {
    "type": rule_type,
    "enum": rule_enum,
    "const": rule_const,
    "required": rule_required,
    "properties": rule_properties,
    "additionalProperties": rule_additional,
    "items": rule_items,
    "pattern": rule_pattern,
    "minimum": rule_minimum,
    "minLength": sized(str, "characters", less),
    "maxLength": sized(str, "characters", more),
    "minItems": sized(list, "elements", less),
    "maxItems": sized(list, "elements", more),
    "minProperties": sized(dict, "members", less),
    "$ref": rule_ref,
    "anyOf": rule_any,
    "allOf": rule_all,
    "if": rule_if,
}

SUBSCHEMAS = ("additionalProperties", "items", "if", "then", "else")


def check(s, schema, base):
    """Every keyword is known, every reference leads somewhere, every pattern compiles."""
    if isinstance(schema, bool):
        return
    for keyword, argument in schema.items():
        if keyword not in RULES and keyword not in ANNOTATIONS and keyword not in ("then", "else"):
            raise SystemExit(f"{base}: keyword '{keyword}' is not known")
        if keyword == "$ref":
            s.resolve(argument, base)
        elif keyword == "pattern":
            re.compile(argument)
        elif keyword in SUBSCHEMAS:
            check(s, argument, base)
        elif keyword in ("anyOf", "allOf"):
            for sub in argument:
                check(s, sub, base)
        elif keyword in ("properties", "$defs"):
            for sub in argument.values():
                check(s, sub, base)


def main():
    if sys.argv[1:2] == ["--check"]:
        for path in sys.argv[2:]:
            s = Schema(path)
            check(s, s.load(s.path), s.path)
        return 0
    if len(sys.argv) != 2:
        raise SystemExit("usage: schema.py SCHEMA.json <records\n       schema.py --check SCHEMA.json ...")
    s = Schema(sys.argv[1])
    bad = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            value = json.loads(line, object_pairs_hook=no_twins, parse_constant=no_constant)
        except ValueError as why:
            found = [f"/: {why}"]
        else:
            found = list(s.faults(value))
        for fault in found:
            print(f"line {number}: {fault}")
        bad += bool(found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
