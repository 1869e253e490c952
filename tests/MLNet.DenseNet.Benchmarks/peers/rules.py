"""Makes tables whose labels go by rules, thresholds, steps, ratios and places, as tables of businesses do, and some that are smooth.

Usage: python3 rules.py FOLDER

Each file has one header line. A column is n:NAME (number) or c:NAME (category); the last column is the label. A missing value is an empty field.
"""

import math
import os
import random
import sys

FOLDER = sys.argv[1]


def draws(name):
    return random.Random(f"{name}-1")


def numbers(count):
    return [f"n:x{i}" for i in range(count)]


def write(name, columns, rows):
    with open(os.path.join(FOLDER, f"made-{name}.csv"), "w") as file:
        file.write(",".join(columns) + "\n")
        for row in rows:
            file.write(",".join("" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value) for value in row) + "\n")


def chance(r, probability, yes="yes", no="no"):
    return yes if r.random() < probability else no


def places(n):
    """Prices by where houses stand: sixty hills of many widths, most houses near one of them."""
    r = draws(f"places{n}")
    hills = [(r.random() * 10, r.random() * 10, math.exp(r.uniform(-2, 0.7)), r.gauss(0, 1)) for _ in range(60)]
    rows = []
    for _ in range(n):
        hill = hills[r.randrange(60)]
        x, y = (hill[0] + r.gauss(0, 0.5), hill[1] + r.gauss(0, 0.5)) if r.random() < 0.7 else (r.random() * 10, r.random() * 10)
        rooms, age, income = r.randint(1, 8), r.random() * 80, math.exp(r.gauss(1, 0.5))
        price = sum(height * math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * width * width)) for cx, cy, width, height in hills)
        price += 0.3 * math.log(income) * 2 + 0.1 * rooms - 0.005 * age + (0.5 if x + y < 8 else 0) + r.gauss(0, 0.25)
        rows.append([x, y, rooms, age, income, price])
    write(f"places-{n}", numbers(5) + ["n:label"], rows)


def tree(n, depth, classes):
    """A decision tree, one label in ten wrong, or noise beside its leaves."""
    r = draws(f"tree{n}{depth}{classes}")

    def grow(depth):
        if depth == 0:
            return r.random() < 0.5 if classes else r.gauss(0, 1)
        return (r.randrange(12), r.uniform(0.2, 0.8), grow(depth - 1), grow(depth - 1))

    root, rows = grow(depth), []
    for _ in range(n):
        x, node = [r.random() for _ in range(12)], root
        while isinstance(node, tuple):
            node = node[2] if x[node[0]] < node[1] else node[3]
        rows.append(x + [("yes" if (node if r.random() < 0.9 else not node) else "no") if classes else node + r.gauss(0, 0.4)])
    write(f"tree-{depth}-{'class' if classes else 'number'}-{n}", numbers(12) + ["c:label" if classes else "n:label"], rows)


def bits(n, count):
    """Any function of some of fifteen bits."""
    r = draws(f"bits{n}{count}")
    function, rows = [r.random() < 0.5 for _ in range(2**count)], []
    for _ in range(n):
        x = [r.randint(0, 1) for _ in range(15)]
        value = function[sum(x[i] << i for i in range(count))]
        rows.append(x + ["yes" if (value if r.random() < 0.92 else not value) else "no"])
    write(f"bits-{count}-{n}", numbers(15) + ["c:label"], rows)


def hours(n):
    """Bicycles lent in an hour: commuters on working days, others around noon."""
    r, rows = draws(f"hours{n}"), []
    for _ in range(n):
        hour, day, month = r.randrange(24), r.randrange(7), r.randint(1, 12)
        warmth = 10 - 12 * math.cos(month * math.pi / 6) + 5 * math.sin((hour - 9) * math.pi / 12) + r.gauss(0, 3)
        rain, holiday = r.random() < 0.2, r.random() < 0.04
        works = day < 5 and not holiday
        base = (3.5 * (hour in (7, 8)) + 3 * (hour in (17, 18)) + 1.2 * (9 <= hour <= 16)) if works else 2.2 * math.exp(-(((hour - 14) / 4) ** 2))
        mean = math.exp(1 + base * 0.6 + 0.03 * min(warmth, 25) - 0.05 * max(0, warmth - 28) - (0.7 if rain else 0) + (0.1 if month >= 6 else 0))
        rows.append([hour, day, month, warmth, int(rain), int(holiday), max(0, round(mean * (1 + r.gauss(0, 0.25))))])
    write(f"hours-{n}", numbers(6) + ["n:label"], rows)


def stamps(n):
    """A time in seconds as a single number, of which hour and day of the week count."""
    r, rows = draws(f"stamps{n}"), []
    for _ in range(n):
        seconds = r.random() * 86400 * 60
        hour, day, x = seconds / 3600 % 24, int(seconds / 86400) % 7, [r.gauss(0, 1) for _ in range(3)]
        value = 2 * math.sin(hour * math.pi / 12) + (1 if day >= 5 else 0) + seconds / 86400 / 60 + 0.5 * x[0] + x[1] * (x[2] > 0) + r.gauss(0, 0.4)
        rows.append([f"{int(seconds) + 1.7e9:.0f}"] + x + [value])
    write(f"stamps-{n}", numbers(4) + ["n:label"], rows)


def ratios(n):
    """Loans that go bad by what debts are of an income."""
    r, rows = draws(f"ratios{n}"), []
    for _ in range(n):
        income, debt, cost = math.exp(r.gauss(10, 0.8)), math.exp(r.gauss(8.5, 1.2)), math.exp(r.gauss(8, 0.7))
        age, late = r.randint(18, 80), min(9, int(r.expovariate(1.2)))
        logit = -2 + 4 * ((debt + cost) / income > 0.6) + 1.5 * (late >= 2) - 0.02 * (age - 40) + (1 if debt / income > 0.15 and late > 0 else 0)
        rows.append([income, debt, cost, age, late, r.gauss(0, 1), r.gauss(0, 1), chance(r, 1 / (1 + math.exp(-logit)), "bad", "good")])
    write(f"ratios-{n}", numbers(7) + ["c:label"], rows)


def fraud(n):
    """One payment in a hundred, by four rules."""
    r, rows = draws(f"fraud{n}"), []
    for _ in range(n):
        amount, hour, country, new = math.exp(r.gauss(3.5, 1.3)), r.randrange(24), r.choice("ABCDEFGHIJ"), r.random() < 0.2
        count, distance = int(r.expovariate(0.5)), math.exp(r.gauss(2, 1.5))
        probability = 0.15 if amount > 200 and hour < 6 else 0.0015
        if country in "HJ" and new:
            probability = max(probability, 0.06)
        if count > 6 and distance > 50:
            probability = max(probability, 0.25)
        if amount < 2 and count > 4:
            probability = max(probability, 0.1)
        rows.append([amount, hour, country, int(new), count, distance, chance(r, probability, "fraud", "fine")])
    write(f"fraud-{n}", ["n:amount", "n:hour", "c:country", "n:new", "n:count", "n:distance", "c:label"], rows)


def extremes(n):
    """The largest of four, less the smallest of four, and a distance."""
    r, rows = draws(f"max{n}"), []
    for _ in range(n):
        x = [r.random() for _ in range(10)]
        rows.append(x + [max(x[:4]) - min(x[3:7]) + abs(x[7] - x[8]) + r.gauss(0, 0.05)])
    write(f"extremes-{n}", numbers(10) + ["n:label"], rows)


def survey(n):
    """Forty answers from 1 to 5, some missing, of four traits."""
    r = draws(f"survey{n}")
    loads, rows = [[r.gauss(0, 1) * (r.random() < 0.4) for _ in range(4)] for _ in range(40)], []
    for _ in range(n):
        traits = [r.gauss(0, 1) for _ in range(4)]
        answers = [max(1, min(5, round(3 + sum(a * b for a, b in zip(loads[i], traits)) + r.gauss(0, 1)))) for i in range(40)]
        value = 1.5 * traits[0] - traits[1] + traits[2] * traits[3]
        rows.append([None if r.random() < 0.04 else answer for answer in answers] + ["high" if value + r.gauss(0, 0.5) > 0.5 else "mid" if value > -1 else "low"])
    write(f"survey-{n}", numbers(40) + ["c:label"], rows)


def sensors(n):
    """Six sensors that go together, of which one may be off."""
    r, rows = draws(f"sensors{n}"), []
    for _ in range(n):
        level = r.gauss(0, 1)
        x = [level + r.gauss(0, 0.3) if i < 6 else r.gauss(0, 1) for i in range(30)]
        is_off = r.random() < 0.15
        if is_off:
            i = r.randrange(6)
            x[i] += r.choice([-1, 1]) * r.uniform(0.6, 1.6)
        rows.append(x + ["fault" if is_off else "ok"])
    write(f"sensors-{n}", numbers(30) + ["c:label"], rows)


def pairs(n):
    """Twenty pairs of thresholds that add something where both are passed."""
    r = draws(f"pairs{n}")
    thresholds, rows = [(r.randrange(10), r.randrange(10), r.uniform(0.2, 0.8), r.uniform(0.2, 0.8), r.gauss(0, 1)) for _ in range(20)], []
    for _ in range(n):
        x = [r.random() for _ in range(10)]
        rows.append(x + [sum(height for a, b, s, t, height in thresholds if x[a] > s and x[b] > t) + r.gauss(0, 0.3)])
    write(f"pairs-{n}", numbers(10) + ["n:label"], rows)


def zips(n):
    """Nine hundred codes of places, each with a value of its own and one of its region."""
    r = draws(f"zips{n}")
    codes = sorted(r.sample(range(10000, 99999), 900))
    own, rows = {code: r.gauss(0, 1) for code in codes}, []
    region = {code // 10000: r.gauss(0, 0.7) for code in codes}
    for _ in range(n):
        code, x = r.choice(codes), [r.gauss(0, 1) for _ in range(5)]
        rows.append([code] + x + [own[code] + region[code // 10000] + x[0] + 0.5 * x[1] * x[2] + r.gauss(0, 0.7)])
    write(f"zips-{n}", numbers(6) + ["n:label"], rows)


def steps(n):
    """Eight numbers with seven steps each."""
    r = draws(f"steps{n}")
    functions, rows = [], []
    for _ in range(8):
        cuts = sorted(r.gauss(0, 1) for _ in range(7))
        functions.append((cuts, [r.gauss(0, 1) for _ in range(8)]))
    for _ in range(n):
        x = [r.gauss(0, 1) for _ in range(12)]
        rows.append(x + [sum(levels[sum(value > cut for cut in cuts)] for (cuts, levels), value in zip(functions, x)) + r.gauss(0, 1)])
    write(f"steps-{n}", numbers(12) + ["n:label"], rows)


def rules(n, classes):
    """The first of twelve rules that holds."""
    r = draws(f"rules{n}{classes}")
    of, rows = [[(r.randrange(15), r.uniform(0.25, 0.75), r.random() < 0.5) for _ in range(3)] + [r.randrange(classes)] for _ in range(12)], []
    for _ in range(n):
        x, label = [r.random() for _ in range(15)], 0
        for rule in of:
            if all((x[i] > cut) == side for i, cut, side in rule[:3]):
                label = rule[3]
                break
        if r.random() < 0.08:
            label = r.randrange(classes)
        rows.append(x + [f"k{label}"])
    write(f"rules-{classes}-{n}", numbers(15) + ["c:label"], rows)


def many(kind, columns, classes=False):
    """Four of many columns tell something."""
    r, rows = random.Random(f"many-{kind}{'-class' if classes else ''}-{columns}"), []
    for _ in range(2000):
        x = [r.gauss(0, 1) for _ in range(columns)]
        if kind == "inter":
            value = x[0] * x[1] + 2 * math.sin(x[2]) + x[3]
        elif kind == "add":
            value = 2 * math.sin(2 * x[0]) + abs(x[1]) + x[2] + (x[3] > 0)
        else:
            value = 2 * (x[0] > 0.5) + 2 * (x[1] > -0.3) * (x[2] > 0) + (x[3] > 0.8) - (2.2 if classes else 0)
        value += 0.5 * r.gauss(0, 1)
        rows.append([f"{number:.5g}" for number in x] + [("yes" if value > 0 else "no") if classes else value])
    write(f"many-{kind}-{'class-' if classes else ''}{columns}", numbers(columns) + ["c:label" if classes else "n:label"], rows)


def chessboard(n, number):
    """Sixty-four fields, of which neither number tells anything by itself, and a third number that tells nothing."""
    r, rows = random.Random(f"{n}-{number}"), []
    for _ in range(n):
        x, y, z = r.random() * 8, r.random() * 8, r.random()
        rows.append([f"{x:.5f}", f"{y:.5f}", f"{z:.5f}", "a" if (int(x) + int(y)) % 2 else "b"])
    write(f"chess-{n}-{number}", ["n:x", "n:y", "n:z", "c:label"], rows)


os.makedirs(FOLDER, exist_ok=True)
for n in (3000, 20000):
    places(n)
for depth in (3, 5, 7):
    tree(5000, depth, True)
    tree(5000, depth, False)
tree(1000, 4, True)
tree(20000, 7, False)
bits(1000, 4)
bits(5000, 6)
for n in (2000, 12000):
    hours(n)
stamps(5000)
for n in (1000, 8000):
    ratios(n)
for n in (5000, 20000):
    fraud(n)
for n in (1000, 6000):
    extremes(n)
    steps(n)
survey(1200)
for n in (1500, 6000):
    sensors(n)
for n in (1000, 8000):
    pairs(n)
zips(15000)
rules(2000, 4)
rules(10000, 6)
for columns in (50, 100, 200, 300):
    for kind in ("inter", "add", "step"):
        many(kind, columns)
for columns in (100, 300):
    for kind in ("inter", "step"):
        many(kind, columns, classes=True)
for n in (1000, 2000, 3000):
    for number in (1, 2, 3):
        chessboard(n, number)
