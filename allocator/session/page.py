"""The script that Streamlit runs for each page that is open, anew at each change."""

from allocator.session.views.whole import show

show()
