"""How the house is reached: several doors, one event loop, one process, one app.

`listeners` runs the doors. On a network `ports` says which, `secure` keeps the certificate and renews it while it is shown, `hello` is
the page before that door, `addresses` and `names` are how it is found, and `lan` looks after all of these. `hosts` and `porch` decide who may come in.
"""
