"""Everything `make bench` prints."""

from benchmarks import banking, console, identification, speed


def main() -> None:
    """Run all benchmarks one after the other."""
    identification.main()
    banking.main()
    console.main()
    speed.main()


if __name__ == "__main__":
    main()
