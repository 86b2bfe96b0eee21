"""python -m beanscrow.cli"""

from beanscrow.cli import main

main(prog_name="beanscrow")
