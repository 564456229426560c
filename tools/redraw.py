#!/usr/bin/env python3
"""Draws a sample again from its bundle and says whether the list is the same. Standard library only.

    redraw.py BUNDLE        a folder or a zip that holds sample.json and population.csv

Exit 0: the same list. 1: different; the rows are named. 2: the bundle cannot be read.

How it is drawn. h(S,i) is SHA-256 over the UTF-8 bytes of the seed S, a comma, and i in decimal, read as a 256-bit number, most
significant byte first; pick(S,i,M) = h(S,i) mod M + 1, i = 1, 2, 3, … (R. L. Rivest, sampler of 2011-11-14). Rows are numbered 1…N in
the order of population.csv.
  simple      row pick(S,i,N); a row drawn before is skipped; until n are drawn.
  systematic  r = pick(S,1,N) - 1; rows floor((r + j*N) / n) + 1, j = 0…n-1; the counter is j + 1.
  stratified  strata 1…L by the bytes of their labels; stratum k as simple on its own rows with the seed "S:k".
  mus-*       rows of 0 or less are outside; rows of an interval J or more are certain (no hits, counter 0); the rest lie end to end, T cents.
              mus-interval: u = pick(S,1,J), units u, u+J, … up to T.   mus-cell: for k = 1…ceil(T/J) unit (k-1)*J + pick(S,k,J), none when
              beyond T. A row that holds a unit is in; the counter is that of its first unit.
Shares of strata: weights are N_k (proportional) or N_k times the standard deviation (neyman), this in units of 10^-12 cent, cut off.
"""
import csv
import hashlib
import io
import json
import math
import pathlib
import sys
import zipfile
from fractions import Fraction

FIRST, LAST = ["entry_number", "line"], ["stratum", "value_cents"]
METHODS = {
    "simple": {"n": int},
    "systematic": {"n": int},
    "stratified": {"n": int, "allocation": str, "min_per_stratum": int, "n_h": list},
    "mus-interval": {"interval_cents": int},
    "mus-cell": {"interval_cents": int},
}
WHOLE = {"format": str, "population": dict, "seed": str, "seed_at": str, "method": str, "parameters": dict, "drawn": list, "manual": list,
         "list": list}
POPULATION = {"rows": int, "sha256": str, "total_cents": int, "frozen_at": str}
DRAWN = {"row": int, "hits": int, "counter": int, "stratum": str}
MANUAL = {"row": int, "action": str, "reason": str, "by": str, "at": str}


class Unreadable(Exception):
    pass


def pick(seed, i, m):
    return int.from_bytes(hashlib.sha256(f"{seed},{i}".encode()).digest(), "big") % m + 1


def simple(seed, rows, n):
    """Places 1…rows in the order of draw, each with its counter."""
    drawn, i = {}, 0
    while len(drawn) < n:
        i += 1
        drawn.setdefault(pick(seed, i, rows), i)
    return list(drawn.items())


def share_out(n, sizes, weights, least):
    """How many of n each stratum gets, or None where n cannot be shared out so."""
    fixed, free = {}, list(range(len(sizes)))

    def quotas():
        rest = n - sum(fixed.values())
        all_weights = sum(weights[k] for k in free)
        return {k: Fraction(rest * weights[k], all_weights) if all_weights else Fraction(rest, len(free)) for k in free}

    def settle(met, size):
        while chosen := [k for k, quota in quotas().items() if met(k, quota)]:
            for k in chosen:
                fixed[k] = size(k)
                free.remove(k)

    settle(lambda k, quota: quota >= sizes[k], lambda k: sizes[k])
    settle(lambda k, quota: quota < least, lambda k: min(least, sizes[k]))
    shares = quotas()
    for k in free:
        fixed[k] = math.floor(shares[k])
    left = n - sum(fixed.values())
    for k in sorted(free, key=lambda k: (fixed[k] - shares[k], k))[:max(left, 0)]:
        fixed[k] += 1
    return [fixed[k] for k in range(len(sizes))] if sum(fixed.values()) == n else None


def neyman_weight(values):
    size = len(values)
    if size < 2:
        return 0
    spread = size * sum(value * value for value in values) - sum(values) ** 2  # size * (size - 1) * variance
    return math.isqrt(10**24 * size * spread // (size - 1))


def stratified(seed, population, p):
    members = {}
    for number, (label, _) in enumerate(population, 1):
        members.setdefault(label, []).append(number)
    strata = [members[label] for label in sorted(members, key=str.encode)]
    sizes = [len(rows) for rows in strata]
    if p["allocation"] == "proportional":
        weights = sizes
    elif p["allocation"] == "neyman":
        weights = [neyman_weight([population[row - 1][1] for row in rows]) for rows in strata]
    else:
        raise Unreadable(f'the allocation "{p["allocation"]}" is not known')
    shares = share_out(p["n"], sizes, weights, p["min_per_stratum"]) if 0 < p["n"] <= sum(sizes) else None
    if shares != p["n_h"]:
        return None, f"the shares of the strata are {shares}, not {p['n_h']}"
    return [(rows[place - 1], 1, counter)
            for k, (rows, n_k) in enumerate(zip(strata, shares), 1)
            for place, counter in simple(f"{seed}:{k}", len(rows), n_k)], None


def monetary_units(seed, population, interval, cell):
    rest = [(row, value) for row, (_, value) in enumerate(population, 1) if 0 < value < interval]
    total = sum(value for _, value in rest)
    if cell:
        units = [(k, (k - 1) * interval + pick(seed, k, interval)) for k in range(1, -(-total // interval) + 1)]
        units = [(k, unit) for k, unit in units if unit <= total]
    else:
        units = list(enumerate(range(pick(seed, 1, interval), total + 1, interval), 1))
    drawn = {row: (0, 0) for row, (_, value) in enumerate(population, 1) if value >= interval}
    end, at = 0, 0
    for row, value in rest:
        end += value
        hits = 0
        while at + hits < len(units) and units[at + hits][1] <= end:
            hits += 1
        if hits:
            drawn[row] = (hits, units[at][0])
        at += hits
    return [(row, *drawn[row]) for row in sorted(drawn)]


def redraw(sample, population):
    """The rows drawn as (row, hits, counter), or None and why there are none."""
    seed, method, p = sample["seed"], sample["method"], sample["parameters"]
    rows = len(population)
    if "interval_cents" in p:
        if p["interval_cents"] < 1:
            raise Unreadable("the interval is less than a cent")
        return monetary_units(seed, population, p["interval_cents"], method == "mus-cell"), None
    if not 0 < p["n"] <= rows:
        return None, f"{p['n']} of {rows} rows cannot be drawn"
    if method == "simple":
        return [(row, 1, counter) for row, counter in simple(seed, rows, p["n"])], None
    if method == "systematic":
        r = pick(seed, 1, rows) - 1
        return [((r + j * rows) // p["n"] + 1, 1, j + 1) for j in range(p["n"])], None
    return stratified(seed, population, p)


def checked(value, keys, where):
    if not isinstance(value, dict):
        raise Unreadable(f"{where} is not an object")
    for key in value:
        if key not in keys:
            raise Unreadable(f'{where} holds "{key}", which is not known')
    for key, kind in keys.items():
        if key not in value:
            raise Unreadable(f'{where} lacks "{key}"')
        if type(value[key]) is not kind:
            raise Unreadable(f'{where}: "{key}" is of the wrong kind')
    return value


def without_doubles(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise Unreadable("sample.json holds a key twice")
    return dict(pairs)


def read_sample(data):
    try:
        sample = json.loads(data.decode(), object_pairs_hook=without_doubles)
    except ValueError as fault:
        raise Unreadable(f"sample.json is not JSON: {fault}") from fault
    checked(sample, WHOLE, "sample.json")
    if sample["format"] != "tradecase-sample/1":
        raise Unreadable(f'the format "{sample["format"]}" is not known')
    checked(sample["population"], POPULATION, "population")
    if sample["method"] not in METHODS:
        raise Unreadable(f'the method "{sample["method"]}" is not known')
    checked(sample["parameters"], METHODS[sample["method"]], "parameters")
    for one in sample["drawn"]:
        checked(one, DRAWN, "a row drawn")
    for one in sample["manual"]:
        checked(one, MANUAL, "a manual change")
        if one["action"] not in ("add", "drop"):
            raise Unreadable(f'the action "{one["action"]}" is not known')
    for numbers in [sample["list"], sample["parameters"].get("n_h", [])]:
        if any(type(number) is not int for number in numbers):
            raise Unreadable("a list of numbers holds something else")
    return sample


def read_population(data):
    """Stratum and value by row; and what is wrong with the order."""
    population, last = [], None
    try:
        rows = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
        header = next(rows, [])
        if header[:2] != FIRST or header[-2:] != LAST:
            raise Unreadable("population.csv does not begin with its header")
        for row in rows:
            if len(row) != len(header):
                raise Unreadable(f"population.csv, line {rows.line_num}: {len(row)} fields instead of {len(header)}")
            place = (row[0].encode(), int(row[1]))
            if last is not None and place <= last:
                raise Unreadable(f"population.csv, line {rows.line_num}: the rows are not in order of entry number and line")
            last = place
            population.append((row[-2], int(row[-1])))
    except (ValueError, csv.Error) as fault:
        raise Unreadable(f"population.csv: {fault}") from fault
    return population


def read_bundle(path):
    names = ("sample.json", "population.csv")
    try:
        if path.is_dir():
            return [(path / name).read_bytes() for name in names]
        with zipfile.ZipFile(path) as bundle:
            return [bundle.read(name) for name in names]
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as fault:
        raise Unreadable(str(fault)) from fault


def differences(sample, population, data):
    told = sample["population"]
    found = {"rows": len(population), "sha256": hashlib.sha256(data).hexdigest(), "total_cents": sum(value for _, value in population)}
    for key, value in found.items():
        if told[key] != value:
            yield f"population: {key} is {value}, not {told[key]}"
    drawn, why = redraw(sample, population)
    if drawn is None:
        yield why
        return
    again = [dict(zip(DRAWN, (*one, population[one[0] - 1][0]))) for one in drawn]
    for at in range(max(len(again), len(sample["drawn"]))):
        mine = again[at] if at < len(again) else None
        theirs = sample["drawn"][at] if at < len(sample["drawn"]) else None
        if mine != theirs:
            yield f"drawn, place {at + 1}: {mine or 'nothing'}, not {theirs or 'nothing'}"
    rows = {one["row"] for one in again}
    for one in sample["manual"]:
        if not 1 <= one["row"] <= len(population):
            yield f"row {one['row']}: the population has {len(population)}"
        (rows.add if one["action"] == "add" else rows.discard)(one["row"])
    for row in sorted(rows.symmetric_difference(sample["list"])):
        yield f"list: row {row} is {'missing' if row in rows else 'too many'}"
    if sample["list"] != sorted(set(sample["list"])):
        yield "list: not in order, or a row twice"


def main():
    if len(sys.argv) != 2:
        print(__doc__.splitlines()[2].strip(), file=sys.stderr)
        return 2
    try:
        sample_bytes, population_bytes = read_bundle(pathlib.Path(sys.argv[1]))
        sample, population = read_sample(sample_bytes), read_population(population_bytes)
        found = list(differences(sample, population, population_bytes))
    except Unreadable as fault:
        print(f"The bundle cannot be read: {fault}", file=sys.stderr)
        return 2
    for one in found:
        print(one)
    print("Different." if found else f"The same list: {len(sample['list'])} rows.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
