"""Ostermeer Coffee & Tea: an invented company whose causes are known."""
