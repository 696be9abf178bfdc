"""Answers as charts: each a function of an answer, for the page, for pictures and for notebooks.

Charts are Altair's (Vega-Lite). A chart's title says its point, the subtitle how to read it, and its
description what someone hears who can't see it. Every figure in it stands in the answer; words and
rounding are those of the reports.
"""
