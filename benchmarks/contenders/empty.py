"""A click command that does nothing: what a command line costs before it begins to work."""

import click


@click.command()
def main() -> None:
    """Do nothing."""


if __name__ == "__main__":
    main()
