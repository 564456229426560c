#!/usr/bin/env python3
"""Writes the sample entry lines (entries_*.csv) beside this file: fictional imports in the layout of the ACE report ES-003.

Seeded, so that it writes the same bytes each time. The three files show the three date forms, "$" and commas, quoted fields,
dashed and plain entry numbers, HTS numbers with and without dots, ordinals of chapters 98 and 99, a byte order mark and CRLF.
"""
import csv
import random
from datetime import date, timedelta
from pathlib import Path

HEADER = ["Entry Summary Number", "Entry Summary Line Number", "Tariff Ordinal Number", "Entry Type Code", "Importer Number",
          "Importer Name", "Port of Entry Code", "Entry Date", "Entry Summary Date", "HTS Number - Full",
          "Line Tariff Goods Value Amount", "Line Tariff Duty Amount", "Country of Origin Code", "Country of Export Code",
          "Manufacturer ID", "Line SPI Code", "Line Tariff Quantity (1)", "Line Tariff UOM (1) Code", "Reconciliation Indicator",
          "Liquidation Date", "Liquidation Status", "Review Team Number", "Post Summary Correction Indicator"]
LAST_DAY = date(2025, 12, 19)


def check_digit(ten):
    """CBP Form 7501 instructions, appendix 1."""
    digits = [int(c) if c.isdigit() else int("12345678912345678923456789"[ord(c) - 65]) for c in ten]
    for i in range(1, 10, 2):
        digits[i] = digits[i] * 2 - (9 if digits[i] > 4 else 0)
    return -sum(digits) % 10


def serial(day):
    return str((day - date(1899, 12, 30)).days)


def american(day):
    return f"{day.month}/{day.day}/{day.year}"


def money(cents, american_style):
    return f"${cents // 100:,}.{cents % 100:02}" if american_style else f"{cents // 100}.{cents % 100:02}"


# company, seed, filer code, importer numbers, name, ports, entries, (HTS, unit, origin, duty in thousandths), date form, flags
FILES = [
    ("HARBORLIGHT", 1, "HL7", ["49-1000001AA", "49-1000001AB"], "Harborlight Home Goods, Inc.", ["2704", "2709"], 38,
     [("9403.60.8081", "NO", "VN", 0), ("9405.21.6010", "NO", "CN", 39), ("6302.31.9010", "KG", "IN", 67),
      ("7013.37.2010", "NO", "CN", 113), ("6911.10.3710", "DZ", "PT", 60)], american, {"dollars", "dashes"}),
    ("GRANITEBAY", 2, "G82", ["49-1000008AA", "49-1000008AC", "260101-00008"], "Granite Bay Outdoor Company", ["3001", "2704", "5301"], 64,
     [("6201401500", "DOZ", "VN", 277), ("6402191520", "PRS", "CN", 51), ("4202923131", "NO", "CN", 176),
      ("9506910030", "NO", "TW", 46), ("6307909891", "NO", "MX", 70)], date.isoformat, {"assembly"}),
    ("OSPREY", 3, "059", ["49-1000007AA"], "Osprey Lane Apparel, LLC", ["1401", "1601"], 31,
     [("6109100012", "DOZ", "HN", 165), ("6110202079", "DOZ", "VN", 165), ("6203424011", "DOZ", "CN", 166)], serial,
     {"windows", "dollars", "assembly"}),
]


def ordinals(rng, goods, cents, flags):
    """The tariff rows of one line: the goods, before them a chapter 99 or 98 number where one applies."""
    hts, _, origin, rate = goods
    if origin == "CN":
        repeats = cents if rng.random() < 0.5 else 0
        return [("9903.88.03" if "." in hts else "99038803", repeats, cents // 4), (hts, cents, cents * rate // 1000)]
    if "assembly" in flags and origin in ("MX", "HN") and rng.random() < 0.6:
        parts = cents * 6 // 10
        return [("98020080", parts, 0), (hts, cents - parts, (cents - parts) * rate // 1000)]
    return [(hts, cents, cents * rate // 1000)]


def rows_of(company, seed, filer, importers, name, ports, entries, goods_list, written, flags):
    rng = random.Random(seed)
    day = LAST_DAY - timedelta(days=entries * 6)
    for number in range(entries):
        day += timedelta(days=rng.randint(2, 6))
        ten = f"{filer}{4100000 + seed * 1000 + number * 7:07}"
        entry = f"{ten[:3]}-{ten[3:]}-{check_digit(ten)}" if "dashes" in flags else f"{ten}{check_digit(ten)}"
        importer, port = rng.choice(importers), rng.choice(ports)
        summary = min(day + timedelta(days=rng.randint(7, 12)), LAST_DAY)
        liquidated = day + timedelta(days=314)
        for line, goods in enumerate(rng.sample(goods_list, rng.randint(1, min(2, len(goods_list)))), 1):
            cents = rng.randint(90_000, 9_500_000)
            maker = f"{goods[2]}{rng.choice(['LIGWAY', 'TESMIL', 'SAMWOR'])}{rng.randint(1, 999)}XXX"
            for ordinal, (hts, value, duty) in enumerate(ordinals(rng, goods, cents, flags), 1):
                is_goods = not hts.startswith("99")
                yield [entry, f"{line:03}", ordinal, "01", importer, name, port, written(day), written(summary), hts,
                       money(value, "dollars" in flags), money(duty, "dollars" in flags), goods[2], goods[2], maker, "",
                       f"{rng.randint(20, 4000):,}" if is_goods else "", goods[1] if is_goods else "", "N",
                       written(liquidated) if liquidated <= LAST_DAY else "", "Liquidated" if liquidated <= LAST_DAY else "", "", "N"]


def main():
    for file in FILES:
        windows = "windows" in file[-1]
        path = Path(__file__).parent / f"entries_{file[0]}.csv"
        with path.open("w", encoding="utf-8-sig" if windows else "utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\r\n" if windows else "\n")
            writer.writerow(["Line Goods Value Amount" if windows and name == "Line Tariff Goods Value Amount" else name for name in HEADER])
            writer.writerows(rows_of(*file))


if __name__ == "__main__":
    main()
