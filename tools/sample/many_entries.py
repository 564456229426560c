#!/usr/bin/env python3
"""Writes many entry lines of one importer in the layout of the ACE report ES-003, and says what they add up to.

  tools/sample/many_entries.py --lines 1000000 --a-file 300000 --importer 49-1000002AA --name "Cedarfall Toys and Games, Inc." DIR

Seeded by their number, so that the same call writes the same bytes. Prints JSON: the files, the goods' value in cents and the number of
lines, a line being what the control total of a population counts: its tariff ordinals folded into one.
"""
import argparse
import json
import random
from pathlib import Path

from make_entries import HEADER, check_digit

GOODS = [("8471300100", "NO", "VN", ""), ("6109100012", "DOZ", "HN", "P+"), ("9403608081", "NO", "VN", ""), ("7013372010", "NO", "CN", ""),
         ("6302319010", "KG", "IN", ""), ("8708299000", "KG", "MX", "S"), ("4202923131", "NO", "CN", ""), ("8544300000", "NO", "KR", "KR")]


def rows_of(count, importer, name, sums=None):
    """Entries of up to 20 lines, each of one ordinal, or two where a chapter 99 number stands before it."""
    rng = random.Random(count)
    made = entry = 0
    while made < count:
        ten = f"BEN{1000000 + entry:07}"
        number = f"{ten}{check_digit(ten)}"
        entry += 1
        day = f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        for line in range(1, rng.randint(2, 20)):
            hts, unit, origin, spi = rng.choice(GOODS)
            cents, pieces = rng.randint(50_000, 5_000_000), rng.randint(1, 4000)
            ordinals = [(hts, cents, cents // 20)]
            if origin == "CN" and count - made > 1:
                ordinals.insert(0, ("99038803", 0, cents // 4))
            if sums is not None:
                sums["lines"] += 1
                sums["value_cents"] += cents
            for ordinal, (tariff, value, duty) in enumerate(ordinals, 1):
                made += 1
                yield (f"{number},{line:03},{ordinal},01,{importer},{name},2704,{day},{day},{tariff},{value / 100:.2f},"
                       f"{duty / 100:.2f},{origin},{origin},{origin}MAKER{rng.randint(1, 99)}XXX,{spi},{pieces},{unit},N,,,,N\n")
            if made == count:
                return


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--lines", type=int, default=20_000, help="rows of the files")
    options.add_argument("--a-file", type=int, default=300_000, help="at most so many rows in one file")
    options.add_argument("--importer", required=True)
    options.add_argument("--name", required=True)
    asked = options.parse_args()
    sums, files, out = {"lines": 0, "value_cents": 0}, [], None
    name = '"' + asked.name.replace('"', '""') + '"'
    for at, row in enumerate(rows_of(asked.lines, asked.importer, name, sums)):
        if at % asked.a_file == 0:
            if out:
                out.close()
            files.append(asked.folder / f"entries-{len(files) + 1}.csv")
            out = files[-1].open("w")
            out.write(",".join(HEADER) + "\n")
        out.write(row)
    out.close()
    print(json.dumps({"files": [str(file) for file in files], **sums}))


if __name__ == "__main__":
    main()
