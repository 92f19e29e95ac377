"""A click command that does nothing: the cost of a command line before it begins to work."""

import click


@click.command()
def main() -> None:
    """Do nothing."""


if __name__ == "__main__":
    main()
