"""The parts of the session's page, from left to right as the talk goes.

Each shows what an answer says, in the words, tables and charts of the reports; none of them computes
anything. Names reach the page escaped, or in elements that take text alone.
"""
