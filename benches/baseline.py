"""Times Python's one-liners on the sample keys, round by round: python3 benches/baseline.py"""

import json
import platform
from pathlib import Path
from statistics import median
from timeit import Timer

ONE_LINERS = {
    "decode": "json.loads(bytes.fromhex(key))",
    "encode": "json.dumps(value, separators=(',', ':')).encode().hex()",
}
ROUNDS, TIMES = 401, 200
VECTORS = Path(__file__).parent.parent / "tests/vectors/valid"

cases = []
for kind in ("cluster", "volume"):
    key = (VECTORS / f"{kind}-canonical.key").read_text().strip()
    value = json.loads(bytes.fromhex(key))
    assert eval(ONE_LINERS["encode"]) == key
    for what, code in ONE_LINERS.items():
        timer = Timer(code, globals={"json": json, "key": key, "value": value})
        cases.append((f"{what}, {kind} key", code, timer, []))

for _ in range(ROUNDS):
    for _, _, timer, samples in cases:
        samples.append(timer.timeit(TIMES) / TIMES * 1e9)

for what, code, _, samples in cases:
    print(f"| {what} | Python {platform.python_version()}: `{code}` | {median(samples):.0f} |")
