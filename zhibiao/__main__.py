"""`python -m zhibiao`: the command line without its script."""

from zhibiao.cli import main

if __name__ == "__main__":
    main()
