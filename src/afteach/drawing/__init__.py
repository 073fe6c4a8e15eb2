"""The charts, one module each. Students meet them as afteach.charts."""
