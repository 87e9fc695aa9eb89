"""``python -m tests.faults --runs N``: the long run; its table is that of docs/reliability.md."""

from __future__ import annotations

import argparse
import time

from tests.faults.campaign import campaign


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    start = time.perf_counter()
    counts, wrong = campaign(arguments.runs, arguments.seed)
    print("| 故障 | 次数 | 出错 |\n|---|---:|---:|")
    for kind, count in counts.items():
        print(f"| {kind} | {count} | {sum(told.startswith(kind) for told in wrong)} |")
    print(f"\n{arguments.runs} 次，种子 {arguments.seed},{time.perf_counter() - start:.0f} 秒")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
