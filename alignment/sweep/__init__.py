"""The periodic pass over everything that is due: ordered steps, each unit
guarded, failures counted and stored.

Apps register their steps in `registry/sweep_steps.py`.
"""
