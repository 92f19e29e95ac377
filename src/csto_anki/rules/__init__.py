"""A deck -> the problems in it, by the rules of `check`.

Each rule is one function, in a module named after what the rule is about. `examples.yaml` has two examples of each.
"""
